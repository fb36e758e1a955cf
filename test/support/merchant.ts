import type { Answer, Asked, Backend } from './backend.ts';
import { type StripeEvent, stripeEvent } from './stripe.ts';

type Fields = Readonly<Record<string, unknown>>;
type Json = ReturnType<typeof JSON.parse>;

/** A merchant with a key and a contest, and the ways in which its money is told. */
export interface MerchantAtWork {
  readonly key: string;
  readonly account: string;
  readonly contest: Json;
  readonly secret: string;
  api(method: NonNullable<Asked['method']>, path: string, body?: unknown): Promise<Answer>;
  /** Waits until everything told has been worked through. */
  settle(): Promise<void>;
  enrol(fields: Fields): Promise<Json>;
  click(code: string, fields?: Fields): Promise<string>;
  stripe(type: string, object: Fields, event?: Fields): Promise<StripeEvent>;
  purchase(
    fields: Fields,
    options?: { readonly query?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>;
  refund(fields: Fields): Promise<Answer>;
  payment(alias: string): Promise<Json>;
  explain(payment: Json): Promise<Json>;
  ledger(query?: string): Promise<Json[]>;
}

export const POINT_PER_DOLLAR = { kind: 'points', value: 1, per: { amount: 100, currency: 'usd' } };

/** The rules of the documents: a point per dollar for each side, and 20 % for who referred. */
export const RULES = [
  { on: 'payment', to: 'buyer', give: POINT_PER_DOLLAR },
  { on: 'payment', to: 'referrer', give: POINT_PER_DOLLAR },
  { on: 'payment', to: 'referrer', give: { kind: 'commission', percent: 20 } },
];

export async function merchantAtWork(
  backend: Backend,
  account: string,
  { mode = 'test', contest = {} }: { readonly mode?: 'live' | 'test'; readonly contest?: Fields } = {},
): Promise<MerchantAtWork> {
  const key = await backend.key(account, mode);
  const api: MerchantAtWork['api'] = (method, path, body) => backend.api(key, method, path, body);
  const made = await api('POST', '/api/v1/contests', { name: `Contest of ${account}`, rules: RULES, ...contest });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  const { id, tracking } = made.body.data;
  const settle = async () => {
    const { data } = (await api('POST', '/api/v1/settle', {})).body;
    expect(data).toEqual({ settled: true, pending: 0 });
  };
  return {
    key,
    account,
    contest: made.body.data,
    secret: tracking.purchaseSecret,
    api,
    settle,
    enrol: async (fields) => (await api('POST', `/api/v1/contests/${id}/participants`, fields)).body.data,
    click: async (code, fields = {}) =>
      (await api('POST', `/api/v1/contests/${id}/clicks`, { code, ...fields })).body.data.click,
    stripe: async (type, object, event = {}) => {
      const told = stripeEvent({ account, livemode: mode === 'live', type, data: { object }, ...event });
      expect((await backend.stripe(told)).status).toBe(200);
      return told;
    },
    purchase: (fields, { query = '', headers = { authorization: `Bearer ${tracking.purchaseSecret}` } } = {}) =>
      backend.request(`/api/webhooks/purchase/${id}${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(fields),
      }),
    refund: (fields) =>
      backend.request(`/api/webhooks/purchase/${id}/refund`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-webhook-secret': tracking.purchaseSecret },
        body: JSON.stringify(fields),
      }),
    payment: async (alias) => {
      await settle();
      const { data } = (await api('GET', `/api/v1/payments?alias=${encodeURIComponent(alias)}`)).body;
      expect(data).toHaveLength(1);
      return data[0];
    },
    explain: async (payment) => (await api('GET', `/api/v1/payments/${payment.id}/explain`)).body.data,
    ledger: async (query = '') => {
      await settle();
      return (await api('GET', `/api/v1/contests/${id}/ledger${query}`)).body.data;
    },
  };
}

/** A paid Checkout session as Stripe tells of it. */
export const paidSession = (id: string, fields: Fields = {}): Fields => ({
  id,
  object: 'checkout.session',
  mode: 'payment',
  payment_status: 'paid',
  status: 'complete',
  amount_total: 9900,
  currency: 'usd',
  created: 1_793_000_000,
  customer: null,
  customer_details: { email: 'grace@example.com', name: 'Grace Hopper' },
  payment_intent: `pi_of_${id}`,
  metadata: {},
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ...fields,
});
