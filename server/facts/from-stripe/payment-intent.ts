import { externalIdOf, metadataClues } from '../clues.ts';
import { amountOf, type Foreign, idOf, isNoAmount, objectOf, present, textOf, timeOf } from '../foreign.ts';
import type { PaymentReading, Unreadable } from '#shared/reading.ts';

/** What Stripe calls the payments that its invoices make; they say so in the description and no longer which invoice. */
const OF_AN_INVOICE = /^(Payment for Invoice|Subscription (creation|update))\b/;

export const isOfUnnamedInvoice = (object: Foreign): boolean =>
  idOf(object['invoice']) === null && OF_AN_INVOICE.test(textOf(object['description']) ?? '');

export function readPaymentIntent(type: string, intent: Foreign): PaymentReading | Unreadable {
  const id = textOf(intent['id']);
  const currency = textOf(intent['currency'])?.toLowerCase() ?? null;
  if (id === null || currency === null) return { unreadable: 'intent_without_id_or_currency' };
  if (isNoAmount(intent['amount_received'] ?? intent['amount'])) return { unreadable: 'amount_out_of_range' };
  const received = amountOf(intent['amount_received']) ?? amountOf(intent['amount']) ?? 0;
  const metadata = objectOf(intent['metadata']);
  return {
    about: 'payment',
    teller: 'intent',
    aliases: present([id, idOf(intent['invoice']), idOf(intent['latest_charge'])]),
    contest: null,
    state: type === 'payment_intent.succeeded' ? 'paid' : 'unpaid',
    amount: received,
    currency,
    total: received,
    tax: 0,
    shipping: 0,
    tips: amountOf(objectOf(objectOf(intent['amount_details'])['tip'])['amount']) ?? 0,
    isSubscription: false,
    needsInvoice: isOfUnnamedInvoice(intent),
    committedAt: timeOf(intent['created']),
    customer: idOf(intent['customer']) ?? textOf(intent['customer_account']),
    externalId: externalIdOf(metadata),
    address: textOf(intent['receipt_email']),
    clues: metadataClues(metadata, 'payment_intent'),
  };
}
