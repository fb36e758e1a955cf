import type { Head, KeyFact } from '#shared/told.ts';

/**
 * Everything that a decision may look at, beside its payment's own facts: facts under a key, and earlier positions. What has not
 * been fetched yet is noted, and the decision is asked again when it has been: nothing can read a key without it being known
 * who read it.
 */
export interface Reads {
  facts(key: string): readonly KeyFact[];
  /** The buyer that the earliest counting payment under this key counts for: its position. */
  root(key: string): Head | null;
  /** Who the earliest attributed payment under this key was attributed to. */
  owner(key: string): Head | null;
}

export const keys = {
  alias: (alias: string) => `alias:${alias}`,
  click: (click: string) => `click:${click}`,
  code: (code: string) => `code:${code.toLowerCase()}`,
  address: (hash: string) => `address:${hash}`,
  customer: (customer: string) => `customer:${customer}`,
  externalId: (id: string) => `external:${id}`,
  participant: (id: string) => `participant:${id}`,
  contests: 'contests',
} as const;

/** The keys of a buyer, strongest first. */
export function buyerKeys(buyer: {
  customer: string | null;
  externalId: string | null;
  address: string | null;
}): string[] {
  return [
    ...(buyer.customer === null ? [] : [keys.customer(buyer.customer)]),
    ...(buyer.externalId === null ? [] : [keys.externalId(buyer.externalId)]),
    ...(buyer.address === null ? [] : [keys.address(buyer.address)]),
  ];
}
