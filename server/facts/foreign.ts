/** Careful hands for values of unknown shape: a wrong kind is the same as nothing. */
export type Foreign = Readonly<Record<string, unknown>>;

export const isForeign = (value: unknown): value is Foreign =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Stripe gives a related object as its id, or whole when it was expanded. */
export const idOf = (value: unknown): string | null => textOf(isForeign(value) ? value['id'] : value);
