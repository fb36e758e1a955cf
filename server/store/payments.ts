import type { Head, KeyFact, PaymentFact } from '#shared/told.ts';
import { parseReading } from '#shared/stored-reading.ts';
import { factIdOf } from './facts.ts';
import type { FactSource } from '#shared/fact.ts';
import { inList } from './database.ts';
import type { Scope } from './scope.ts';

/** A payment's number; its public id is `pay_…`. */
export type PaymentId = bigint;
export const publicPaymentId = (id: PaymentId): string => `pay_${id.toString(36)}`;
export const readPaymentId = (text: string): PaymentId | null => {
  const digits = /^pay_([0-9a-z]{1,13})$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const id = digits.split('').reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  return id < 2n ** 63n ? id : null;
};

/** Which payments these names belong to, each once, first seen first. */
export async function paymentsOf(scope: Scope, aliases: readonly string[]): Promise<PaymentId[]> {
  const list = inList(aliases, 2);
  const rows = await scope.query<{ payment: bigint }>(
    `select distinct payment from alias where merchant = $1 and alias in ${list.text} order by payment`,
    list.values,
  );
  return rows.map(({ payment }) => payment);
}

export async function aliasesOf(scope: Scope, payment: PaymentId): Promise<string[]> {
  const rows = await scope.query<{ alias: string }>(
    'select alias from alias where merchant = $1 and payment = $2 order by alias',
    [payment],
  );
  return rows.map(({ alias }) => alias);
}

export async function addPayment(scope: Scope, id: PaymentId): Promise<void> {
  await scope.insert({ table: 'payment', columns: ['id'] }, [[id]]);
}

export async function addAliases(scope: Scope, payment: PaymentId, aliases: readonly string[]): Promise<void> {
  await scope.insert(
    { table: 'alias', columns: ['alias', 'payment'], suffix: 'on conflict do nothing' },
    [...new Set(aliases)].map((alias) => [alias, payment]),
  );
}

/** One payment after all: the one seen first stays, because its id was given out. */
export async function mergePayments(scope: Scope, survivor: PaymentId, absorbed: PaymentId): Promise<void> {
  await scope.query('update alias set payment = $2 where merchant = $1 and payment = $3', [survivor, absorbed]);
  await scope.query('update payment set merged_into = $2 where merchant = $1 and id = $3', [survivor, absorbed]);
}

export interface PaymentRow {
  readonly id: PaymentId;
  readonly mergedInto: PaymentId | null;
  readonly position: string | null;
}

export async function paymentById(scope: Scope, id: PaymentId): Promise<PaymentRow | null> {
  const [row] = await scope.query<{ id: bigint; merged_into: bigint | null; position: string | null }>(
    'select id, merged_into, position from payment where merchant = $1 and id = $2',
    [id],
  );
  return row === undefined ? null : { id: row.id, mergedInto: row.merged_into, position: row.position };
}

export interface Placed {
  readonly position: string | null;
  readonly customer: string | null;
  readonly participant: string | null;
}

export async function placePayment(
  scope: Scope,
  id: PaymentId,
  { position, customer, participant }: Placed,
): Promise<void> {
  await scope.query(
    'update payment set position = $3, buyer_customer = $4, participant = $5 where merchant = $1 and id = $2',
    [id, position, customer, participant],
  );
}

/** Latest first, before a position; only payments that have been derived. */
export async function listPayments(
  scope: Scope,
  page: { readonly before: string | null; readonly customer: string | null; readonly limit: number },
): Promise<{ id: PaymentId; position: string }[]> {
  return scope.query<{ id: bigint; position: string }>(
    `select id, position from payment where merchant = $1 and position < $2 and merged_into is null
     ${page.customer === null ? '' : 'and buyer_customer = $4'} order by position desc limit $3`,
    [page.before ?? '~', BigInt(page.limit), ...(page.customer === null ? [] : [page.customer])],
  );
}

// ── What is told under a key ────────────────────────────────────────────────────────────────────────────────────────

export async function tell(scope: Scope, keys: readonly string[], at: number, seq: bigint): Promise<void> {
  await scope.insert(
    { table: 'told', columns: ['key', 'at', 'seq'], suffix: 'on conflict do nothing' },
    keys.map((key) => [key, BigInt(at), seq]),
  );
}

interface ToldRow {
  readonly key: string;
  readonly at: bigint;
  readonly source: FactSource;
  readonly external_id: string;
  readonly version: string;
  readonly type: string;
  readonly reading: string;
}

async function toldUnder(scope: Scope, keys: readonly string[]): Promise<ToldRow[]> {
  if (keys.length === 0) return [];
  const list = inList(keys, 2);
  return scope.query<ToldRow>(
    `select told.key, told.at, fact.source, fact.external_id, fact.version, fact.type, fact.reading
     from told join fact on fact.merchant = told.merchant and fact.seq = told.seq
     where told.merchant = $1 and told.key in ${list.text} order by told.at, fact.external_id, fact.version`,
    list.values,
  );
}

const idOf = (row: ToldRow): string =>
  factIdOf({ source: row.source, externalId: row.external_id, version: row.version });

export async function factsOfPayment(scope: Scope, keys: readonly string[]): Promise<PaymentFact[]> {
  const rows = await toldUnder(scope, keys);
  return rows.map((row) => ({
    id: idOf(row),
    at: Number(row.at),
    type: row.type,
    source: row.source,
    reading: parseReading(row.reading) as PaymentFact['reading'],
  }));
}

