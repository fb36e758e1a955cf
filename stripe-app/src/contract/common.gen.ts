// Copied from shared/contract/common.ts by `npm run contract:sync`. Change it there.
import * as z from 'zod';
import { currency, money } from './money.gen';

export { decimalsOf } from './currency.gen';

export const Currency = currency;
export type Currency = z.infer<typeof Currency>;

export const Money = money;
export type Money = z.infer<typeof Money>;

/** RFC 3339, UTC. */
export const Moment = z.iso.datetime();

export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  requestId: z.string(),
});
export type Failure = z.infer<typeof Failure>;

/** What every door answers: the data, or one named failure. */
export const envelope = <Data extends z.ZodType>(data: Data) =>
  z.discriminatedUnion('success', [
    z.object({ success: z.literal(true), data }),
    z.object({ success: z.literal(false), error: Failure }),
  ]);
