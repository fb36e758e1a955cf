/**
 * A payment's place in time: when it occurred, subscription creation first, then its canonical name. A decision may read
 * what stands before it and never what stands behind, so positions compare as text, in the order of time.
 */
const DIGITS = 15;

const RANKS: readonly (readonly [prefix: string, rank: number])[] = [
  ['order:', 0],
  ['cs_', 1],
  ['in_', 2],
  ['pi_', 3],
];
const LAST_RANK = 4;

const rankOf = (alias: string): number => RANKS.find(([prefix]) => alias.startsWith(prefix))?.[1] ?? LAST_RANK;

export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Order, session, invoice, intent, charge; then by text. The least one is canonical. */
export const compareAliases = (one: string, other: string): number =>
  rankOf(one) - rankOf(other) || compareText(one, other);

export const positionOf = (occurredAt: number, isSubscriptionStart: boolean, canonical: string): string =>
  `${String(occurredAt).padStart(DIGITS, '0')}~${isSubscriptionStart ? 0 : 1}~${rankOf(canonical)}${canonical}`;

/** The first position of a moment: everything that occurs then or later stands at or behind it. */
export const positionAt = (atMs: number): string => String(Math.max(0, atMs)).padStart(DIGITS, '0');

export const timeOfPosition = (position: string): number => Number(position.slice(0, DIGITS));
