import { z } from 'zod';
import { time } from './conventions.ts';
import { email } from './participants.ts';

/** Of the store's own making, byte for byte; but text that every database can keep. */
const id = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be text without the character NUL' });

const NOT_POSITIVE = 'amount must be a positive number';
const positive = z
  .number({ error: ({ input }) => (input === undefined ? undefined : NOT_POSITIVE) })
  .positive({ message: NOT_POSITIVE });

/** The purchase webhook, as documented. Unknown fields are kept, not refused. */
export const purchaseBody = z.looseObject({
  email,
  orderId: id,
  amount: positive,
  currency: z
    .string()
    .nullish()
    .transform((code) => code ?? 'USD'),
  referralCode: z.string().max(255).nullish(),
  clickId: z.string().max(255).nullish(),
  externalCustomerId: z.string().max(255).nullish(),
  name: z.string().max(200).nullish(),
  items: z
    .array(
      z.looseObject({
        product: z.string().nullish(),
        price: z.string().nullish(),
        quantity: z.number().nullish(),
        amount: z.number().nullish(),
      }),
    )
    .max(1000)
    .nullish(),
  occurredAt: time.nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  stripe: z
    .looseObject({
      session: z.string().nullish(),
      paymentIntent: z.string().nullish(),
      charge: z.string().nullish(),
      invoice: z.string().nullish(),
    })
    .nullish(),
});
export type PurchaseBody = z.infer<typeof purchaseBody>;

export const purchaseAnswer = z
  .object({
    purchaseId: z.string(),
    entryId: z.string().nullable(),
    pointsAwarded: z.int(),
    referrerPoints: z.int(),
    alreadyExists: z.boolean(),
    message: z.string(),
    pending: z.boolean().optional(),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'Purchase' });
export type PurchaseAnswer = z.infer<typeof purchaseAnswer>;

export const refundBody = z.looseObject({
  orderId: id,
  refundId: id,
  amount: positive.nullish(),
  occurredAt: time.nullish(),
});
export type RefundBody = z.infer<typeof refundBody>;

export const refundAnswer = z
  .object({
    purchaseId: z.string(),
    refundId: z.string(),
    alreadyExists: z.boolean(),
    message: z.string(),
    pending: z.boolean().optional(),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'PurchaseRefund' });
