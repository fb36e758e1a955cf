import { externalIdOf, metadataClues } from '../clues.ts';
import { amountOf, type Foreign, idOf, isNoAmount, objectOf, present, textOf, timeOf } from '../foreign.ts';
import type { PaymentReading, Unreadable } from '#shared/reading.ts';
import { isOfUnnamedInvoice } from './payment-intent.ts';

/** A charge that was not captured is an authorisation: no money. One with a source transfer moves between accounts. */
export function readCharge(type: string, charge: Foreign): PaymentReading | Unreadable | null {
  if (charge['source_transfer'] !== null && charge['source_transfer'] !== undefined) return null;
  const id = textOf(charge['id']);
  const currency = textOf(charge['currency'])?.toLowerCase() ?? null;
  if (id === null || currency === null) return { unreadable: 'charge_without_id_or_currency' };
  if (isNoAmount(charge['amount_captured'] ?? charge['amount'])) return { unreadable: 'amount_out_of_range' };
  const received = amountOf(charge['amount_captured']) ?? amountOf(charge['amount']) ?? 0;
  const isCaptured = charge['captured'] !== false;
  const metadata = objectOf(charge['metadata']);
  return {
    about: 'payment',
    teller: 'charge',
    aliases: present([id, idOf(charge['invoice']), idOf(charge['payment_intent'])]),
    contest: null,
    state: type === 'charge.failed' ? 'failed' : isCaptured ? 'paid' : 'unpaid',
    amount: received,
    currency,
    total: received,
    tax: 0,
    shipping: 0,
    tips: 0,
    isSubscription: false,
    needsInvoice: isOfUnnamedInvoice(charge),
    committedAt: timeOf(charge['created']),
    customer: idOf(charge['customer']) ?? textOf(charge['customer_account']),
    externalId: externalIdOf(metadata),
    address: textOf(objectOf(charge['billing_details'])['email']) ?? textOf(charge['receipt_email']),
    clues: metadataClues(metadata, 'charge'),
  };
}
