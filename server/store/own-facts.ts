import type { FactSource } from '#shared/fact.ts';
import type { Merchant } from './merchants.ts';
import type { Reading } from '#shared/reading.ts';
import { writeReading } from '#shared/stored-reading.ts';
import type { Queries } from './database.ts';
import type { Store } from './store.ts';

/** Something that a merchant told us through the API or the Dashboard, on its way to being a fact. */
export interface OwnFact {
  readonly source: Exclude<FactSource, 'stripe'>;
  readonly type: string;
  /** Makes it the same fact when it is told again: an id of ours, or one of the merchant's. */
  readonly externalId: string;
  readonly version: string;
  readonly occurredAt: number;
  readonly receivedAt: number;
  /** As it was said; sealed. */
  readonly body: unknown;
  /** What derivation needs of it: nobody's name, addresses as keyed hash. */
  readonly reading: Reading;
}

/** Keeps it in the transaction that also changes what the API shows, so that the two never disagree. */
export async function keepOwnFact(store: Store, queries: Queries, merchant: Merchant, fact: OwnFact): Promise<void> {
  const { account, mode } = merchant;
  const body = Buffer.from(JSON.stringify(fact.body));
  const reading = writeReading(fact.reading);
  await store.keep(queries, [{ ...fact, account, mode, body, reading, unreadable: null }]);
}
