import { readdirSync, readFileSync } from 'node:fs';
import { type Database, type Dialect, StoreUnavailable } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly number: number;
  readonly name: string;
}

export const migrations: readonly Migration[] = readdirSync(FOLDER)
  .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
  .toSorted()
  .map((file) => ({ number: Number(file.slice(0, 4)), name: file.slice(0, -'.sql'.length) }));

/** The store was last opened by a newer release; this one would misread it. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';
}

/**
 * Brings the schema up to this release. Several processes may start at once: each migration first writes its own number
 * in the transaction that carries it out, so that a second process waits there, finds it done, and goes on.
 */
export async function migrate(database: Database): Promise<void> {
  await createMigrationTable(database);
  for (const migration of migrations) await apply(database, migration);
  const [newest] = await database.query<{ number: bigint }>(
    'select number from migration order by number desc limit 1',
  );
  const known = migrations.at(-1)?.number ?? 0;
  if (newest !== undefined && newest.number > BigInt(known)) {
    throw new SchemaTooNew(
      `The database has schema ${newest.number}, this release knows up to ${known}. Start the newer release, or restore a backup made before it.`,
    );
  }
}

async function createMigrationTable(database: Database): Promise<void> {
  const create = 'create table if not exists migration (number bigint not null primary key, name text not null)';
  // Two PostgreSQL sessions that create the same table at the same instant: one gets a unique violation, and may ask again.
  await database.query(create).catch((error: unknown) => {
    if (error instanceof StoreUnavailable) throw error;
    return database.query(create);
  });
}

async function apply(database: Database, migration: Migration): Promise<void> {
  await database.transaction(async (queries) => {
    const taken = await queries.query(
      'insert into migration (number, name) values ($1, $2) on conflict do nothing returning number',
      [BigInt(migration.number), migration.name],
    );
    if (taken.length === 1) await database.script(queries, textOf(migration, database.dialect));
  });
}

function textOf(migration: Migration, dialect: Dialect): string {
  return readFileSync(new URL(`${migration.name}.sql`, FOLDER), 'utf8')
    .replaceAll('{clustered}', dialect.clustered)
    .replaceAll(/^\{incompressible (\w+) (\w+)\}$/gm, (_, table: string, column: string) =>
      dialect.incompressible(table, column),
    )
    .replaceAll(/^\{append_only (\w+)\}$/gm, (_, table: string) => dialect.appendOnly(table));
}
