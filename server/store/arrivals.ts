import type { FactEnvelope, FactSource } from '#shared/fact.ts';
import type { MerchantId, Sequence } from '#shared/ids.ts';
import type { MerchantName } from '#shared/mode.ts';
import { sealBodies } from './bodies.ts';
import type { Queries, Value } from './database.ts';
import { compress, decompress, type Keyring } from './keyring.ts';
import type { MerchantDirectory } from './merchants.ts';
import { scopeOf } from './scope.ts';

/** A delivery whose envelope has been opened, on its way to the disk. */
export interface Arrival extends FactEnvelope, MerchantName {
  readonly receivedAt: number;
  readonly body: Uint8Array;
  /** Tells a repeated delivery from another body under the same key. */
  readonly fingerprint: Uint8Array;
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
    'fingerprint',
    'body',
    'place',
    'reading',
  ],
  suffix: 'on conflict (merchant, source, external_id, version) do nothing returning seq',
} as const;

async function keepFacts(queries: Queries, keyring: Keyring, numbered: readonly Numbered[]): Promise<Arrival[]> {
  const kept = await queries.insert<{ seq: bigint }>(FACTS, numbered.map(factRow));
  const isNew = new Set(kept.map(({ seq }) => seq));
  const used = new Set(numbered.filter(({ seq }) => isNew.has(seq)).map(({ body }) => body));
  if (kept.length < numbered.length) {
    const repeated = numbered.filter(({ seq }) => !isNew.has(seq));
    for (const body of await keepRivals(queries, repeated)) used.add(body);
  }
  await queries.insert(
    { table: 'body', columns: ['merchant', 'id', 'sealed'] },
    [...Map.groupBy(numbered, ({ body }) => body)]
      .filter(([body]) => used.has(body))
      .map(([body, theirs]) => {
        const merchant = (theirs[0] as Numbered).merchant;
        return [
          merchant,
          body,
          sealBodies(
            keyring,
            merchant,
            body,
            theirs.map(({ arrival }) => arrival.body),
          ),
        ];
      }),
  );
  const fresh = numbered.filter(({ seq }) => isNew.has(seq));
  await queries.insert(
    { table: 'unread', columns: ['merchant', 'seq'] },
    fresh.filter(({ arrival }) => arrival.unreadable === null).map(({ merchant, seq }) => [merchant, seq]),
  );
  await queries.insert(
    { table: 'unreadable', columns: ['merchant', 'seq', 'reason'] },
    fresh.flatMap(({ arrival, merchant, seq }) =>
      arrival.unreadable === null ? [] : [[merchant, seq, arrival.unreadable]],
    ),
  );
  return fresh.map(({ arrival }) => arrival);
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
  arrival.fingerprint,
  body,
  BigInt(place),
  arrival.reading,
];

/** The same key with another body is kept beside the fact that stands; the same body again is nothing new. */
async function keepRivals(queries: Queries, repeated: readonly Numbered[]): Promise<Sequence[]> {
  const used: Sequence[] = [];
  for (const { arrival, merchant, body, place } of repeated) {
    const scope = scopeOf(queries, merchant);
    const [stands] = await scope.query<{ seq: bigint; fingerprint: Uint8Array }>(
      'select seq, fingerprint from fact where merchant = $1 and source = $2 and external_id = $3 and version = $4',
      [arrival.source, arrival.externalId, arrival.version],
    );
    if (stands === undefined || Buffer.compare(stands.fingerprint, arrival.fingerprint) === 0) continue;
    const kept = await scope.insert(
      {
        table: 'rival',
        columns: ['seq', 'fingerprint', 'received_at', 'body', 'place'],
        suffix: 'on conflict do nothing returning seq',
      },
      [[stands.seq, arrival.fingerprint, BigInt(arrival.receivedAt), body, BigInt(place)]],
    );
    if (kept.length === 1) used.push(body);
  }
  return used;
}

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
