import { type ContestId, type MerchantId, merchantId, type Sequence, sequence } from '#shared/ids.ts';
import type { Keyring } from './keyring.ts';
import { type Database, only, type Queries } from './database.ts';
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
  if (!(await claimSlug(queries, merchant, contest))) return false;
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

/** A contest that takes another slug keeps the old one too: links with it are printed and posted. */
export async function claimSlug(
  queries: Queries,
  merchant: MerchantId,
  { id, slug }: { readonly id: ContestId; readonly slug: string },
): Promise<boolean> {
  await queries.query('insert into slug (slug, merchant, contest) values ($1, $2, $3) on conflict do nothing', [
    slug,
    merchant,
    id,
  ]);
  const rows = await queries.query('select slug from slug where slug = $1 and merchant = $2 and contest = $3', [
    slug,
    merchant,
    id,
  ]);
  return rows.length > 0;
}

export interface ContestRow {
  readonly id: ContestId;
  readonly number: Sequence;
  readonly document: string;
  readonly publicKey: string;
  readonly createdAt: number;
}

interface Selected {
  readonly id: string;
  readonly number: bigint;
  readonly document: string;
  readonly public_key: string;
  readonly created_at: bigint;
}

const COLUMNS = 'id, number, document, public_key, created_at';

const rowOf = (row: Selected): ContestRow => ({
  id: row.id as ContestId,
  number: sequence(row.number),
  document: row.document,
  publicKey: row.public_key,
  createdAt: Number(row.created_at),
});

export async function contestById(scope: Scope, id: ContestId): Promise<ContestRow | null> {
  const [row] = await scope.query<Selected>(`select ${COLUMNS} from contest where merchant = $1 and id = $2`, [id]);
  return row === undefined ? null : rowOf(row);
}

/** Newest first, before the given number. */
export async function listContests(
  scope: Scope,
  page: { readonly before: Sequence | null; readonly limit: number },
): Promise<ContestRow[]> {
  const rows = await scope.query<Selected>(
    `select ${COLUMNS} from contest where merchant = $1 and number < $2 order by number desc limit $3`,
    [page.before ?? 2n ** 63n - 1n, BigInt(page.limit)],
  );
  return rows.map(rowOf);
}

/** The contest as it stands, and nobody else's change before this transaction ends. */
export async function lockContest(scope: Scope, id: ContestId): Promise<ContestRow> {
  const rows = await scope.query<Selected>(
    `update contest set id = id where merchant = $1 and id = $2 returning ${COLUMNS}`,
    [id],
  );
  return rowOf(only(rows));
}

export async function changeDocument(
  scope: Scope,
  contest: { readonly id: ContestId; readonly slug: string; readonly document: string },
): Promise<void> {
  await scope.query('update contest set slug = $3, document = $4 where merchant = $1 and id = $2', [
    contest.id,
    contest.slug,
    contest.document,
  ]);
}

/** A contest's public id is all that a webhook's address says; its merchant follows from it. */
export async function merchantOfContest(queries: Queries, contest: ContestId): Promise<Merchant | null> {
  const [row] = await queries.query<{ merchant: bigint }>('select merchant from contest where id = $1', [contest]);
  return row === undefined ? null : merchantById(queries, merchantId(row.merchant));
}

interface SecretsOf {
  readonly merchant: MerchantId;
  readonly contest: ContestId;
  readonly kind: SecretKind;
}

export const replaceSecrets = (
  database: Database,
  keyring: Keyring,
  of: SecretsOf,
  secrets: readonly string[],
  now: number,
): Promise<void> =>
  database.transaction(async (queries) => {
    await scopeOf(queries, of.merchant).query(
      'delete from contest_secret where merchant = $1 and contest = $2 and kind = $3',
      [of.contest, of.kind],
    );
    await addSecrets(queries, keyring, of, secrets, { now, place: 0n });
  });

/** The secret that is in use from now on. Those before it go on working until `oldUntil`, and no longer than they would have. */
export async function rotateSecret(
  queries: Queries,
  keyring: Keyring,
  of: SecretsOf,
  secret: string,
  { now, oldUntil }: { readonly now: number; readonly oldUntil: number },
): Promise<void> {
  const scope = scopeOf(queries, of.merchant);
  await scope.query(
    'delete from contest_secret where merchant = $1 and contest = $2 and kind = $3 and expires_at <= $4',
    [of.contest, of.kind, BigInt(now)],
  );
  await scope.query(
    `update contest_secret set expires_at = $4
     where merchant = $1 and contest = $2 and kind = $3 and expires_at is null`,
    [of.contest, of.kind, BigInt(oldUntil)],
  );
  const { place } = only(
    await scope.query<{ place: bigint }>(
      `select coalesce(max(place), -1) + 1 as place from contest_secret
       where merchant = $1 and contest = $2 and kind = $3`,
      [of.contest, of.kind],
    ),
  );
  await addSecrets(queries, keyring, of, [secret], { now, place });
}

async function addSecrets(
  queries: Queries,
  keyring: Keyring,
  of: SecretsOf,
  secrets: readonly string[],
  { now, place }: { readonly now: number; readonly place: bigint },
): Promise<void> {
  await scopeOf(queries, of.merchant).insert(
    { table: 'contest_secret', columns: ['contest', 'kind', 'place', 'sealed', 'last_four', 'added_at'] },
    secrets.map((secret, index) => [
      of.contest,
      of.kind,
      place + BigInt(index),
      keyring.seal(Buffer.from(secret), contextOf(of.contest, of.kind)),
      secret.slice(-4),
      BigInt(now),
    ]),
  );
}

/** Those that are valid now. */
export async function secretsOf(queries: Queries, keyring: Keyring, of: SecretsOf, now: number): Promise<string[]> {
  const rows = await scopeOf(queries, of.merchant).query<{ sealed: Uint8Array }>(
    `select sealed from contest_secret
     where merchant = $1 and contest = $2 and kind = $3 and (expires_at is null or expires_at > $4) order by place`,
    [of.contest, of.kind, BigInt(now)],
  );
  return rows.map(({ sealed }) => keyring.open(sealed, contextOf(of.contest, of.kind)).toString());
}

const contextOf = (contest: ContestId, kind: SecretKind): string => `contest_secret/${contest}/${kind}`;
