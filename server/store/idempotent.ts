import type { Database } from './database.ts';
import type { Keyring } from './keyring.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { MerchantId } from '#shared/ids.ts';

/** A request that carries an Idempotency-Key. */
export interface KeyedRequest {
  readonly merchant: MerchantId;
  readonly key: string;
  /** Hash of method, path and body: what makes it the same request. */
  readonly request: Uint8Array;
}

/** Whoever began it may say how it ended; somebody who took over a row that was left may not be overruled. */
export interface Begun extends KeyedRequest {
  readonly begunAt: number;
}

export interface StoredAnswer {
  readonly status: number;
  readonly text: string;
}

export type Beginning =
  | { readonly is: 'begun'; readonly begun: Begun }
  | { readonly is: 'answered'; readonly answer: StoredAnswer }
  | { readonly is: 'running' }
  | { readonly is: 'another_request' };

const KEPT_MS = 24 * 3_600_000;
/** Longer than any answer takes: whoever has not answered by then went down. */
const LEFT_AFTER_MS = 60_000;

interface Row {
  readonly request: Uint8Array;
  readonly status: bigint | null;
  readonly answer: Uint8Array | null;
}

export const begin = (database: Database, keyring: Keyring, asked: KeyedRequest, now: number): Promise<Beginning> =>
  database.transaction(async (queries) => {
    const scope = scopeOf(queries, asked.merchant);
    await scope.query(
      `delete from idempotent where merchant = $1 and
       (begun_at <= $2 or (key = $3 and status is null and begun_at <= $4))`,
      [BigInt(now - KEPT_MS), asked.key, BigInt(now - LEFT_AFTER_MS)],
    );
    const inserted = await scope.insert(
      {
        table: 'idempotent',
        columns: ['key', 'request', 'begun_at'],
        suffix: 'on conflict (merchant, key) do nothing returning key',
      },
      [[asked.key, asked.request, BigInt(now)]],
    );
    if (inserted.length === 1) return { is: 'begun', begun: { ...asked, begunAt: now } };
    return standing(scope, keyring, asked);
  });

async function standing(scope: Scope, keyring: Keyring, asked: KeyedRequest): Promise<Beginning> {
  const [row] = await scope.query<Row>(
    'select request, status, answer from idempotent where merchant = $1 and key = $2',
    [asked.key],
  );
  if (row === undefined) return { is: 'running' }; // it failed between the two queries: the next try begins it anew
  if (!Buffer.from(row.request).equals(asked.request)) return { is: 'another_request' };
  if (row.status === null || row.answer === null) return { is: 'running' };
  const text = keyring.open(row.answer, contextOf(asked)).toString();
  return { is: 'answered', answer: { status: Number(row.status), text } };
}

export async function keepAnswer(
  database: Database,
  keyring: Keyring,
  begun: Begun,
  { status, text }: StoredAnswer,
): Promise<void> {
  await scopeOf(database, begun.merchant).query(
    'update idempotent set status = $2, answer = $3 where merchant = $1 and key = $4 and begun_at = $5',
    [BigInt(status), keyring.seal(Buffer.from(text), contextOf(begun)), begun.key, BigInt(begun.begunAt)],
  );
}

/** It came to nothing: the same request may be tried again. */
export async function forget(database: Database, begun: Begun): Promise<void> {
  await scopeOf(database, begun.merchant).query(
    'delete from idempotent where merchant = $1 and key = $2 and begun_at = $3',
    [begun.key, BigInt(begun.begunAt)],
  );
}

const contextOf = ({ merchant, key }: KeyedRequest): string => `idempotent/${merchant}/${key}`;
