import { createHash } from 'node:crypto';
import type { FactEnvelope, FactSource } from '#shared/fact.ts';
import type { MerchantId, Sequence } from '#shared/ids.ts';
import type { MerchantName } from '#shared/mode.ts';
import { openBodies, sealBodies } from './bodies.ts';
import { inList, type Queries, together, type Value } from './database.ts';
import { compress, decompress, type Keyring } from './keyring.ts';
import type { MerchantDirectory } from './merchants.ts';
import { type Scope, scopeOf } from './scope.ts';

/** A delivery whose envelope has been opened, on its way to the disk. */
export interface Arrival extends FactEnvelope, MerchantName {
  readonly receivedAt: number;
  readonly body: Uint8Array;
  /** What derivation needs of it; null when reading it failed and has to be tried again. */
  readonly reading: string | null;
  /** Why it will never be worked through, where that is known already. */
  readonly unreadable: string | null;
}

export interface Keeping {
  readonly keyring: Keyring;
  readonly nextSequence: () => Sequence;
  readonly directory: MerchantDirectory;
}

/** An arrival of a known merchant, with its number and its place among the bodies of this commit. */
interface Numbered {
  readonly arrival: Arrival;
  readonly merchant: MerchantId;
  readonly seq: Sequence;
  readonly body: Sequence;
  readonly place: number;
}

/**
 * Keeps each arrival once, in the transaction that it is given: as a fact of its merchant, or as unclaimed. Says which of
 * them are new.
 */
export async function keepArrivals(
  queries: Queries,
  keeping: Keeping,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<Arrival>> {
  // By merchant, then by key: in one order everywhere, so that two batches with overlapping duplicates can't lock each
  // other out.
  const byMerchant = new Map<MerchantId, Arrival[]>();
  const unclaimed: Arrival[] = [];
  for (const arrival of arrivals.toSorted(byKey)) {
    const merchant = await keeping.directory.find(queries, arrival);
    if (merchant === null) unclaimed.push(arrival);
    else byMerchant.set(merchant, [...(byMerchant.get(merchant) ?? []), arrival]);
  }
  const inOrder = [...byMerchant].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const numbered = inOrder.flatMap(([merchant, theirs]) => {
    const body = keeping.nextSequence();
    return theirs.map((arrival, place) => ({ arrival, merchant, seq: keeping.nextSequence(), body, place }));
  });
  if (unclaimed.length > 0) await keepUnclaimed(queries, keeping.keyring, unclaimed);
  const kept = numbered.length > 0 ? await keepFacts(queries, keeping.keyring, numbered) : [];
  return new Set([...kept, ...unclaimed]);
}

const FACTS = {
  table: 'fact',
  columns: [
    'merchant',
    'seq',
    'source',
    'external_id',
    'version',
    'type',
    'occurred_at',
    'received_at',
    'body',
    'place',
    'reading',
  ],
  suffix: 'on conflict (merchant, source, external_id, version) do nothing returning seq',
} as const;

/**
 * As if all of them were new, which nearly always they are: so that a database that is far away is asked once, and not four
 * times. What was there already is taken out again.
 */
async function keepFacts(queries: Queries, keyring: Keyring, numbered: readonly Numbered[]): Promise<Arrival[]> {
  const readable = numbered.filter(({ arrival }) => arrival.unreadable === null);
  const kept = await together(
    queries.insert<{ seq: bigint }>(FACTS, numbered.map(factRow)),
    insertBodies(queries, keyring, numbered),
    queries.insert(
      { table: 'unread', columns: ['merchant', 'seq'] },
      readable.map(({ merchant, seq }) => [merchant, seq]),
    ),
    queries.insert(
      { table: 'unreadable', columns: ['merchant', 'seq', 'reason'] },
      numbered.flatMap(({ arrival, merchant, seq }) =>
        arrival.unreadable === null ? [] : [[merchant, seq, arrival.unreadable]],
      ),
    ),
  );
  const isNew = new Set(kept.map(({ seq }) => seq));
  const repeated = numbered.filter(({ seq }) => !isNew.has(seq));
  if (repeated.length > 0) await takeOut(queries, keyring, numbered, repeated);
  return numbered.filter(({ seq }) => isNew.has(seq)).map(({ arrival }) => arrival);
}

/** What came again: its place in the queue, and its body with that of nobody new. A rival's body stays. */
async function takeOut(
  queries: Queries,
  keyring: Keyring,
  numbered: readonly Numbered[],
  repeated: readonly Numbered[],
): Promise<void> {
  const rivals = new Set(await keepRivals(queries, keyring, repeated));
  const used = new Set(numbered.filter((one) => !repeated.includes(one)).map(({ body }) => body));
  for (const [merchant, theirs] of Map.groupBy(repeated, (one) => one.merchant)) {
    const scope = scopeOf(queries, merchant);
    const seqs = inList(
      theirs.map(({ seq }) => seq),
      2,
    );
    for (const table of ['unread', 'unreadable']) {
      await scope.query(`delete from ${table} where merchant = $1 and seq in ${seqs.text}`, seqs.values);
    }
    const [body] = theirs.map((one) => one.body);
    if (body !== undefined && !used.has(body) && !rivals.has(body)) {
      await scope.query('delete from body where merchant = $1 and id = $2', [body]);
    }
  }
}

/** The bodies of a commit stand together, one piece for each merchant. */
async function insertBodies(queries: Queries, keyring: Keyring, numbered: readonly Numbered[]): Promise<void> {
  const rows = [...Map.groupBy(numbered, ({ body }) => body)].map(([body, theirs]) => {
    const { merchant } = theirs[0] as Numbered;
    const bodies = theirs.map(({ arrival }) => arrival.body);
    return [merchant, body, sealBodies(keyring, merchant, body, bodies)];
  });
  await queries.insert({ table: 'body', columns: ['merchant', 'id', 'sealed'] }, rows);
}

const factRow = ({ arrival, merchant, seq, body, place }: Numbered): Value[] => [
  merchant,
  seq,
  arrival.source,
  arrival.externalId,
  arrival.version,
  arrival.type,
  arrival.occurredAt === null ? null : BigInt(arrival.occurredAt),
  BigInt(arrival.receivedAt),
  body,
  BigInt(place),
  arrival.reading,
];

/** The same key with another body is kept beside the fact that stands; the same body again is nothing new. */
async function keepRivals(queries: Queries, keyring: Keyring, repeated: readonly Numbered[]): Promise<Sequence[]> {
  const used: Sequence[] = [];
  for (const { arrival, merchant, body, place } of repeated) {
    const scope = scopeOf(queries, merchant);
    const stands = await standing(scope, keyring, arrival);
    if (stands === null) continue;
    const fingerprint = fingerprintOf(arrival.body);
    if (fingerprint.equals(fingerprintOf(stands.body))) continue;
    const kept = await scope.insert(
      {
        table: 'rival',
        columns: ['seq', 'fingerprint', 'received_at', 'body', 'place'],
        suffix: 'on conflict do nothing returning seq',
      },
      [[stands.seq, fingerprint, BigInt(arrival.receivedAt), body, BigInt(place)]],
    );
    if (kept.length === 1) used.push(body);
  }
  return used;
}

/** The fact that has the key already, with its body; null when the body has been erased. */
async function standing(
  scope: Scope,
  keyring: Keyring,
  arrival: Arrival,
): Promise<{ seq: bigint; body: Buffer } | null> {
  const [row] = await scope.query<{ seq: bigint; body: bigint; place: bigint; sealed: Uint8Array }>(
    `select fact.seq, fact.body, fact.place, body.sealed from fact
     join body on body.merchant = fact.merchant and body.id = fact.body
     where fact.merchant = $1 and fact.source = $2 and fact.external_id = $3 and fact.version = $4`,
    [arrival.source, arrival.externalId, arrival.version],
  );
  if (row === undefined) return null;
  const body = openBodies(keyring, scope.merchant, row.body, row.sealed)[Number(row.place)] ?? null;
  return body === null ? null : { seq: row.seq, body };
}

const PENDING = Buffer.from('"pending_webhooks"');

/**
 * Of the whole body but for `pending_webhooks`: Stripe counts it down from one delivery of an event to the next. Taken only
 * when a key comes again, because at the door it would cost a sixth of what keeping an event costs.
 */
function fingerprintOf(body: Uint8Array): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const hash = createHash('sha256');
  const from = bytes.lastIndexOf(PENDING);
  if (from < 0) return hash.update(bytes).digest();
  let to = from + PENDING.length;
  while (to < bytes.length && isBetween(bytes[to] ?? 0)) to += 1;
  return hash.update(bytes.subarray(0, from)).update(bytes.subarray(to)).digest();
}

