import { externalIdOf, metadataClues, referenceClues } from '../clues.ts';
import { amountOf, type Foreign, idOf, isForeign, isNoAmount, objectOf, present, textOf, timeOf } from '../foreign.ts';
import type { PaymentReading, Unreadable } from '#shared/reading.ts';

/** A Checkout session. The type of the event is believed before the status inside it. */
export function readSession(type: string, session: Foreign): PaymentReading | Unreadable | null {
  if (session['mode'] === 'setup') return null;
  const id = textOf(session['id']);
  if (id === null) return { unreadable: 'session_without_id' };
  if (isNoAmount(session['amount_total'])) return { unreadable: 'amount_out_of_range' };
  const state = stateOf(type, session);
  const total = amountOf(session['amount_total']) ?? 0;
  const money = moneyOf(session, total);
  if (money === null && state !== 'zero') return { unreadable: 'session_without_currency' };
  const details = objectOf(session['total_details']);
  const metadata = objectOf(session['metadata']);
  const buyer = objectOf(session['customer_details']);
  return {
    about: 'payment',
    teller: 'session',
    aliases: present([id, idOf(session['invoice']), idOf(session['payment_intent'])]),
    contest: null,
    state,
    amount: money?.amount ?? 0,
    currency: money?.currency ?? 'usd',
    total,
    tax: amountOf(details['amount_tax']) ?? 0,
    shipping: amountOf(details['amount_shipping']) ?? 0,
    tips: 0,
    isSubscription: session['mode'] === 'subscription',
    needsInvoice: false,
    committedAt: timeOf(session['created']),
    customer: idOf(session['customer']) ?? textOf(session['customer_account']),
    externalId: externalIdOf(metadata),
    address: textOf(buyer['email']) ?? textOf(session['customer_email']),
    clues: [...referenceClues(session['client_reference_id'], 'session'), ...metadataClues(metadata, 'session')],
  };
}

function stateOf(type: string, session: Foreign): PaymentReading['state'] {
  if (type === 'checkout.session.async_payment_succeeded') return 'paid';
  if (type === 'checkout.session.async_payment_failed') return 'failed';
  if (session['payment_status'] === 'no_payment_required') return 'zero';
  return session['payment_status'] === 'paid' ? 'paid' : 'unpaid';
}

/** Before 2025-03-31 a session could carry the buyer's currency; what the merchant gets stands in the conversion's source. */
function moneyOf(session: Foreign, total: number): { amount: number; currency: string } | null {
  const conversion = session['currency_conversion'];
  const source = isForeign(conversion) ? textOf(conversion['source_currency']) : null;
  const converted = isForeign(conversion) ? amountOf(conversion['amount_total']) : null;
  if (source !== null && converted !== null) return { amount: converted, currency: source.toLowerCase() };
  const currency = textOf(session['currency']);
  return currency === null ? null : { amount: total, currency: currency.toLowerCase() };
}
