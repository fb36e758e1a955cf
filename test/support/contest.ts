import type { ContestId } from '#shared/ids.ts';
import type { ContestReading } from '#shared/reading.ts';
import { settings } from '#shared/contract/contests.ts';
import { type Rule, storedRule } from '#shared/contract/rules.ts';
import { insertContest } from '#server/store/contests.ts';
import { keepOwnFact } from '#server/store/own-facts.ts';
import { enrol, type Participant } from '#server/store/participants.ts';
import type { Backend } from './backend.ts';

export const CONTEST = 'c0123456789abcdefghijklmn' as ContestId;
export const NAME = 'Spring giveaway';

/** The rules that the documentation begins with: a point per dollar for the buyer, a fifth for the referrer. */
export const RULES: Rule[] = [
  {
    id: 'rule_points',
    version: 1,
    on: 'payment',
    to: 'buyer',
    give: { kind: 'points', value: 1, per: { amount: 100, currency: 'usd' } },
    holdDays: 0,
  },
  {
    id: 'rule_commission',
    version: 1,
    on: 'payment',
    to: 'referrer',
    give: { kind: 'commission', percent: 20 },
    for: { months: 12 },
    holdDays: 30,
  },
].map((rule) => storedRule.parse(rule));

/** A contest without an end in test mode, with Ada in it. */
export async function runContest(backend: Backend, account: string, stripeCustomer = 'cus_ada'): Promise<Participant> {
  const merchant = await backend.merchant(account);
  const { store } = backend;
  const chosen = settings.parse({});
  const document = JSON.stringify({ name: NAME, settings: chosen });
  const row = { id: CONTEST, number: 1n, slug: 'spring', document, publicKey: 'brpk_spring', now: 0 };
  const reading: ContestReading = {
    about: 'contest',
    createdAt: 0,
    contest: CONTEST,
    name: NAME,
    number: 1,
    version: 1,
    currency: 'usd',
    timeZone: 'UTC',
    startsAt: null,
    endsAt: null,
    status: null,
    settings: chosen,
    rules: RULES,
  };
  return store.database.transaction(async (queries) => {
    await insertContest(queries, merchant.id, row);
    const told = { source: 'merchant', type: 'contest.created', externalId: CONTEST, version: '1' } as const;
    await keepOwnFact(store, queries, merchant, { ...told, occurredAt: 0, receivedAt: 0, body: {}, reading });
    const joining = { contest: CONTEST, email: 'ada@example.com', name: 'Ada Lovelace', code: 'ADA-7Q4' };
    const ada = await enrol(store, queries, merchant, {
      ...joining,
      stripeCustomer,
      via: 'merchant',
      now: 0,
    });
    if (!ada.ok) throw new Error(ada.failure.message);
    return ada.value.participant;
  });
}

const now = (): number => Math.floor(Date.now() / 1000);

/** A paid Checkout session of 99.00 with 9.00 of tax in it. */
export const sessionOf = (payment: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  type: 'checkout.session.completed',
  created: now(),
  data: {
    object: {
      id: `cs_${payment}`,
      object: 'checkout.session',
      mode: 'payment',
      payment_status: 'paid',
      payment_intent: `pi_${payment}`,
      amount_total: 9900,
      currency: 'usd',
      total_details: { amount_tax: 900, amount_shipping: 0 },
      created: now(),
      customer: 'cus_grace',
      customer_details: { email: 'grace@example.com', name: 'Grace Hopper' },
      metadata: { referral_code: 'ADA-7Q4' },
      ...fields,
    },
  },
});
