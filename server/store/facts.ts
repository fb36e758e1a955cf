import { createHash } from 'node:crypto';
import type { FactKey, FactSource, FactState } from '#shared/fact.ts';
import { type Sequence, sequence } from '#shared/ids.ts';
import type { Reading } from '#shared/reading.ts';
import { parseReading } from '#shared/stored-reading.ts';
import { openBodies, sealBodies } from './bodies.ts';
import { inList, only } from './database.ts';
import type { Keyring } from './keyring.ts';
import type { Scope } from './scope.ts';

/** A fact as lists show it. */
export interface FactRow extends FactKey {
  readonly seq: Sequence;
  readonly id: string;
  readonly type: string;
  readonly state: FactState;
  readonly reason: string | null;
  readonly occurredAt: number | null;
  readonly receivedAt: number;
}

interface Selected {
  readonly seq: bigint;
  readonly source: FactSource;
  readonly external_id: string;
  readonly version: string;
  readonly type: string;
  readonly occurred_at: bigint | null;
  readonly received_at: bigint;
  readonly unread: bigint | null;
  readonly aside: string | null;
  readonly unreadable: string | null;
}

/** Comes from the outside alone, so that it is the same on every instance and after every replay. */
export const factIdOf = (key: FactKey): string =>
  `fact_${createHash('sha256').update(`${key.source}\n${key.externalId}\n${key.version}`).digest('hex').slice(0, 24)}`;

/** A state is where the fact's number stands: in the queue, set aside, among the unreadable, or in none of them. */
const STANDS: Record<FactState, string> = {
  pending: 'unread.seq is not null',
  failed: 'aside.seq is not null',
  unreadable: 'unreadable.seq is not null',
  done: 'unread.seq is null and aside.seq is null and unreadable.seq is null',
};

/** Newest first, before the given sequence. */
export async function listFacts(
  scope: Scope,
  page: { readonly before: Sequence | null; readonly state: FactState | null; readonly limit: number },
): Promise<FactRow[]> {
  const rows = await scope.query<Selected>(
    `select fact.seq, fact.source, fact.external_id, fact.version, fact.type, fact.occurred_at, fact.received_at,
            unread.seq as unread, aside.reason as aside, unreadable.reason as unreadable
     from fact
     left join unread on unread.merchant = fact.merchant and unread.seq = fact.seq
     left join aside on aside.merchant = fact.merchant and aside.seq = fact.seq
     left join unreadable on unreadable.merchant = fact.merchant and unreadable.seq = fact.seq
     where fact.merchant = $1 and fact.seq < $2 ${page.state === null ? '' : `and ${STANDS[page.state]}`}
     order by fact.seq desc limit $3`,
    [page.before ?? LAST, BigInt(page.limit)],
  );
  return rows.map(rowOf);
}

const LAST = 2n ** 63n - 1n;

function rowOf(row: Selected): FactRow {
  const key = { source: row.source, externalId: row.external_id, version: row.version };
  return {
    ...key,
    seq: sequence(row.seq),
    id: factIdOf(key),
    type: row.type,
    state:
      row.unread !== null ? 'pending' : row.aside !== null ? 'failed' : row.unreadable !== null ? 'unreadable' : 'done',
    reason: row.aside ?? row.unreadable,
    occurredAt: row.occurred_at === null ? null : Number(row.occurred_at),
    receivedAt: Number(row.received_at),
  };
}

/**
 * How much of what was received up to `upTo` is still to be worked through: facts, what they marked, and people whom they have
 * enrolled, which are facts too. What was set aside waits for nobody.
 */
export async function countPending(scope: Scope, upTo: Sequence, now: number): Promise<number> {
  const rows = await scope.query<{ n: bigint }>(
    `select (select count(*) from unread where merchant = $1 and seq < $2)
          + (select count(*) from dirty where merchant = $1 and due_at <= $3)
          + (select count(*) from dirty_range where merchant = $1)
          + (select count(*) from unread join fact on fact.merchant = unread.merchant and fact.seq = unread.seq
             where unread.merchant = $1 and unread.seq >= $2 and fact.type = 'participant.joined') as n`,
    [upTo, BigInt(now)],
  );
  return Number(only(rows).n);
}

export interface BodyReader {
  /** A fact's body as it was received; null once it has been erased. */
  bodyOf(scope: Scope, seq: Sequence): Promise<Buffer | null>;
}

