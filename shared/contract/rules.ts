import { z } from 'zod';
import { time } from './conventions.ts';
import { currency, positiveMoney } from './money.ts';

export const PAYMENT_KINDS = ['first', 'subscription', 'renewal', 'change', 'one_off'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

const on = z
  .union([z.enum([...PAYMENT_KINDS, 'payment', 'lead', 'signup']), z.string().regex(/^custom:[\w-]{1,64}$/)], {
    error: `must be one of ${PAYMENT_KINDS.join(', ')}, payment, lead, signup, or custom:<name>`,
  })
  .meta({ description: 'What earns: a kind of payment, any `payment`, a `lead`, a `signup`, or `custom:<name>`.' });

const percent = z
  .number()
  .positive()
  .max(100)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9, {
    message: 'must have at most two decimals',
  });
const flat = z
  .array(positiveMoney)
  .min(1)
  .refine((values) => new Set(values.map((value) => value.currency)).size === values.length, {
    message: 'must have one value for each currency',
  });

const counted = z.strictObject({
  kind: z.enum(['points', 'entries']),
  value: z.number().positive().max(1_000_000_000),
  per: z
    .union([positiveMoney, z.array(positiveMoney).min(1)])
    .optional()
    .meta({ description: 'For how much money; left out: flat.' }),
});
const paidOut = z.union([
  z.strictObject({
    kind: z.enum(['commission', 'credit']),
    percent,
    awardCurrency: z.enum(['payment', 'contest']).optional(),
  }),
  z.strictObject({ kind: z.enum(['commission', 'credit']), flat }),
]);
const voucher = z.strictObject({ kind: z.enum(['coupon', 'discount']), coupon: z.string().min(1).max(255) });
export const give = z.union([counted, paidOut, voucher]);
export type Give = z.infer<typeof give>;

export const when = z.strictObject({
  products: z.array(z.string().min(1)).min(1).optional(),
  prices: z.array(z.string().min(1)).min(1).optional(),
  amount: z.strictObject({ min: positiveMoney.optional(), max: positiveMoney.optional() }).optional(),
  currencies: z.array(currency).min(1).optional(),
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .optional(),
  newCustomer: z.boolean().optional(),
  group: z.string().min(1).optional(),
  buyerEnrolled: z.boolean().optional(),
  lead: z.string().min(1).optional(),
  from: time.optional(),
  until: time.optional(),
});

const step = z.union([
  z.strictObject({ from: z.number().min(0), percent }),
  z.strictObject({ from: z.number().min(0), value: z.number().positive() }),
  z.strictObject({ from: z.number().min(0), flat }),
]);

const tiers = z.strictObject({
  by: z.enum(['buyers', 'revenue']),
  period: z.enum(['all', 'month', 'year']).default('all'),
  steps: z
    .array(step)
    .min(1)
    .refine((steps) => steps.every((one, index) => index === 0 || one.from > (steps[index - 1]?.from ?? 0)), {
      message: 'must start higher from step to step: of two steps that start at the same place, one never applies',
    }),
});

const cap = z.strictObject({
  per: z.enum(['buyer', 'referrer', 'contest']),
  period: z.enum(['day', 'month', 'all']),
  max: z.union([z.number().positive(), positiveMoney]),
});

export const rule = z
  .strictObject({
    id: z.string().optional().meta({ description: 'Of a rule that is there already: it keeps its identity.' }),
    version: z.int().optional().meta({ description: 'Taken and ignored: versions are ours to count.' }),
    name: z.string().min(1).max(120).optional(),
    on,
    when: when.optional(),
    to: z.enum(['referrer', 'buyer']),
    give,
    round: z.enum(['nearest', 'down', 'up']).default('nearest'),
    for: z
      .union([z.enum(['first', 'lifetime']), z.strictObject({ months: z.int().min(1).max(600) })])
      .default('lifetime'),
    tiers: tiers.optional(),
    caps: z.array(cap).min(1).optional(),
    holdDays: z.int().min(0).max(3650).optional(),
  })
  .meta({ id: 'Rule' });

export const rules = z.array(rule).max(100);
/** As a merchant writes it. */
export type RuleInput = z.infer<typeof rule>;

/** As the house keeps it: with an identity, and a version that grows when its text changes. */
export const storedRule = rule
  .required({ id: true })
  .extend({ version: z.int().positive(), holdDays: z.int().min(0) })
  .meta({ id: 'StoredRule' });
export type Rule = z.infer<typeof storedRule>;

/** Days before an award is approved, where the rule does not say: money waits, points don't. */
export const defaultHoldDays = (kind: Give['kind']): number => (kind === 'commission' || kind === 'credit' ? 30 : 0);
