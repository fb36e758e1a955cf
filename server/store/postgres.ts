import pg from 'pg';
import { type Database, type Dialect, type Insert, type Queries, StoreUnavailable, type Value } from './database.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** A server that is cut off says nothing at all: ours ends after its own would have. */
const SILENCE_MS = STATEMENT_TIMEOUT_MS + 5_000;

// Integers as bigint, as SQLite gives them. bytea arrives as Buffer by itself.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, BigInt);
types.setTypeParser(pg.types.builtins.INT4, BigInt);

const dialect: Dialect = {
  clustered: '',
  lockOrSkip: 'for update skip locked',
  incompressible: (table, column) => `alter table ${table} alter column ${column} set storage external;`,
  appendOnly: (table) =>
    `create function ${table}_is_append_only() returns trigger language plpgsql as
     $$ begin raise exception '${table} is append-only'; end $$;
     create trigger ${table}_refuses_change before update or delete or truncate on ${table}
     for each statement execute function ${table}_is_append_only();`,
};

/** Classes of SQLSTATE that pass by themselves: connection, resources, shutdown, disk, serialization and deadlock. */
const UNAVAILABLE = /^(08|53|57P|58|40|25006|25P03|25P04|55P03|57014)/;

export function openPostgres(url: string, connections = 8): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    pipeline: true, // statements of a transaction that don't wait for one another travel together
  });
  pool.on('error', () => undefined); // an idle connection that breaks is replaced at the next query

  const queriesOn = createQueries();
  return {
    dialect,
    ...queriesOn(pool),
    transaction: async (work) => {
      const client = await attempt(() => pool.connect());
      let broken: Error | undefined;
      // Without a listener, a server that goes away in mid-transaction would end our process.
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await attempt(() => client.query('begin'));
        const result = await work(queriesOn(client));
        await attempt(() => client.query('commit'));
        return result;
      } catch (error) {
        // Where there was no answer there will be none to a rollback: the server rolls back when the connection goes.
        if (isSilence(error)) broken = error;
        else {
          await client.query('rollback').catch((failure: Error) => {
            broken = failure;
          });
        }
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    script: async (queries, text) => {
      // Several statements need the simple protocol: no name, no parameters.
      await queries.query(text);
    },
    close: () => pool.end(),
  };
}

type Connection = pg.ClientBase | pg.Pool;

/** Queries on one connection or on any; what the columns' types are is learnt once for all of them. */
function createQueries(): (connection: Connection) => Queries {
  const columnTypes = new Map<string, string>();
  const insertText = async (connection: Connection, into: Insert): Promise<string> => {
    if (!columnTypes.has(`${into.table}.${into.columns[0]}`)) await learnTypes(connection, columnTypes);
    const arrays = into.columns.map((column, index) => {
      const type = columnTypes.get(`${into.table}.${column}`);
      if (type === undefined) throw new Error(`no column ${into.table}.${column}`);
      return `$${index + 1}::${type}[]`;
    });
    return `insert into ${into.table} (${into.columns.join(', ')})
            select * from unnest(${arrays.join(', ')}) ${into.suffix ?? ''}`;
  };
  return (connection) => ({
    query: <R extends object>(text: string, values: readonly Value[] = []) =>
      attempt(async () => (await connection.query({ name: nameOf(text), text, values: [...values] })).rows as R[]),
    insert: <R extends object>(into: Insert, rows: readonly (readonly Value[])[]) =>
      attempt(async () => {
        if (rows.length === 0) return [];
        // One row goes as it is, bytes as bytes: in an array they would travel as twice as much text.
        if (rows.length === 1 || rows.some((row) => row.some((value) => value instanceof Uint8Array))) {
          return insertOneByOne<R>(connection, into, rows);
        }
        const text = await insertText(connection, into);
        const values = into.columns.map((_, index) => rows.map((row) => row[index] ?? null));
        return (await connection.query({ name: nameOf(text), text, values })).rows as R[];
      }),
  });
}

async function insertOneByOne<R extends object>(
  client: Connection,
  into: Insert,
  rows: readonly (readonly Value[])[],
): Promise<R[]> {
  const places = into.columns.map((_, index) => `$${index + 1}`).join(', ');
  const text = `insert into ${into.table} (${into.columns.join(', ')}) values (${places}) ${into.suffix ?? ''}`;
  const inserted: R[] = [];
  for (const row of rows) {
    const { rows: returned } = await client.query({ name: nameOf(text), text, values: [...row] });
    inserted.push(...(returned as R[]));
  }
  return inserted;
}

const names = new Map<string, string>();
/** Prepared once per connection under a short name; a script of several statements can't be prepared. */
function nameOf(text: string): string | undefined {
  if (text.includes(';')) return undefined;
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `q${names.size}`));
  return name;
}

async function learnTypes(queries: Connection, into: Map<string, string>): Promise<void> {
  const { rows } = await queries.query<{ table_name: string; column_name: string; data_type: string }>(
    'select table_name, column_name, data_type from information_schema.columns where table_schema = current_schema()',
  );
  for (const row of rows) into.set(`${row.table_name}.${row.column_name}`, row.data_type);
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnavailable(error)
      ? new StoreUnavailable(`PostgreSQL: ${(error as Error).message}`, { cause: error })
      : error;
  }
}

const isSilence = (error: unknown): error is StoreUnavailable =>
  error instanceof StoreUnavailable && error.cause instanceof Error && error.cause.message === 'Query read timeout';

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof StoreUnavailable) return false;
  if (error instanceof pg.DatabaseError) return UNAVAILABLE.test(error.code ?? '');
  // No answer of the server's: an error of the system has a code (ECONNREFUSED, EPIPE), the driver's own have words alone.
  return 'code' in error || /connect|terminated|timeout|closed|ended/i.test(error.message);
}
