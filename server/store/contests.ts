import { type ContestId, type MerchantId, merchantId } from '#shared/ids.ts';
import type { Keyring } from './keyring.ts';
import type { Database, Queries } from './database.ts';
import { type Merchant, merchantById } from './merchants.ts';
import { scopeOf } from './scope.ts';

/** Which sender signs its deliveries to a contest with a secret of this kind. */
export type SecretKind = 'stripe';

export async function addContest(
  database: Database,
  merchant: MerchantId,
  contest: { readonly id: ContestId; readonly name: string; readonly now: number },
): Promise<void> {
  await scopeOf(database, merchant).insert({ table: 'contest', columns: ['id', 'name', 'created_at'] }, [
    [contest.id, contest.name, BigInt(contest.now)],
  ]);
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
      { table: 'contest_secret', columns: ['contest', 'kind', 'place', 'sealed', 'added_at'] },
      secrets.map((secret, place) => [
        of.contest,
        of.kind,
        BigInt(place),
        keyring.seal(Buffer.from(secret), contextOf(of.contest, of.kind)),
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