export async function factsUnder(scope: Scope, keys: readonly string[]): Promise<Map<string, KeyFact[]>> {
  const found = new Map<string, KeyFact[]>(keys.map((key) => [key, []]));
  for (const row of await toldUnder(scope, keys)) {
    found
      .get(row.key)
      ?.push({ id: idOf(row), at: Number(row.at), reading: parseReading(row.reading) as KeyFact['reading'] });
  }
  return found;
}

// ── Who consulted what, and what later payments build on ────────────────────────────────────────────────────────────

export interface ReaderRow {
  readonly key: string;
  /** The buyer that it counts for, under a key of its buyer. */
  readonly root: string | null;
  /** Who referred it, under an owner's key. */
  readonly participant: string | null;
}

export async function readersOf(scope: Scope, payment: PaymentId): Promise<ReaderRow[]> {
  return scope.query<ReaderRow & Record<string, string | null>>(
    'select key, root, participant from reader where merchant = $1 and payment = $2 order by key',
    [payment],
  );
}

export async function replaceReaders(
  scope: Scope,
  payment: PaymentId,
  position: string | null,
  rows: readonly ReaderRow[],
): Promise<void> {
  await scope.query('delete from reader where merchant = $1 and payment = $2', [payment]);
  if (position === null) return;
  await scope.insert(
    { table: 'reader', columns: ['key', 'position', 'payment', 'root', 'participant'] },
    rows.map(({ key, root, participant }) => [key, position, payment, root, participant]),
  );
}

/** The earliest row under a key that says something, before a position where one is given. */
export async function headOf(
  scope: Scope,
  key: string,
  what: 'root' | 'participant',
  before: string | null,
): Promise<Head | null> {
  const [row] = await scope.query<{ position: string; value: string }>(
    `select position, ${what} as value from reader
     where merchant = $1 and key = $2 and ${what} is not null and position < $3 order by position limit 1`,
    [key, before ?? '~'],
  );
  return row ?? null;
}

// ── What is to be derived again ─────────────────────────────────────────────────────────────────────────────────────

export async function markPayment(scope: Scope, payment: PaymentId): Promise<void> {
  await scope.query(
    `insert into dirty (merchant, payment, due_at, tries) values ($1, $2, 0, 0)
     on conflict (merchant, payment) do update set due_at = 0`,
    [payment],
  );
}

export interface Marked {
  readonly payment: PaymentId;
  readonly tries: number;
}

/** Deriving it has failed: it holds up nobody, and is tried again. */
export async function deferPayment(scope: Scope, { payment, tries }: Marked, dueAt: number): Promise<void> {
  await scope.query(
    `insert into dirty (merchant, payment, due_at, tries) values ($1, $2, $3, $4)
     on conflict (merchant, payment) do update set due_at = excluded.due_at, tries = excluded.tries`,
    [payment, BigInt(dueAt), BigInt(tries + 1)],
  );
}

/** Whoever consulted the key, from a position on. Two ranges of one key become the wider one. */
export async function markReaders(scope: Scope, key: string, from: string): Promise<void> {
  const [any] = await scope.query(
    'select payment from reader where merchant = $1 and key = $2 and position >= $3 limit 1',
    [key, from],
  );
  if (any === undefined) return;
  await scope.query(
    `insert into dirty_range (merchant, key, from_position) values ($1, $2, $3)
     on conflict (merchant, key) do update set from_position =
       case when excluded.from_position < dirty_range.from_position then excluded.from_position else dirty_range.from_position end`,
    [key, from],
  );
}

/** Marked payments, earliest first: what stands before is decided before what builds on it. */
export async function takeMarked(scope: Scope, limit: number, now: number): Promise<Marked[]> {
  const rows = await scope.query<{ payment: bigint; tries: bigint }>(
    `select dirty.payment, dirty.tries from dirty
     join payment on payment.merchant = dirty.merchant and payment.id = dirty.payment
     where dirty.merchant = $1 and dirty.due_at <= $3 order by payment.position is not null, payment.position limit $2`,
    [BigInt(limit), BigInt(now)],
  );
  if (rows.length > 0) {
    const list = inList(
      rows.map(({ payment }) => payment),
      2,
    );
    await scope.query(`delete from dirty where merchant = $1 and payment in ${list.text}`, list.values);
  }
  return rows.map(({ payment, tries }) => ({ payment, tries: Number(tries) }));
}

/** Turns up to `limit` readers of one marked range into marked payments, and shortens the range. */
export async function spreadRange(scope: Scope, limit: number): Promise<number> {
  const [range] = await scope.query<{ key: string; from_position: string }>(
    'select key, from_position from dirty_range where merchant = $1 order by from_position, key limit 1',
  );
  if (range === undefined) return 0;
  const rows = await scope.query<{ payment: bigint; position: string }>(
    'select payment, position from reader where merchant = $1 and key = $2 and position >= $3 order by position limit $4',
    [range.key, range.from_position, BigInt(limit)],
  );
  for (const { payment } of rows) await markPayment(scope, payment);
  const last = rows.at(-1);
  if (rows.length < limit || last === undefined) {
    await scope.query('delete from dirty_range where merchant = $1 and key = $2', [range.key]);
  } else {
    await scope.query('update dirty_range set from_position = $3 where merchant = $1 and key = $2', [
      range.key,
      `${last.position} `,
    ]);
  }
  return Math.max(1, rows.length);
}
