import { z } from 'zod';
import { page, time } from './conventions.ts';
import { money } from './money.ts';
import { withoutNul } from './conventions.ts';
import { PAYMENT_KINDS } from './rules.ts';

export const PAYMENT_STATUSES = [
  'paid',
  'zero',
  'waiting',
  'held',
  'refunded',
  'partially_refunded',
  'disputed',
  'failed',
] as const;
export const STEPS = [
  'override',
  'external_id',
  'client_reference_id',
  'metadata',
  'session_binding',
  'promotion_code',
  'customer',
  'email',
] as const;
export type Step = (typeof STEPS)[number];
export const AWARD_STATUSES = ['pending', 'pending_rate', 'held', 'frozen', 'approved', 'paid', 'reversed'] as const;
export type AwardStatus = (typeof AWARD_STATUSES)[number];
export const AWARD_KINDS = ['points', 'entries', 'commission', 'credit', 'coupon'] as const;
export type AwardKind = (typeof AWARD_KINDS)[number];

export const paymentsQuery = page.extend({
  alias: withoutNul.min(1).max(255).optional().meta({ description: 'cs_…, in_…, pi_…, ch_… or a store’s order id' }),
});

const evidence = z.record(z.string(), z.unknown());

export const awardAnswer = z
  .object({
    participant: z.string(),
    role: z.enum(['referrer', 'buyer']),
    rule: z.string(),
    kind: z.enum(AWARD_KINDS),
    amount: z.int().meta({ description: 'What stands now.' }),
    currency: z.string().nullable(),
    status: z.enum(AWARD_STATUSES),
    availableAt: time.nullable(),
  })
  .meta({ id: 'Award' });
export type AwardAnswer = z.infer<typeof awardAnswer>;

export const paymentAnswer = z
  .object({
    id: z.string(),
    aliases: z.array(z.string()),
    buyer: z.object({
      customer: z.string().nullable(),
      externalId: z.string().nullable(),
      participant: z.string().nullable(),
    }),
    amount: money,
    basis: money,
    refunded: money,
    kind: z.enum(PAYMENT_KINDS),
    status: z.enum(PAYMENT_STATUSES),
    waitingFor: z.string().optional(),
    occurredAt: time,
    attribution: z
      .object({ participant: z.string(), contest: z.string(), code: z.string(), step: z.enum(STEPS), evidence })
      .nullable(),
    awards: z.array(awardAnswer),
  })
  .meta({ id: 'Payment' });
export type PaymentAnswer = z.infer<typeof paymentAnswer>;

const link = z.object({
  step: z.enum(STEPS),
  finding: z.enum(['found', 'absent', 'refused', 'not_needed']),
  reason: z.string(),
  evidence,
});

export const ledgerQuery = page.extend({ participant: withoutNul.optional(), payment: withoutNul.optional() });

export const entryAnswer = z
  .object({
    id: z.string(),
    contest: z.string(),
    participant: z.string(),
    kind: z.enum(AWARD_KINDS),
    amount: z.int(),
    currency: z.string().nullable(),
    payment: z.string().nullable(),
    lead: z.string().nullable(),
    rule: z.object({ id: z.string(), version: z.int() }).nullable(),
    reason: z.string(),
    note: z.string().nullable(),
    reverses: z.string().nullable(),
    rate: z.object({ from: z.string(), to: z.string(), value: z.string(), source: z.string(), asOf: time }).nullable(),
    at: time,
    availableAt: time.nullable(),
    recordedAt: time,
  })
  .meta({ id: 'Entry' });
export type EntryAnswer = z.infer<typeof entryAnswer>;

export const explainAnswer = z
  .object({
    payment: paymentAnswer,
    facts: z.array(z.object({ id: z.string(), source: z.string(), type: z.string(), occurredAt: time.nullable() })),
    chain: z.array(link),
    rules: z.array(
      z.object({
        rule: z.string(),
        version: z.int(),
        applied: z.boolean(),
        reason: z.string(),
        arithmetic: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
    awards: z.array(awardAnswer),
    entries: z.array(entryAnswer),
  })
  .meta({ id: 'Explanation' });
export type ExplainAnswer = z.infer<typeof explainAnswer>;
