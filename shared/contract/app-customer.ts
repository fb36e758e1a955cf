/** What the Dashboard extension is told of a customer. */
import * as z from 'zod';
import { AwardStatus, ChainStep, Contest, Duration, NotConnected, Participant, Person } from './app-parts.ts';
import { Currency, Moment, Money } from './common.ts';

/** Commission in one currency. Currencies are never added. */
const Balance = z.object({
  currency: Currency,
  /** All that stands: pending, held, frozen, approved and paid. */
  earned: z.int(),
  paid: z.int(),
  approved: z.int(),
  pending: z.int(),
  /** When the next of the pending can be paid. */
  nextAvailableAt: Moment.nullable(),
  held: z.int(),
  frozen: z.int(),
});
export type Balance = z.infer<typeof Balance>;

const CustomerPayment = z.object({
  payment: z.string(),
  /** `pi_…` or `ch_…`, so that the row can open it; null for a store's order. */
  object: z.string().nullable(),
  occurredAt: Moment,
  counted: Money,
  /** One per currency; empty when it earned none. */
  commission: z.array(Money),
  /** Of its commission; null when it earned none. */
  status: AwardStatus.nullable(),
});
export type CustomerPayment = z.infer<typeof CustomerPayment>;

const ReferredPerson = Person.extend({
  payments: z.int().nonnegative(),
  /** One per currency, counted. */
  revenue: z.array(Money),
});
export type ReferredPerson = z.infer<typeof ReferredPerson>;

const Referral = z.object({
  participant: Participant,
  /** When the first attributed payment was made. */
  since: Moment,
  /** The step that decided the first attributed payment. */
  decidedBy: ChainStep,
  /** How long the commission runs, and how many of its months have earned; null without a commission rule. */
  earns: z.object({ for: Duration, monthsEarned: z.int().nonnegative() }).nullable(),
  revenue: z.array(Money),
  commission: z.array(Balance),
  /** The newest first, at most ten. */
  payments: z.array(CustomerPayment),
  paymentCount: z.int().nonnegative(),
});
export type Referral = z.infer<typeof Referral>;

const Referred = z.object({
  state: z.literal('referred'),
  contest: Contest,
  livemode: z.boolean(),
  referral: Referral,
});
const IsParticipant = z.object({
  state: z.literal('participant'),
  contest: Contest,
  livemode: z.boolean(),
  participant: Participant,
  since: Moment,
  link: z.string(),
  points: z.int(),
  entries: z.int(),
  /** Null until anybody has points. */
  rank: z.object({ position: z.int().positive(), of: z.int().positive() }).nullable(),
  clicks: z.int().nonnegative(),
  balance: z.array(Balance),
  /** By revenue, at most ten. */
  people: z.array(ReferredPerson),
  peopleCount: z.int().nonnegative(),
  peopleWhoPaid: z.int().nonnegative(),
  /** The same customer as a buyer. */
  asBuyer: z.object({ referral: Referral.nullable(), payments: z.int().nonnegative() }),
});
/** Also the answer for a customer of another account, or one never seen. */
const Neither = z.object({
  state: z.literal('neither'),
  contest: Contest,
  livemode: z.boolean(),
  payments: z.int().nonnegative(),
});

export const CustomerAnswer = z.discriminatedUnion('state', [Referred, IsParticipant, Neither, NotConnected]);
export type CustomerAnswer = z.infer<typeof CustomerAnswer>;
export type ReferredCustomer = z.infer<typeof Referred>;
export type ParticipantCustomer = z.infer<typeof IsParticipant>;
export type NeitherCustomer = z.infer<typeof Neither>;
