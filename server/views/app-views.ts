import type { Contest, CustomerAnswer, NotConnectedAnswer, PaymentAnswer } from '#shared/contract/app.ts';
import { hasFactsOf } from '#server/store/connected.ts';
import type { Merchant } from '#server/store/merchants.ts';
import type { Scope } from '#server/store/scope.ts';
import { paymentsOf } from '#server/store/payments.ts';
import type { Store } from '#server/store/store.ts';
import { latestContest } from './contests.ts';
import { customerView } from './customer-view.ts';
import { paymentView } from './payment-view.ts';

/** Whatever the extension asks about, these are the ways in which a merchant may not be ready for it. */
type Connected = { readonly contest: Contest } | { readonly answer: NotConnectedAnswer };

/** What the Dashboard extension is shown: derived numbers and their reasons, put into the shapes of its contract. */
export function createAppViews(store: Store) {
  return {
    payment: async (merchant: Merchant, object: string, now: number): Promise<PaymentAnswer> => {
      const scope = store.of(merchant.id);
      const connected = await connectedOf(scope);
      if ('answer' in connected) return connected.answer;
      const [payment] = await paymentsOf(scope, [object]);
      if (payment === undefined) return { state: 'unknown' };
      const livemode = merchant.mode === 'live';
      return paymentView({ store, scope, livemode, now, contest: connected.contest }, payment);
    },
    customer: async (merchant: Merchant, object: string, now: number): Promise<CustomerAnswer> => {
      const scope = store.of(merchant.id);
      const connected = await connectedOf(scope);
      if ('answer' in connected) return connected.answer;
      const livemode = merchant.mode === 'live';
      return customerView({ store, scope, livemode, now, contest: connected.contest }, object);
    },
  };
}

async function connectedOf(scope: Scope): Promise<Connected> {
  const contest = await latestContest(scope);
  if (contest === null) return { answer: { state: 'not_connected', missing: 'contest' } };
  if (!(await hasFactsOf(scope, 'stripe'))) return { answer: { state: 'not_connected', missing: 'events' } };
  return { contest };
}
