// Copied from shared/contract/app-payment.ts by `npm run contract:sync`. Change it there.
/** What the Dashboard extension is told of a payment. */
import * as z from 'zod';
import { Award, ChainStep, Contest, NotConnected, Participant, PaymentKind, Person, RuleOutcome } from './app-parts.gen';
import { Moment, Money } from './common.gen';

const PaymentMoney = z.object({
  paid: Money,
  refunded: Money,
  /** What doesn't count, each positive, in the order in which it is told: paid less these is counted, to the unit. */
  notCounted: z.array(z.object({ what: z.enum(['tax', 'shipping', 'tips']), money: Money })),
  /** The basis. A refund doesn't lower it: it takes back its share of each award. */
  counted: Money,
});
export type PaymentMoney = z.infer<typeof PaymentMoney>;

const Fact = z.object({
  id: z.string(),
  /** Stripe's event type, or ours: `purchase`, `click`, `lead`, `override`. */
  type: z.string(),
  source: z.enum(['stripe', 'shopify', 'store', 'script', 'api', 'merchant']),
  at: Moment,
});
export type Fact = z.infer<typeof Fact>;

const KnownPayment = {
  payment: z.string(),
  contest: Contest,
  livemode: z.boolean(),
  kind: PaymentKind,
  money: PaymentMoney,
  occurredAt: Moment,
  buyer: Person,
  /** The places that are looked in, in the order of `StepName`; one is `found` when the payment is attributed. */
  chain: z.array(ChainStep),
  awards: z.array(Award),
  rules: z.array(RuleOutcome),
  /** In the order in which they happened. */
  facts: z.array(Fact),
};

/** What the store must pass so that the next payment like this one is attributed. */
const NextTime = z.object({
  way: z.enum(['payment_link', 'checkout_session', 'subscription', 'invoice', 'payment_intent', 'order']),
  /** The payment link's name. */
  name: z.string().nullable(),
  /** Where blitzrocket.js is served for this contest; null until it is. */
  script: z.object({ url: z.string(), publicKey: z.string() }).nullable(),
});
export type NextTime = z.infer<typeof NextTime>;

export const WaitingReason = z.enum([
  'payment',
  'invoice_link',
  'line_items',
  'discount',
  'rate',
  'history',
  'possible_double',
]);
export type WaitingReason = z.infer<typeof WaitingReason>;

const Attributed = z.object({ state: z.literal('attributed'), ...KnownPayment, participant: Participant });
const NotAttributed = z.object({ state: z.literal('not_attributed'), ...KnownPayment, nextTime: NextTime });
const Waiting = z.object({
  state: z.literal('waiting'),
  payment: z.string(),
  contest: Contest,
  livemode: z.boolean(),
  reason: WaitingReason,
  since: Moment,
  /** When we ask Stripe ourselves; null when only an event can end the waiting. */
  nextCheckAt: Moment.nullable(),
  paid: Money,
  occurredAt: Moment,
  /** The referrer, where one is known already, and since when. */
  participant: Participant.nullable(),
  referredAt: Moment.nullable(),
  facts: z.array(Fact),
});
/** Not seen yet, or not this account's: the two answers are the same on purpose. */
const Unknown = z.object({ state: z.literal('unknown') });

export const PaymentAnswer = z.discriminatedUnion('state', [Attributed, NotAttributed, Waiting, Unknown, NotConnected]);
export type PaymentAnswer = z.infer<typeof PaymentAnswer>;
export type AttributedPayment = z.infer<typeof Attributed>;
export type NotAttributedPayment = z.infer<typeof NotAttributed>;
export type WaitingPayment = z.infer<typeof Waiting>;
