/** Careful hands for values of unknown shape: a wrong kind is the same as nothing. */
export type Foreign = Readonly<Record<string, unknown>>;

export const isForeign = (value: unknown): value is Foreign =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): Foreign => (isForeign(value) ? value : {});

/** Text that every database can keep: no NUL. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && !value.includes('\0') ? value : null;

/** Minor units are whole numbers; anything else is no amount. */
export const amountOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null;

/** Of the year 9999: what comes later can't be written as a time. */
const LAST_SECOND = 253_402_300_799;

/** An amount that is there, and is none: too large to be exact, or no whole number. */
export const isNoAmount = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value);

/** Stripe gives times in seconds. */
export const timeOf = (value: unknown): number | null => {
  const seconds = amountOf(value);
  return seconds === null || seconds < 0 || seconds > LAST_SECOND ? null : seconds * 1000;
};

/** Stripe gives a related object as its id, or whole when it was expanded. */
export const idOf = (value: unknown): string | null => textOf(isForeign(value) ? value['id'] : value);

export const present = <Value>(values: readonly (Value | null)[]): Value[] => values.filter((value) => value !== null);
