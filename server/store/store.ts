import type { MerchantId, Sequence } from '#shared/ids.ts';
import { type Arrival, keepArrivals, takeUnclaimed, type Unclaimed } from './arrivals.ts';
import { type Database, type Queries, only } from './database.ts';
import type { Keyring, MatchKey } from './keyring.ts';
import { migrate } from './migrate.ts';
import { createMerchantDirectory } from './merchants.ts';
import { openPostgres } from './postgres.ts';
import { type Scope, scopeOf } from './scope.ts';
import { createSequencer } from './sequencer.ts';
import { openSqlite } from './sqlite.ts';

/** An open store: the database, the keys that its secrets are sealed with, and the numbers that it gives out. */
export interface Store {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly matchKey: MatchKey;
  /** The one handle that reaches a merchant's rows, and no other's. */
  of(merchant: MerchantId): Scope;
  readonly nextSequence: () => Sequence;
  /** Says which of them are new; the others were there already. */
  keep(queries: Queries, arrivals: readonly Arrival[]): Promise<ReadonlySet<Arrival>>;
  takeUnclaimed(
    queries: Queries,
    name: { account: string; mode: 'live' | 'test' },
    limit: number,
  ): Promise<Unclaimed[]>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** `file:…` or `postgres://…` */
  readonly url: string;
  readonly keyring: Keyring;
  readonly matchKey: MatchKey;
  readonly now: () => number;
}

export const isFileUrl = (url: string): boolean => url.startsWith('file:');

export function openDatabase(url: string): Database {
  return isFileUrl(url) ? openSqlite(url.slice('file:'.length)) : openPostgres(url);
}

/** Opens the database as it is: the thread that shares it with a process that has migrated it. */
export function attachStore(database: Database, options: Omit<StoreOptions, 'url'>): Store {
  const { keyring, matchKey } = options;
  const nextSequence: () => Sequence = createSequencer(options.now);
  const directory = createMerchantDirectory();
  return {
    database,
    keyring,
    matchKey,
    nextSequence,
    of: (merchant) => scopeOf(database, merchant),
    keep: (queries, arrivals) => keepArrivals(queries, { keyring, nextSequence, directory }, arrivals),
    takeUnclaimed: (queries, name, limit) => takeUnclaimed(queries, keyring, name, limit),
    close: () => database.close(),
  };
}

/** Opens, migrates, and makes sure that the keys are the ones that this store was sealed with. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = openDatabase(options.url);
  try {
    await migrate(database);
    await checkKeys(database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
  return attachStore(database, options);
}

/** The keys given now are not those that the data is sealed with. */
export class WrongKeys extends Error {
  override readonly name = 'WrongKeys';
}

const SEAL_CHECK = 'seal check';
const MATCH_CHECK = 'match check';

async function checkKeys(database: Database, { keyring, matchKey }: StoreOptions): Promise<void> {
  const sealed = await remembered(database, 'seal', () => keyring.seal(Buffer.from(SEAL_CHECK), SEAL_CHECK));
  try {
    keyring.open(sealed, SEAL_CHECK);
  } catch (error) {
    throw new WrongKeys(
      `ENCRYPTION_KEYS does not open this database: ${(error as Error).message}. Put the key back that it was sealed with.`,
      { cause: error },
    );
  }
  const matched = await remembered(database, 'match', () => Buffer.from(matchKey(MATCH_CHECK)));
  if (Buffer.from(matched).toString() !== matchKey(MATCH_CHECK)) {
    throw new WrongKeys('MATCH_KEY is not the one that this database was filled with. Put it back.');
  }
}

async function remembered(database: Database, name: string, first: () => Uint8Array): Promise<Uint8Array> {
  await database.query('insert into installation (name, value) values ($1, $2) on conflict do nothing', [
    name,
    first(),
  ]);
  return only(await database.query<{ value: Uint8Array }>('select value from installation where name = $1', [name]))
    .value;
}

/** Whether a write can be committed now; throws `StoreUnavailable` when not. */
export async function probe(database: Database, now: number): Promise<void> {
  await database.query(
    `insert into installation (name, value) values ('probe', $1) on conflict (name) do update set value = excluded.value`,
    [Buffer.from(String(now))],
  );
}