/** A colon, a blank or a digit. */
const isBetween = (byte: number): boolean => byte === 0x3a || byte <= 0x20 || (byte >= 0x30 && byte <= 0x39);

async function keepUnclaimed(queries: Queries, keyring: Keyring, arrivals: readonly Arrival[]): Promise<void> {
  await queries.insert(
    {
      table: 'unclaimed',
      columns: ['account', 'mode', 'source', 'external_id', 'version', 'received_at', 'sealed'],
      suffix: 'on conflict do nothing',
    },
    arrivals
      .toSorted(byKey)
      .map((arrival) => [
        arrival.account,
        arrival.mode,
        arrival.source,
        arrival.externalId,
        arrival.version,
        BigInt(arrival.receivedAt),
        keyring.seal(compress(arrival.body), contextOfUnclaimed(arrival)),
      ]),
  );
}

export interface Unclaimed {
  readonly body: Buffer;
  readonly receivedAt: number;
}

/** Takes up to `limit` unclaimed deliveries of a merchant out, oldest first, to be kept as facts in the same transaction. */
export async function takeUnclaimed(
  queries: Queries,
  keyring: Keyring,
  name: MerchantName,
  limit: number,
): Promise<Unclaimed[]> {
  const rows = await queries.query<{
    source: FactSource;
    external_id: string;
    version: string;
    received_at: bigint;
    sealed: Uint8Array;
  }>(
    `select source, external_id, version, received_at, sealed from unclaimed
     where account = $1 and mode = $2 order by received_at, external_id, version limit $3`,
    [name.account, name.mode, BigInt(limit)],
  );
  for (const row of rows) {
    await queries.query(
      'delete from unclaimed where account = $1 and mode = $2 and source = $3 and external_id = $4 and version = $5',
      [name.account, name.mode, row.source, row.external_id, row.version],
    );
  }
  return rows.map((row) => ({
    body: decompress(keyring.open(row.sealed, contextOfUnclaimed({ ...name, externalId: row.external_id }))),
    receivedAt: Number(row.received_at),
  }));
}

const contextOfUnclaimed = (of: MerchantName & { readonly externalId: string }): string =>
  `unclaimed/${of.mode}/${of.account}/${of.externalId}`;

function byKey(one: Arrival, other: Arrival): number {
  return (
    compareText(one.source, other.source) ||
    compareText(one.externalId, other.externalId) ||
    compareText(one.version, other.version)
  );
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
