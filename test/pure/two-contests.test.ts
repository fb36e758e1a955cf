import { attribute } from '#server/attribution/attribute.ts';
import { keys, type Reads } from '#server/attribution/reads.ts';
import { stateOf } from '#server/attribution/state.ts';
import { contestBody } from '#shared/contract/contests.ts';
import type { ContestReading, PaymentReading } from '#shared/reading.ts';

const { settings } = contestBody.parse({ name: 'Any' });
const PAID_AT = 1_793_000_000_000;

const contest = (name: string, fields: Partial<ContestReading>): ContestReading => ({
  about: 'contest',
  contest: name,
  name,
  number: 1,
  createdAt: 0,
  version: 1,
  currency: 'usd',
  timeZone: 'UTC',
  startsAt: null,
  endsAt: null,
  status: null,
  settings,
  rules: [],
  ...fields,
});

const payment: PaymentReading = {
  about: 'payment',
  teller: 'session',
  aliases: ['cs_1'],
  contest: null,
  state: 'paid',
  amount: 9900,
  currency: 'usd',
  total: 9900,
  tax: 0,
  shipping: 0,
  tips: 0,
  isSubscription: false,
  needsInvoice: false,
  committedAt: PAID_AT,
  customer: null,
  externalId: null,
  address: null,
  clues: [{ step: 'metadata', source: 'session', key: 'ref', value: 'ADA' }],
};

/** Which contest claims the payment; the code ADA belongs to a participant of the contest named. */
function claimedBy(contests: readonly ContestReading[], adaIn: string | null = null): string | undefined {
  const state = stateOf(
    ['cs_1'],
    [{ id: 'fact_1', at: PAID_AT, type: 'checkout.session.completed', source: 'stripe', reading: payment }],
  );
  if (state === null) throw new Error('a paid session tells of money');
  const ada = {
    about: 'participant',
    contest: adaIn ?? '',
    participant: 'part_ada',
    code: 'ADA',
    address: 'a',
    customer: null,
    externalId: null,
    group: null,
    via: 'merchant',
  } as const;
  const reads: Reads = {
    facts: (key) => {
      if (key === keys.contests)
        return contests.map((reading) => ({ id: reading.contest, at: reading.createdAt, reading }));
      return adaIn !== null && key === keys.code('ADA') ? [{ id: 'ada', at: 0, reading: ada }] : [];
    },
    root: () => null,
    owner: () => null,
  };
  return attribute(state, reads).contest?.contest;
}

describe('a payment that two contests may claim', () => {
  it('goes to the one with evidence', () => {
    expect(claimedBy([contest('old', { number: 1 }), contest('new', { number: 2 })], 'old')).toBe('old');
  });

  it('without evidence goes to the one that started last, then to the one created last', () => {
    const started = contest('started', { number: 1, startsAt: PAID_AT - 1000 });
    expect(claimedBy([started, contest('always', { number: 2 })])).toBe('started');
    expect(claimedBy([contest('first', { number: 1 }), contest('second', { number: 2 })])).toBe('second');
  });

  it('stays in the one that ran when it was paid, when another is created afterwards', () => {
    const later = contest('later', { number: 2, createdAt: PAID_AT + 5000 });
    expect(claimedBy([contest('there', { number: 1 }), later])).toBe('there');
    expect(claimedBy([contest('there', { number: 1 }), later], 'later')).toBe('later');
  });
});
