import type { FactSource } from '#shared/fact.ts';
import { type MerchantId, merchantId, type Sequence, sequence } from '#shared/ids.ts';
import { type Dialect, inList, type Queries } from './database.ts';
import type { Scope } from './scope.ts';

/** A fact whose turn has come. `tries` counts how often working it through has failed before. */
export interface Waiting {
  readonly seq: Sequence;
  readonly source: FactSource;
  readonly type: string;
  readonly externalId: string;
  readonly occurredAt: number | null;
  readonly reading: string | null;
  readonly tries: number;
}

/** The next merchant after `after` for whom something waits, in order of their numbers: everybody's turn comes round. */
export async function nextMerchant(
  queries: Queries,
  after: MerchantId | null,
  now: number,
): Promise<MerchantId | null> {
  const [found] = await queries.query<{ merchant: bigint | null }>(
    `select min(merchant) as merchant from (
       select min(merchant) as merchant from unread where merchant > $1
       union all
       select min(merchant) as merchant from aside where due_at <= $2 and merchant > $1
       union all
       select min(merchant) as merchant from dirty where merchant > $1 and due_at <= $2
       union all
       select min(merchant) as merchant from dirty_range where merchant > $1
     ) as waiting`,
    [after ?? -1n, BigInt(now)],
  );
  return found === undefined || found.merchant === null ? null : merchantId(found.merchant);
}

/** Holds the merchant for this transaction; false when another worker has it. */
export async function takeLease(scope: Scope, dialect: Dialect): Promise<boolean> {
  const rows = await scope.query(`select merchant from lease where merchant = $1 ${dialect.lockOrSkip}`);
  return rows.length === 1;
}

/** What waits, oldest first: from the queue, and what was set aside and is due. */
export async function waiting(scope: Scope, limit: number, now: number): Promise<Waiting[]> {
  const unread = await scope.query<{ seq: bigint }>(
    'select seq from unread where merchant = $1 order by seq limit $2',
    [BigInt(limit)],
  );
  const due = await scope.query<{ seq: bigint; tries: bigint }>(
    'select seq, tries from aside where merchant = $1 and due_at <= $3 order by due_at limit $2',
    [BigInt(limit), BigInt(now)],
  );
  const tries = new Map([
    ...unread.map(({ seq }) => [seq, 0n] as const),
    ...due.map((row) => [row.seq, row.tries] as const),
  ]);
  if (tries.size === 0) return [];
  // In a query of its own: a join would let PostgreSQL begin at the merchant's first fact and read up to the queue.
  const list = inList([...tries.keys()], 2);
  const rows = await scope.query<WaitingRow>(
    `select seq, source, type, external_id, occurred_at, reading from fact where merchant = $1 and seq in ${list.text} order by seq`,
    list.values,
  );
  return rows.map((row) => ({
    seq: sequence(row.seq),
    source: row.source,
    type: row.type,
    externalId: row.external_id,
    occurredAt: row.occurred_at === null ? null : Number(row.occurred_at),
    reading: row.reading,
    tries: Number(tries.get(row.seq) ?? 0n),
  }));
}

interface WaitingRow {
  readonly seq: bigint;
  readonly source: FactSource;
  readonly type: string;
  readonly external_id: string;
  readonly occurred_at: bigint | null;
  readonly reading: string | null;
}

export async function keepReading(scope: Scope, seq: Sequence, reading: string): Promise<void> {
  await scope.query('update fact set reading = $3 where merchant = $1 and seq = $2', [seq, reading]);
}

export async function markUnreadable(scope: Scope, seq: Sequence, reason: string): Promise<void> {
  await scope.insert({ table: 'unreadable', columns: ['seq', 'reason'], suffix: 'on conflict do nothing' }, [
    [seq, reason],
  ]);
}

/** Takes facts that have been worked through out of where they waited; says how many did still wait. */
export async function leaveQueue(scope: Scope, facts: readonly Waiting[]): Promise<number> {
  let left = 0;
  for (const [table, theirs] of Map.groupBy(facts, ({ tries }) => (tries === 0 ? 'unread' : 'aside'))) {
    const list = inList(
      theirs.map(({ seq }) => seq),
      2,
    );
    const rows = await scope.query(
      `delete from ${table} where merchant = $1 and seq in ${list.text} returning seq`,
      list.values,
    );
    left += rows.length;
  }
  return left;
}

export interface SetAside {
  readonly reason: string;
  readonly dueAt: number;
}

/** Out of the queue, so that it holds up nobody, with its reason and the time of the next try. */
export async function setAside(scope: Scope, fact: Waiting, { reason, dueAt }: SetAside): Promise<void> {
  if ((await leaveQueue(scope, [fact])) === 0) return; // another worker has done it in the meantime
  await scope.insert({ table: 'aside', columns: ['seq', 'reason', 'tries', 'due_at'] }, [
    [fact.seq, reason, BigInt(fact.tries + 1), BigInt(dueAt)],
  ]);
}

export async function dropOldUnclaimed(queries: Queries, before: number): Promise<void> {
  await queries.query('delete from unclaimed where received_at < $1', [BigInt(before)]);
}

export interface QueueSize {
  readonly unread: number;
  readonly failed: number;
  readonly unreadable: number;
  readonly unclaimed: number;
  readonly rivals: number;
}

export async function queueSize(queries: Queries): Promise<QueueSize> {
  const [row] = await queries.query<Record<keyof QueueSize, bigint>>(
    `select (select count(*) from unread) as unread, (select count(*) from aside) as failed,
            (select count(*) from unreadable) as unreadable, (select count(*) from unclaimed) as unclaimed,
            (select count(*) from rival) as rivals`,
  );
  if (row === undefined) throw new Error('counting gave nothing');
  return {
    unread: Number(row.unread),
    failed: Number(row.failed),
    unreadable: Number(row.unreadable),
    unclaimed: Number(row.unclaimed),
    rivals: Number(row.rivals),
  };
}
