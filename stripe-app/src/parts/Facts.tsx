import { List, ListItem } from '@stripe/ui-extension-sdk/ui';
import type { Fact } from '../contract/app.gen';
import { type Format, isolate, plural, useFormat } from './format';

/** Events by what happened; one that isn't here is told by its type. */
const HAPPENED: Record<string, string> = {
  'checkout.session.completed': 'Checkout finished',
  'checkout.session.async_payment_succeeded': 'Delayed payment arrived',
  'checkout.session.async_payment_failed': 'Delayed payment failed',
  'payment_intent.succeeded': 'Payment succeeded',
  'payment_intent.payment_failed': 'Payment failed',
  'charge.succeeded': 'Charge succeeded',
  'charge.captured': 'Charge captured',
  'charge.failed': 'Charge failed',
  'charge.refunded': 'Charge refunded',
  'refund.created': 'Refund created',
  'refund.updated': 'Refund updated',
  'refund.failed': 'Refund failed',
  'charge.dispute.created': 'Dispute opened',
  'charge.dispute.closed': 'Dispute closed',
  'invoice.paid': 'Invoice paid',
  'invoice_payment.paid': 'Invoice payment made',
  'customer.subscription.created': 'Subscription started',
  'customer.subscription.updated': 'Subscription changed',
  'customer.created': 'Customer created',
  purchase: 'Your store reported the purchase',
  'purchase.refund': 'Refund',
  'orders/paid': 'Shopify reported the order',
  click: 'Link clicked',
  lead: 'Lead reported',
  override: 'You set the referrer',
};

/** In a narrow drawer a type breaks after a dot, not inside a word. */
const breakable = (type: string) => type.replace(/\./g, '.\u200b');

const onlyStripe = (facts: Fact[]) => facts.every(({ source }) => source === 'stripe');

export const factsQuestion = (facts: Fact[]) => (onlyStripe(facts) ? 'What did Stripe tell us?' : 'What were we told?');

/** "3 events on Nov 10, 2:02 PM". */
export function factsInShort(facts: Fact[], format: Format): string {
  const first = facts[0];
  const last = facts[facts.length - 1];
  if (!first || !last) return 'Nothing yet';
  const count = onlyStripe(facts) ? plural(facts.length, 'event') : plural(facts.length, 'message');
  const times = [format.moment(first.at), format.moment(last.at)];
  if (times[0] === times[1]) return `${count} on ${times[0]}`;
  const days = [format.day(first.at), format.day(last.at)];
  return days[0] === days[1] ? `${count} on ${days[0]}` : `${count}, ${days[0]} to ${days[1]}`;
}

export function Facts({ facts }: { facts: Fact[] }) {
  const format = useFormat();
  return (
    <List>
      {facts.map((fact) => (
        <ListItem
          key={fact.id}
          title={HAPPENED[fact.type] ?? isolate(fact.type)}
          secondaryTitle={HAPPENED[fact.type] && fact.source === 'stripe' ? breakable(fact.type) : undefined}
          value={format.moment(fact.at)}
        />
      ))}
    </List>
  );
}
