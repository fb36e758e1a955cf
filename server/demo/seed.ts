import { contestBody } from '#shared/contract/contests.ts';
import { DAY_MS } from '#shared/time.ts';
import { createContest } from '#server/contests/change.ts';
import { recordClick } from '#server/contests/clicks.ts';
import { type Contest, contestOf } from '#server/contests/contest.ts';
import { orderKey } from '#server/contests/purchases.ts';
import { listContests, secretsOf } from '#server/store/contests.ts';
import { findFact } from '#server/store/facts.ts';
import type { Merchant } from '#server/store/merchants.ts';
import { enrol } from '#server/store/participants.ts';
import type { Store } from '#server/store/store.ts';
import { CLICKS, type Clicks, demoEvents, PASTED_INTENT, REFERRERS } from './data.ts';

/** How the sandbox's sales come in: the way Stripe's do, through the door and signed. */
export interface DemoDoors {
  stripe(event: Readonly<Record<string, unknown>>): Promise<void>;
  purchase(contest: string, secret: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  refund(contest: string, secret: string, body: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface Demo {
  readonly contest: Contest;
  readonly purchaseSecret: string;
}

/** The demo merchant's contest and its people; made once, found the next time. */
export async function ensureDemo(store: Store, merchant: Merchant, now: number): Promise<Demo> {
  const contests = (await listContests(store.of(merchant.id), { before: null, limit: 200 })).map(contestOf);
  const contest = contests.find(({ definition }) => definition.slug === DEMO_SLUG);
  if (contest === undefined) return makeDemo(store, merchant, now);
  const of = { merchant: merchant.id, contest: contest.id, kind: 'purchase' } as const;
  const [purchaseSecret = ''] = await secretsOf(store.database, store.keyring, of, now);
  return { contest, purchaseSecret };
}

const DEMO_SLUG = 'spring';
const LAST_ORDER = 'order-1000';
const points = { kind: 'points', value: 1, per: { amount: 100, currency: 'usd' } };

async function makeDemo(store: Store, merchant: Merchant, now: number): Promise<Demo> {
  const definition = contestBody.parse({
    name: 'Spring referrals',
    slug: DEMO_SLUG,
    startsAt: new Date(now - 90 * DAY_MS).toISOString(),
    settings: { landingUrl: 'https://shop.example/' },
    rules: [
      { on: 'payment', to: 'buyer', give: points },
      { on: 'payment', to: 'referrer', give: points },
      { on: 'payment', to: 'referrer', give: { kind: 'commission', percent: 20 }, for: { months: 12 } },
    ],
  });
  const made = await createContest(store, merchant, definition, now);
  if (!made.ok) throw new Error(`the demo contest can't be made: ${made.failure.message}`);
  const { contest, purchaseSecret } = made.value;
  for (const person of REFERRERS) {
    await store.database.transaction((queries) =>
      enrol(store, queries, merchant, { ...person, contest: contest.id, via: 'merchant', now: now - 60 * DAY_MS }),
    );
  }
  return { contest, purchaseSecret };
}

/** The demo's sales, unless the last of them is there already. */
export async function ensureSales(
  store: Store,
  merchant: Merchant,
  doors: DemoDoors,
  { contest, purchaseSecret }: Demo,
  now: number,
): Promise<void> {
  const last = { source: 'purchase', externalId: orderKey(contest.id, LAST_ORDER), version: '' } as const;
  if ((await findFact(store.of(merchant.id), last)) !== null) return;
  const ago = (days: number) => Math.floor((now - days * DAY_MS) / 1000);
  const clickOf = ({ code, daysAgo }: { code: string; daysAgo: number }) =>
    recordClick(store, merchant, { contest: contest.id, code, at: ago(daysAgo) * 1000, url: null }, now);
  const clicks: Clicks = { fresh: await clickOf(CLICKS.fresh), tooOld: await clickOf(CLICKS.tooOld) };
  for (const [index, { type, created, object }] of demoEvents(clicks, ago).entries()) {
    const id = `evt_demo${String(index).padStart(4, '0')}`;
    const { account } = merchant;
    await doors.stripe({ id, object: 'event', account, livemode: false, type, created, data: { object } });
  }
  const order = {
    email: 'mary@example.com',
    name: 'Mary Jackson',
    orderId: LAST_ORDER,
    amount: 99,
    currency: 'USD',
    referralCode: 'ADA',
    stripe: { paymentIntent: 'pi_demoRefunded' },
  };
  await doors.purchase(contest.id, purchaseSecret, order);
  await doors.refund(contest.id, purchaseSecret, { orderId: order.orderId, refundId: 'refund-1', amount: 33 });
}

/** Works when pasted, and makes the preview's "not seen yet" payment one that Ada has referred. */
export function curlFor(url: string, { contest, purchaseSecret }: Demo): string {
  const body = {
    email: 'christine@example.com',
    orderId: 'order-1001',
    amount: 79.99,
    currency: 'USD',
    referralCode: 'ADA',
    stripe: { paymentIntent: PASTED_INTENT },
  };
  return `curl ${url}/api/webhooks/purchase/${contest.id} -H 'Authorization: Bearer ${purchaseSecret}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}
