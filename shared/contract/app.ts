/**
 * What the Dashboard extension asks and what it is told: `POST /api/app/<verb>`.
 *
 * The body is the signed text, `JSON.stringify({ ...arguments, user_id, account_id })`, arguments first and in the
 * order of the schemas below; the header `Stripe-Signature` proves it. Answers carry reason codes, never sentences:
 * the extension owns the words (`src/parts/sentences.ts`), so that each is written and tested once.
 *
 * payment   one movement of money, however many Stripe objects speak of it
 * chain     the eight places where a referrer may be named, each with what was found there
 * counted   the part of the money that earns (the basis)
 * fact      one thing that the outside told us
 */
import * as z from 'zod';
import { CustomerAnswer } from './app-customer.ts';
import { PaymentAnswer } from './app-payment.ts';
import { envelope } from './common.ts';

export * from './app-customer.ts';
export * from './app-parts.ts';
export * from './app-payment.ts';

// ── Asked ──

/** As the Dashboard hands them over; Stripe refuses to sign roles that the user doesn't have. */
const StripeRole = z.object({
  id: z.string().optional(),
  name: z.string(),
  type: z.enum(['builtIn', 'custom']),
});
const Signer = { stripe_roles: z.array(StripeRole), user_id: z.string(), account_id: z.string() };

export const PaymentRequest = z.object({
  action: z.literal('payment'),
  object: z.string().regex(/^(ch|py|pi)_[A-Za-z0-9_]+$/),
  livemode: z.boolean(),
  ...Signer,
});
export const CustomerRequest = z.object({
  action: z.literal('customer'),
  object: z.string().regex(/^cus_[A-Za-z0-9_]+$/),
  livemode: z.boolean(),
  ...Signer,
});

// ── The verbs ──

/** The header that carries the proof of a request. */
export const SIGNATURE_HEADER = 'Stripe-Signature';

/** One line per verb. `writes` says whether a lost answer may be asked for again. */
export const verbs = {
  payment: { request: PaymentRequest, answer: envelope(PaymentAnswer), writes: false },
  customer: { request: CustomerRequest, answer: envelope(CustomerAnswer), writes: false },
} as const;
export type Verb = keyof typeof verbs;
