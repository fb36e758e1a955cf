/**
 * The one port to a database. SQLite and PostgreSQL stand behind it with the same SQL text: `$1…$n` parameters,
 * `bigint`, `text` and `bytea` columns, integers always as bigint in TypeScript.
 */
export type Value = string | number | bigint | null | Uint8Array;
export type Row = Record<string, Value>;

/** Many rows into one table in one go; `suffix` is what follows the values (`on conflict do nothing returning …`). */
export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly suffix?: string;
}

export interface Queries {
  query<R extends object = Row>(text: string, values?: readonly Value[]): Promise<R[]>;
  insert<R extends object = Row>(into: Insert, rows: readonly (readonly Value[])[]): Promise<R[]>;
}

/** What the engines say differently, by name. A query asks for the capability, never for the engine. */
export interface Dialect {
  /** Rows stored in the order of the primary key. */
  readonly clustered: string;
  /** Takes a row for this transaction, or passes over it when somebody else has it. */
  readonly lockOrSkip: string;
  /** Keeps a column's bytes as they are: sealed, they can't be made smaller. */
  incompressible(table: string, column: string): string;
  /** Makes the database itself refuse UPDATE and DELETE on a table. */
  appendOnly(table: string): string;
}

export interface Database extends Queries {
  readonly dialect: Dialect;
  /** Commits when `work` returns, rolls back when it throws. `work` must await nothing but the queries it was given. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Runs a migration: several statements, no parameters. */
  script(queries: Queries, text: string): Promise<void>;
  close(): Promise<void>;
}

/** The database can't take or give anything now: down, full, locked. The same request may work later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * Queries of one transaction that don't wait for one another. All of them have ended when this does, also when one has failed:
 * one that was still on its way would come after the rollback, and stay.
 */
export async function together<First>(first: Promise<First>, ...others: readonly Promise<unknown>[]): Promise<First> {
  const outcomes = await Promise.allSettled([first, ...others]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return first;
}

/** One row where the query can only give one. */
export function only<R>(rows: readonly R[]): R {
  const row = rows[0];
  if (row === undefined || rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
  return row;
}

const LIST_SIZES = [1, 4, 16, 64, 256];

/**
 * `in ($2, $3, …)` for a list of values: padded with its last value to one of a few lengths, so that a statement is
 * prepared a few times and not once for each length.
 */
export function inList(
  values: readonly Value[],
  firstParameter: number,
): { readonly text: string; readonly values: Value[] } {
  const size = LIST_SIZES.find((length) => length >= values.length) ?? values.length;
  const padded = Array.from({ length: size }, (_, index) => values[Math.min(index, values.length - 1)] ?? null);
  return { text: `(${padded.map((_, index) => `$${firstParameter + index}`).join(', ')})`, values: padded };
}
