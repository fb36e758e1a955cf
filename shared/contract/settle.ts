import { z } from 'zod';

export const SETTLE_DEFAULT_MS = 10_000;
export const SETTLE_MOST_MS = 60_000;

export const settleBody = z.object({
  timeoutMs: z
    .number()
    .int()
    .min(0)
    .max(SETTLE_MOST_MS)
    .default(SETTLE_DEFAULT_MS)
    .meta({ description: 'How long to wait at most.' }),
});

export const settleAnswer = z
  .object({
    settled: z.boolean(),
    pending: z
      .number()
      .int()
      .meta({ description: 'Facts received before the call that are still to be worked through.' }),
  })
  .meta({ id: 'Settled' });
