import { type Foreign, idOf, isForeign, textOf } from './foreign.ts';
import type { Reading, Unreadable } from './reading.ts';

/** Reads a Stripe event, whatever its type and API version. */
export function readStripeEvent(event: Foreign): Reading | Unreadable {
  const data = event['data'];
  const object = isForeign(data) ? data['object'] : undefined;
  if (!isForeign(object)) return { unreadable: 'no_object' };
  const kind = textOf(object['object']);
  if (kind === null) return { unreadable: 'object_without_kind' };
  return {
    about: 'other',
    object: kind,
    id: textOf(object['id']),
    customer: kind === 'customer' ? textOf(object['id']) : idOf(object['customer']),
    address: addressOf(kind, object),
  };
}

function addressOf(kind: string, object: Foreign): string | null {
  if (kind === 'customer') return textOf(object['email']);
  const details = object['customer_details'];
  const billing = object['billing_details'];
  return (
    (isForeign(details) ? textOf(details['email']) : null) ??
    textOf(object['customer_email']) ??
    (isForeign(billing) ? textOf(billing['email']) : null) ??
    textOf(object['receipt_email'])
  );
}
