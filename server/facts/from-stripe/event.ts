import { type Foreign, idOf, isForeign, textOf } from '../foreign.ts';
import type { OtherReading, Reading, Unreadable } from '#shared/reading.ts';
import { readCharge } from './charge.ts';
import { readPaymentIntent } from './payment-intent.ts';
import { readSession } from './session.ts';

/** Which object an event speaks of decides who reads it. Adding a reader is one line and one file. */
const READERS: Readonly<Record<string, (type: string, object: Foreign) => Reading | Unreadable | null>> = {
  'checkout.session.completed': readSession,
  'checkout.session.async_payment_succeeded': readSession,
  'checkout.session.async_payment_failed': readSession,
  'payment_intent.succeeded': readPaymentIntent,
  'payment_intent.payment_failed': readPaymentIntent,
  'charge.succeeded': readCharge,
  'charge.captured': readCharge,
  'charge.failed': readCharge,
};

/** Reads a Stripe event, whatever its type and API version. A type that nobody reads is kept, and changes nothing. */
export function readStripeEvent(event: Foreign): Reading | Unreadable {
  const data = event['data'];
  const object = isForeign(data) ? data['object'] : undefined;
  if (!isForeign(object)) return { unreadable: 'no_object' };
  const kind = textOf(object['object']);
  if (kind === null) return { unreadable: 'object_without_kind' };
  const read = READERS[textOf(event['type']) ?? ''];
  return read?.(textOf(event['type']) ?? '', object) ?? readOther(kind, object);
}

function readOther(kind: string, object: Foreign): OtherReading {
  return {
    about: 'other',
    object: kind,
    id: textOf(object['id']),
    customer: kind === 'customer' ? textOf(object['id']) : idOf(object['customer']),
    address: kind === 'customer' ? textOf(object['email']) : textOf(object['customer_email']),
  };
}
