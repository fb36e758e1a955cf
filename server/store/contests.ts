import { type ContestId, type MerchantId, merchantId } from '#shared/ids.ts';
import type { Keyring } from './keyring.ts';
import type { Database, Queries } from './database.ts';
import { type Merchant, merchantById } from './merchants.ts';
import { type Scope, scopeOf } from './scope.ts';

/** Which sender signs its deliveries to a contest with a secret of this kind. */
export type SecretKind = 'stripe' | 'shopify' | 'purchase';

export interface NewContest {
  readonly id: ContestId;
  readonly number: bigint;
  readonly slug: string;
  /** The contest as the API shows it, as JSON. */
  readonly document: string;
  readonly publicKey: string;
  readonly now: number;
}

/** False when the slug is taken by another contest of the installation. */
export async function insertContest(queries: Queries, merchant: MerchantId, contest: NewContest): Promise<boolean> {
  const taken = await queries.query(
    'insert into slug (slug, merchant, contest) values ($1, $2, $3) on conflict do nothing returning slug',
    [contest.slug, merchant, contest.id],
  );
  if (taken.length === 0) return false;
  await scopeOf(queries, merchant).insert(
    { table: 'contest', columns: ['id', 'number', 'slug', 'document', 'public_key', 'created_at'] },
    [[contest.id, contest.number, contest.slug, contest.document, contest.publicKey, BigInt(contest.now)]],
  );
  return true;
}

/** The merchant's contests, in the order in which they were created. */
export async function contestIds(scope: Scope): Promise<string[]> {
  const rows = await scope.query<{ id: string }>('select id from contest where merchant = $1 order by number');
  return rows.map(({ id }) => id);
}

/** A contest's public id is all that a webhook's address says; its merchant follows from it. */
export async function merchantOfContest(queries: Queries, contest: ContestId): Promise<Merchant | null> {
  const [row] = await queries.query<{ merchant: bigint }>('select merchant from contest where id = $1', [contest]);
  return row === undefined ? null : merchantById(queries, merchantId(row.merchant));
}

export async function replaceSecrets(
  database: Database,
  keyring: Keyring,
  of: { readonly merchant: MerchantId; readonly contest: ContestId; readonly kind: SecretKind },
  secrets: readonly string[],
  now: number,
): Promise<void> {
  await database.transaction(async (queries) => {
    const scope = scopeOf(queries, of.merchant);
    await scope.query('delete from contest_secret where merchant = $1 and contest = $2 and kind = $3', [
      of.contest,
      of.kind,
    ]);
    await scope.insert(
      { table: 'contest_secret', columns: ['contest', 'kind', 'place', 'sealed', 'last_four', 'added_at'] },
      secrets.map((secret, place) => [
        of.contest,
        of.kind,
        BigInt(place),
        keyring.seal(Buffer.from(secret), contextOf(of.contest, of.kind)),
        secret.slice(-4),
        BigInt(now),
      ]),
    );
  });
}

export async function secretsOf(
  queries: Queries,
  keyring: Keyring,
  of: { readonly merchant: MerchantId; readonly contest: ContestId; readonly kind: SecretKind },
): Promise<string[]> {
  const rows = await scopeOf(queries, of.merchant).query<{ sealed: Uint8Array }>(
    'select sealed from contest_secret where merchant = $1 and contest = $2 and kind = $3 order by place',
    [of.contest, of.kind],
  );
  return rows.map(({ sealed }) => keyring.open(sealed, contextOf(of.contest, of.kind)).toString());
}

const contextOf = (contest: ContestId, kind: SecretKind): string => `contest_secret/${contest}/${kind}`;
