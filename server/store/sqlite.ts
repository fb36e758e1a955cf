import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { type Database, type Dialect, type Insert, type Queries, StoreUnavailable, type Value } from './database.ts';

const SLOW_LOCK_MS = 5_000;
const LOCK_LOOK_MS = 2;

/** SQLite's words for "not now": a lock that stays, a full or failing disk, a file that went away. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;

const dialect: Dialect = {
  clustered: 'without rowid',
  incompressible: () => '', // it never tries
  lockOrSkip: '', // a writing transaction is alone in the file
  appendOnly: (table) =>
    ['update', 'delete']
      .map(
        (verb) =>
          `create trigger ${table}_refuses_${verb} before ${verb} on ${table}
           begin select raise(abort, '${table} is append-only'); end;`,
      )
      .join('\n'),
};

/**
 * One file, one writing and one reading connection. Writers queue inside the process, so that two transactions never
 * interleave on one connection; other processes (the admin command, the inbox thread) are kept out by SQLite's lock.
 */
export function openSqlite(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  const writer = connect(file);
  writer.pragma('journal_mode = WAL');
  // From here on a lock is waited for between the statements: inside of one, SQLite would hold up the whole thread.
  writer.pragma('busy_timeout = 0');
  const reader = connect(file);
  reader.pragma('query_only = on');
  let turn: Promise<unknown> = Promise.resolve();

  /** The time that a lock may take counts from here, so that those who queue behind a held lock give up with the first. */
  const inTurn = <T>(work: (patience: Patience) => Promise<T>): Promise<T> => {
    const until = performance.now() + SLOW_LOCK_MS;
    const mine = turn.then(() => work({ until }));
    turn = mine.catch(() => undefined);
    return mine;
  };
  const writing = queriesOn(writer);
  const reading = queriesOn(reader);
  const onlyReads = new Map<string, boolean>();
  const reads = (text: string): boolean => {
    let known = onlyReads.get(text);
    if (known === undefined) onlyReads.set(text, (known = attempt(() => reader.prepare(text).readonly)));
    return known;
  };

  return {
    dialect,
    query: async (text, values) =>
      reads(text)
        ? reading.query(text, values)
        : inTurn((patience) => whenUnlocked(patience, () => writing.query(text, values))),
    insert: (into, rows) => inTurn((patience) => inTransaction(writer, patience, () => writing.insert(into, rows))),
    transaction: (work) => inTurn((patience) => inTransaction(writer, patience, () => work(writing))),
    script: async (_queries, text) => {
      attempt(() => writer.exec(text));
    },
    close: async () => {
      await turn;
      reader.close();
      writer.close();
    },
  };
}

function connect(file: string): Sqlite.Database {
  const connection = attempt(() => new Sqlite(file, { timeout: SLOW_LOCK_MS })).defaultSafeIntegers(true);
  // A commit is on disk before anybody is told: FULL syncs the log at every commit, NORMAL would not.
  connection.pragma('synchronous = FULL');
  connection.pragma('secure_delete = on');
  connection.pragma('cache_size = -65536');
  connection.pragma('wal_autocheckpoint = 1000');
  return connection;
}

interface Patience {
  readonly until: number;
}

/** Tries a statement until no other process, and no other thread, holds the file. */
async function whenUnlocked<T>({ until }: Patience, statement: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= until) throw error;
      await setTimeout(LOCK_LOOK_MS);
    }
  }
}

const isLocked = (error: unknown): boolean =>
  error instanceof StoreUnavailable &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  String(error.cause.code).startsWith('SQLITE_BUSY');

async function inTransaction<T>(connection: Sqlite.Database, patience: Patience, work: () => Promise<T>): Promise<T> {
  await whenUnlocked(patience, async () => attempt(() => connection.exec('begin immediate')));
  try {
    const result = await work();
    attempt(() => connection.exec('commit'));
    return result;
  } catch (error) {
    // A full disk rolls back by itself; a second rollback would hide the first error.
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

function queriesOn(connection: Sqlite.Database): Queries {
  const prepared = new Map<string, Sqlite.Statement>();
  const statement = (text: string) => {
    let found = prepared.get(text);
    if (found === undefined) prepared.set(text, (found = connection.prepare(text)));
    return found;
  };
  return {
    query: async <R extends object>(text: string, values: readonly Value[] = []) =>
      attempt(() => {
        const found = statement(text);
        const named = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
        if (found.reader) return found.all(named) as R[];
        found.run(named);
        return [];
      }),
    insert: async <R extends object>(into: Insert, rows: readonly (readonly Value[])[]) =>
      attempt(() => {
        const found = statement(
          `insert into ${into.table} (${into.columns.join(', ')})
           values (${into.columns.map(() => '?').join(', ')}) ${into.suffix ?? ''}`,
        );
        if (!found.reader) {
          for (const row of rows) found.run(...row);
          return [];
        }
        return rows.flatMap((row) => found.all(...row) as R[]);
      }),
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && UNAVAILABLE.test(String(error.code))) {
      throw new StoreUnavailable(`SQLite: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
