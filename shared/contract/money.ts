import * as z from 'zod';
import { isCurrency } from '../currency.ts';

export const currency = z
  .string()
  .refine(isCurrency, { message: 'must be a currency of ISO 4217 in lower case, like usd' })
  .meta({ description: 'ISO 4217, lower case', examples: ['usd'] });

/** Minor units. More than 2^53−1 is refused, so a plain number is exact. */
export const money = z
  .object({ amount: z.int(), currency })
  .meta({ id: 'Money', examples: [{ amount: 1980, currency: 'usd' }] });
export type WireMoney = z.infer<typeof money>;

export const positiveMoney = z.object({ amount: z.int().positive(), currency });
