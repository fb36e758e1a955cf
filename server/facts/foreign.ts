/** Careful hands for values of unknown shape: a wrong kind is the same as nothing. */
export type Foreign = Readonly<Record<string, unknown>>;

export const isForeign = (value: unknown): value is Foreign =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): Foreign => (isForeign(value) ? value : {});

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Minor units are whole numbers; anything else is no amount. */
export const amountOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null;

/** Stripe gives times in seconds. */
export const timeOf = (value: unknown): number | null => {
  const seconds = amountOf(value);
  return seconds === null ? null : seconds * 1000;
};

/** Stripe gives a related object as its id, or whole when it was expanded. */
export const idOf = (value: unknown): string | null => textOf(isForeign(value) ? value['id'] : value);

export const present = <Value>(values: readonly (Value | null)[]): Value[] => values.filter((value) => value !== null);
