import { createHmac } from 'node:crypto';

export const CONNECT_SECRET = 'whsec_test_connect_endpoint';
export const TEST_MODE_SECRET = 'whsec_test_connect_test_mode';

export const APP_SECRET = 'absec_test_extension';

export type StripeEvent = Readonly<Record<string, unknown>>;

let made = 0;

/** An event as Stripe Connect sends it. Ids are new each time; give one to make it the same event. */
export function stripeEvent(fields: StripeEvent = {}): StripeEvent {
  made += 1;
  return {
    id: `evt_test${String(made).padStart(6, '0')}`,
    object: 'event',
    account: 'acct_1Ada',
    api_version: '2025-11-17.clover',
    created: 1_793_000_000,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: 'customer.created',
    data: { object: { id: 'cus_grace', object: 'customer', email: 'grace@example.com' } },
    ...fields,
  };
}

export interface SignOptions {
  readonly secret?: string;
  readonly atMs?: number;
}

export function signatureOf(
  body: string | Uint8Array,
  { secret = CONNECT_SECRET, atMs = Date.now() }: SignOptions = {},
): string {
  const seconds = Math.floor(atMs / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${signature}`;
}
