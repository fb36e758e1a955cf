import { createHash, randomBytes } from 'node:crypto';
import { merchantId } from '#shared/ids.ts';
import type { Scope as ApiScope } from '#shared/contract/keys.ts';
import type { Database, Queries } from './database.ts';
import { type Merchant, merchantById } from './merchants.ts';
import { scopeOf } from './scope.ts';

export interface ApiCaller {
  readonly merchant: Merchant;
  readonly keyId: string;
  readonly scopes: ReadonlySet<ApiScope>;
}

/** The key names its merchant, so that it is looked up where the merchant's rows are; the rest is 192 random bits. */
const KEY = /^brk_(live|test)_([0-9a-z]{1,12})_[A-Za-z0-9_-]{32}$/;

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

export async function createApiKey(
  database: Database,
  merchant: Merchant,
  scopes: readonly ApiScope[],
  now: number,
): Promise<{ id: string; key: string }> {
  const key = `brk_${merchant.mode}_${merchant.id.toString(36)}_${randomBytes(24).toString('base64url')}`;
  const id = `key_${randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  await scopeOf(database, merchant.id).insert(
    { table: 'api_key', columns: ['hash', 'id', 'scopes', 'last_four', 'created_at'] },
    [[hashOf(key), id, scopes.join(','), key.slice(-4), BigInt(now)]],
  );
  return { id, key };
}

export async function findCaller(queries: Queries, key: string): Promise<ApiCaller | null> {
  const [, mode, id] = KEY.exec(key) ?? [];
  if (mode === undefined || id === undefined) return null;
  const merchant = await merchantById(queries, merchantId(BigInt(Number.parseInt(id, 36))));
  if (merchant === null || merchant.mode !== mode) return null;
  const [row] = await scopeOf(queries, merchant.id).query<{ id: string; scopes: string }>(
    'select id, scopes from api_key where merchant = $1 and hash = $2 and revoked_at is null',
    [hashOf(key)],
  );
  if (row === undefined) return null;
  return { merchant, keyId: row.id, scopes: new Set(row.scopes.split(',') as ApiScope[]) };
}

export async function noteKeyUsed(database: Database, caller: ApiCaller, now: number): Promise<void> {
  await scopeOf(database, caller.merchant.id).query(
    'update api_key set last_used_at = $2 where merchant = $1 and id = $3',
    [BigInt(now), caller.keyId],
  );
}
