import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Engine } from '../support/stores.ts';

export interface HeldWrites {
  /** Resolves when a write has come in and waits. */
  someoneWaits(): Promise<void>;
  release(): Promise<void>;
}

const LOOK_EVERY_MS = 10;

/** Another process has the store for itself: a backup that hangs, a migration, a forgotten session. */
export const holdWrites = (engine: Engine, url: string): Promise<HeldWrites> =>
  engine === 'sqlite' ? holdFile(url.slice('file:'.length)) : holdTables(url);

async function holdFile(file: string): Promise<HeldWrites> {
  const holder = new Sqlite(file);
  holder.exec('begin exclusive');
  return {
    someoneWaits: async () => undefined, // SQLite does not tell: whoever comes waits
    release: async () => {
      holder.close();
    },
  };
}

async function holdTables(url: string): Promise<HeldWrites> {
  const holder = new pg.Client(url);
  await holder.connect();
  await holder.query('begin; lock table fact, unread, installation in exclusive mode');
  return {
    someoneWaits: async () => {
      const waiting = `select 1 from pg_locks where not granted and database =
        (select oid from pg_database where datname = current_database())`;
      while ((await holder.query(waiting)).rows.length === 0) await setTimeout(LOOK_EVERY_MS);
    },
    release: () => holder.end(),
  };
}
