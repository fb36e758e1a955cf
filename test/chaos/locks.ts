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
    someoneWaits: () => untilSomeWait(url, 1),
    release: () => holder.end(),
  };
}

/** Resolves when so many sessions of this database wait for a lock. */
export async function untilSomeWait(url: string, many: number): Promise<void> {
  const watcher = new pg.Client(url); // of its own: inside a transaction the view of the sessions stands still
  await watcher.connect();
  const waiting = `select distinct pid from pg_locks join pg_stat_activity using (pid)
                   where not granted and datname = current_database()`;
  while ((await watcher.query(waiting)).rows.length < many) await setTimeout(LOOK_EVERY_MS);
  await watcher.end();
}
