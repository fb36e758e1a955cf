/** What the answers to the Dashboard extension are made of: people, the chain, rules and awards. */
import * as z from 'zod';
import { Currency, Moment, Money } from './common.ts';

// ── People and contests ──

export const Contest = z.object({
  id: z.string(),
  name: z.string(),
  /** Null: a click counts however old it is. */
  windowDays: z.int().positive().nullable(),
});
export type Contest = z.infer<typeof Contest>;

export const Person = z.object({
  name: z.string().nullable(),
  /** "a•••@example.com"; shown where no name is known. */
  maskedEmail: z.string().nullable(),
  /** `cus_…`, when this person is a customer of the merchant. */
  stripeCustomer: z.string().nullable(),
});
export type Person = z.infer<typeof Person>;

export const Participant = Person.extend({ id: z.string(), code: z.string() });
export type Participant = z.infer<typeof Participant>;

// ── The chain: who referred it ──

/** In the order in which they decide. */
export const StepName = z.enum([
  'override',
  'external_id',
  'client_reference_id',
  'metadata',
  'session_binding',
  'promotion_code',
  'customer',
  'email',
]);
export type StepName = z.infer<typeof StepName>;

export const StepReason = z.enum([
  // found
  'decided_by_merchant',
  'marked_not_referred',
  'click',
  'code',
  'promotion_code_redeemed',
  'referred_before',
  'lead',
  // absent
  'nothing_there',
  'no_match',
  'keys_without_match',
  'not_a_referrers_code',
  'guest',
  'no_address',
  'address_shared_by_many',
  // refused
  'outside_window',
  'after_the_payment',
  'not_new',
  'self_referral',
  'not_running',
  'paused',
  'blocked',
  // not needed: it names somebody, and something stronger decided
  'same_referrer',
  'stronger_step',
  'other_touch',
  'referrer_stays',
  'other_contest',
]);
export type StepReason = z.infer<typeof StepReason>;

const Evidence = z.object({
  /** Which object carried it. */
  source: z
    .enum(['session', 'subscription', 'payment_intent', 'invoice', 'payment_link', 'charge', 'customer', 'order'])
    .nullable(),
  /** The key as it was spelled there. */
  key: z.string().nullable(),
  value: z.string().nullable(),
  /** For `keys_without_match`: all that were read, at most twenty. */
  keys: z.array(z.string()).nullable(),
  code: z.string().nullable(),
  click: z.string().nullable(),
  /** When it happened: the click, the redemption, the lead, the decision, the earlier payment. */
  at: Moment.nullable(),
  /** Whom it names. */
  participant: z.string().nullable(),
  /** For `other_contest`: the name of the contest that has it. */
  contest: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

export const ChainStep = z.object({
  step: StepName,
  finding: z.enum(['found', 'absent', 'refused', 'not_needed']),
  reason: StepReason,
  evidence: Evidence,
  /** The refused step that came closest; at most one in a chain. */
  nearestMiss: z.boolean(),
});
export type ChainStep = z.infer<typeof ChainStep>;

// ── Rules and awards: what it earned ──

export const PaymentKind = z.enum(['first', 'subscription', 'renewal', 'change', 'one_off']);
export type PaymentKind = z.infer<typeof PaymentKind>;
export const AwardKind = z.enum(['points', 'entries', 'commission', 'credit', 'coupon']);
export type AwardKind = z.infer<typeof AwardKind>;
export const AwardStatus = z.enum(['pending', 'pending_rate', 'held', 'frozen', 'approved', 'paid', 'reversed']);
export type AwardStatus = z.infer<typeof AwardStatus>;
const Role = z.enum(['referrer', 'buyer']);

export const Award = z.object({
  participant: Person,
  role: Role,
  kind: AwardKind,
  /** What stands now: minor units for money, otherwise a number of points, entries or coupons. */
  amount: z.int(),
  currency: Currency.nullable(),
  /** Of what it was, by refunds and lost disputes. */
  takenBack: z.int().nonnegative(),
  status: AwardStatus,
  /** When it can be paid; null where no date is set. */
  availableAt: Moment.nullable(),
});
export type Award = z.infer<typeof Award>;

const Give = z.discriminatedUnion('how', [
  z.object({ how: z.literal('percent'), percent: z.number() }),
  z.object({ how: z.literal('per'), value: z.number(), per: Money }),
  /** Money for commission and credit, otherwise a number. */
  z.object({ how: z.literal('flat'), amount: z.int(), currency: Currency.nullable() }),
]);
export type Give = z.infer<typeof Give>;

export const Duration = z.union([z.literal('first'), z.literal('lifetime'), z.object({ months: z.int().positive() })]);
export type Duration = z.infer<typeof Duration>;

export const RuleReason = z.enum([
  'applied',
  'capped',
  'other_kind',
  'other_product',
  'below_minimum',
  'above_maximum',
  'other_currency',
  'other_country',
  'not_new_customer',
  'other_group',
  'buyer_not_enrolled',
  'outside_dates',
  'duration_over',
  'no_referrer',
  'cap_reached',
  'nothing_left',
  'not_worked_out',
]);
export type RuleReason = z.infer<typeof RuleReason>;

const Arithmetic = z.object({
  /** The counted money that the rule saw. */
  of: Money,
  /** What it earned, before anything was taken back. */
  result: z.int(),
  currency: Currency.nullable(),
  /** Of the result, by refunds and lost disputes. */
  takenBack: z.int().nonnegative(),
  round: z.enum(['nearest', 'down', 'up']),
  /** "This is month 1 of 12." */
  month: z.object({ number: z.int().positive(), of: z.int().positive() }).nullable(),
  availableAt: Moment.nullable(),
});
export type Arithmetic = z.infer<typeof Arithmetic>;

export const RuleOutcome = z.object({
  rule: z.string(),
  version: z.int().positive(),
  /** The merchant's own name for it; null: the extension says what it gives. */
  name: z.string().nullable(),
  on: z.string(),
  to: Role,
  kind: AwardKind,
  give: Give,
  for: Duration,
  holdDays: z.int().nonnegative(),
  applied: z.boolean(),
  reason: RuleReason,
  /** What the reason compares with: the minimum, the maximum, the cap. */
  limit: Money.nullable(),
  /** Null when the rule didn't apply. */
  arithmetic: Arithmetic.nullable(),
});
export type RuleOutcome = z.infer<typeof RuleOutcome>;

/** The account has no contest, or a contest that no event of Stripe's has reached yet. */
export const NotConnected = z.object({ state: z.literal('not_connected'), missing: z.enum(['contest', 'events']) });
export type NotConnectedAnswer = z.infer<typeof NotConnected>;
