import { z } from 'zod';
import { time } from './conventions.ts';
import { email } from './participants.ts';

/** The purchase webhook, as documented. Unknown fields are kept, not refused. */
export const purchaseBody = z.looseObject({
  email,
  orderId: z.string().min(1).max(255),
  amount: z.number().positive({ message: 'amount must be a positive number' }),
  currency: z.string().default('USD'),
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
  orderId: z.string().min(1).max(255),
  refundId: z.string().min(1).max(255),
  amount: z.number().positive({ message: 'amount must be a positive number' }).nullish(),
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
