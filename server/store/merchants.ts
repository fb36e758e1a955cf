import { type MerchantId, merchantId } from '#shared/ids.ts';
import type { MerchantName, Mode } from '#shared/mode.ts';
import { type Database, only, type Queries } from './database.ts';

export interface Merchant extends MerchantName {
  readonly id: MerchantId;
  readonly coveredSince: number;
  readonly addedAt: number;
}

export interface NewMerchant extends MerchantName {
  /** When our history of this merchant begins. */
  readonly coveredSince: number;
  readonly now: number;
}

interface MerchantRow {
  readonly id: bigint;
  readonly account: string;
  readonly mode: Mode;
  readonly covered_since: bigint;
  readonly added_at: bigint;
}

/** Adds a merchant, or finds the one that is there already: adding twice is not an error. */
export async function addMerchant(
  database: Database,
  merchant: NewMerchant,
): Promise<{ merchant: Merchant; isNew: boolean }> {
  const found = await findMerchant(database, merchant);
  if (found !== null) return { merchant: found, isNew: false };
  for (;;) {
    const added = await tryToAdd(database, merchant); // false: somebody else took the number or the name just now
    const there = await findMerchant(database, merchant);
    if (there !== null) return { merchant: there, isNew: added };
  }
}

async function tryToAdd(database: Database, merchant: NewMerchant): Promise<boolean> {
  return database.transaction(async (queries) => {
    const { id } = only(await queries.query<{ id: bigint }>('select coalesce(max(id), 0) + 1 as id from merchant'));
    const rows = await queries.query(
      `insert into merchant (id, account, mode, covered_since, added_at) values ($1, $2, $3, $4, $5)
       on conflict do nothing returning id`,
      [id, merchant.account, merchant.mode, BigInt(merchant.coveredSince), BigInt(merchant.now)],
    );
    if (rows.length === 1) await queries.query('insert into lease (merchant) values ($1)', [id]);
    return rows.length === 1;
  });
}

/** Finds a merchant's number by its name, and remembers it: numbers never change, and every delivery asks. */
export interface MerchantDirectory {
  find(queries: Queries, name: MerchantName): Promise<MerchantId | null>;
}

const REMEMBERED = 10_000;

export function createMerchantDirectory(): MerchantDirectory {
  const known = new Map<string, MerchantId>();
  return {
    find: async (queries, name) => {
      const key = `${name.mode} ${name.account}`;
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const found = await findMerchant(queries, name);
      if (found === null) return null;
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, found.id);
      return found.id;
    },
  };
}

const COLUMNS = 'id, account, mode, covered_since, added_at';

export async function findMerchant(queries: Queries, name: MerchantName): Promise<Merchant | null> {
  const [row] = await queries.query<MerchantRow>(`select ${COLUMNS} from merchant where account = $1 and mode = $2`, [
    name.account,
    name.mode,
  ]);
  return row === undefined ? null : merchantOf(row);
}

export async function merchantById(queries: Queries, id: MerchantId): Promise<Merchant | null> {
  const [row] = await queries.query<MerchantRow>(`select ${COLUMNS} from merchant where id = $1`, [id]);
  return row === undefined ? null : merchantOf(row);
}

/** Merchants for whose account something came in before they were added. */
export async function merchantsWithUnclaimed(queries: Queries): Promise<MerchantName[]> {
  return queries.query<MerchantName & Record<string, string>>(
    `select distinct merchant.account, merchant.mode from merchant
     join unclaimed on unclaimed.account = merchant.account and unclaimed.mode = merchant.mode`,
  );
}

const merchantOf = (row: MerchantRow): Merchant => ({
  id: merchantId(row.id),
  account: row.account,
  mode: row.mode,
  coveredSince: Number(row.covered_since),
  addedAt: Number(row.added_at),
});
