import { decimalsOf } from './currency.ts';

/** Minor units, exact. On the wire it is a number, because nobody has more than 2^53 of them. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

export const money = (minor: bigint, currency: string): Money => ({ minor, currency });

export type Rounding = 'nearest' | 'down' | 'up';

/** `numerator / denominator` to a whole number. `nearest` rounds halves away from zero, `down` towards it, `up` away. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator <= 0n) throw new Error('a denominator must be positive');
  const sign = numerator < 0n ? -1n : 1n;
  const size = numerator * sign;
  const whole = size / denominator;
  const rest = size % denominator;
  const away = rounding === 'up' ? rest > 0n : rounding === 'nearest' && rest * 2n >= denominator;
  return sign * (away ? whole + 1n : whole);
}

/** The share of `whole` that belongs to `part` of `total`, rounded halves away from zero. */
export const shareOf = (whole: bigint, part: bigint, total: bigint): bigint =>
  total === 0n ? 0n : divide(whole * part, total, 'nearest');

/** A millionth of a minor unit: what a sum of binary fractions may be off by. */
const FORGIVEN = 1e-6;

export type DecimalProblem = 'not_positive' | 'too_many_decimals' | 'too_large';

/** A decimal number of a purchase post to minor units; 79.99 is 7999 although binary says 7998.999999999999. */
export function fromDecimal(amount: number, currency: string): Money | DecimalProblem {
  if (!(amount > 0) || !Number.isFinite(amount)) return 'not_positive';
  const scaled = amount * 10 ** decimalsOf(currency);
  const minor = Math.round(scaled);
  if (minor > Number.MAX_SAFE_INTEGER) return 'too_large';
  // The product itself is off by one unit in the last place at most: large amounts get that much more.
  if (Math.abs(scaled - minor) > Math.max(FORGIVEN, scaled * Number.EPSILON)) return 'too_many_decimals';
  return minor === 0 ? 'not_positive' : money(BigInt(minor), currency);
}