/** Remembers the last piece that it opened: facts that were kept together are read together. */
export function createBodyReader(keyring: Keyring): BodyReader {
  let last: { readonly merchant: bigint; readonly id: bigint; readonly bodies: readonly (Buffer | null)[] } | null =
    null;
  const open = async (scope: Scope, id: bigint) => {
    if (last !== null && last.merchant === scope.merchant && last.id === id) return last.bodies;
    const rows = await scope.query<{ sealed: Uint8Array }>('select sealed from body where merchant = $1 and id = $2', [
      id,
    ]);
    const bodies = rows[0] === undefined ? [] : openBodies(keyring, scope.merchant, id, rows[0].sealed);
    last = { merchant: scope.merchant, id, bodies };
    return bodies;
  };
  return {
    bodyOf: async (scope, seq) => {
      const [at] = await scope.query<{ body: bigint; place: bigint }>(
        'select body, place from fact where merchant = $1 and seq = $2',
        [seq],
      );
      return at === undefined ? null : ((await open(scope, at.body))[Number(at.place)] ?? null);
    },
  };
}

/** A fact by its key. */
export async function findFact(scope: Scope, key: FactKey): Promise<{ seq: Sequence; reading: Reading | null } | null> {
  const [row] = await scope.query<{ seq: bigint; reading: string | null }>(
    'select seq, reading from fact where merchant = $1 and source = $2 and external_id = $3 and version = $4',
    [key.source, key.externalId, key.version],
  );
  if (row === undefined) return null;
  return { seq: sequence(row.seq), reading: row.reading === null ? null : parseReading(row.reading) };
}

/** Whether whoever consulted a key is still to be marked. */
export async function isSpreading(scope: Scope, key: string): Promise<boolean> {
  return (await scope.query('select key from dirty_range where merchant = $1 and key = $2', [key])).length > 0;
}

/** Whether a fact, or the payment that it belongs to, is still to be worked through. */
export async function isUnderWay(scope: Scope, key: FactKey): Promise<boolean> {
  const rows = await scope.query(
    `select fact.seq from fact
     left join unread on unread.merchant = fact.merchant and unread.seq = fact.seq
     left join told on told.merchant = fact.merchant and told.seq = fact.seq
     left join alias on alias.merchant = told.merchant and alias.alias = substr(told.key, 7) -- behind "alias:"
     left join dirty on dirty.merchant = alias.merchant and dirty.payment = alias.payment
     where fact.merchant = $1 and fact.source = $2 and fact.external_id = $3 and fact.version = $4
     and (unread.seq is not null or dirty.payment is not null)`,
    [key.source, key.externalId, key.version],
  );
  return rows.length > 0;
}

export interface ToldBody {
  readonly source: FactSource;
  readonly body: Buffer;
}

/** The bodies of the facts that were told under these keys, in the order in which things happened. */
export async function bodiesUnder(scope: Scope, keyring: Keyring, toldKeys: readonly string[]): Promise<ToldBody[]> {
  const list = inList(toldKeys, 2);
  const rows = await scope.query<{ source: FactSource; body: bigint; place: bigint; sealed: Uint8Array }>(
    `select fact.source, fact.body, fact.place, body.sealed from told
     join fact on fact.merchant = told.merchant and fact.seq = told.seq
     join body on body.merchant = fact.merchant and body.id = fact.body
     where told.merchant = $1 and told.key in ${list.text} order by told.at, fact.external_id`,
    list.values,
  );
  return rows.flatMap(({ source, body: id, place, sealed }) => {
    const body = openBodies(keyring, scope.merchant, id, sealed)[Number(place)] ?? null;
    return body === null ? [] : [{ source, body }];
  });
}

/** Takes the bodies of these facts off the disk; the facts and the bodies of others that travelled with them stay. */
export async function eraseBodies(scope: Scope, keyring: Keyring, seqs: readonly Sequence[]): Promise<void> {
  const places = new Map<bigint, Set<number>>();
  for (const seq of seqs) {
    const rows = await scope.query<{ body: bigint; place: bigint }>(
      `select body, place from fact where merchant = $1 and seq = $2
       union all select body, place from rival where merchant = $1 and seq = $2`,
      [seq],
    );
    for (const { body, place } of rows) {
      places.set(body, (places.get(body) ?? new Set()).add(Number(place)));
    }
  }
  for (const [id, gone] of places) {
    const { sealed } = only(
      await scope.query<{ sealed: Uint8Array }>('select sealed from body where merchant = $1 and id = $2', [id]),
    );
    const bodies = openBodies(keyring, scope.merchant, id, sealed).map((body, place) =>
      gone.has(place) ? null : body,
    );
    await scope.query('update body set sealed = $3 where merchant = $1 and id = $2', [
      id,
      sealBodies(keyring, scope.merchant, id, bodies),
    ]);
  }
}
