import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { ACCOUNT, SECRET } from './event.ts';
import { type Running, runToEnd, startServer } from './process.ts';

/** One of the servers that are compared. Each start has an empty store. */
export interface Contender {
  readonly name: string;
  readonly about: string;
  /** Whether it says that it kept what it acknowledged. */
  readonly keeps: boolean;
  start(): Promise<Started>;
}

export interface Started extends Running {
  /** Stops it, looks at what is on disk, and takes that away. */
  finish(): Promise<Kept | null>;
}

export interface Kept {
  readonly facts: number;
  readonly bytes: number;
}

const BASELINE = fileURLToPath(new URL('./baseline.ts', import.meta.url));

export const bareNode = keepsNothing('N', 'bare node:http that answers 200', 'node');
export const everybody = keepsNothing('E', 'Express, express.raw, constructEvent; keeps nothing', 'express');

function keepsNothing(name: string, about: string, kind: string): Contender {
  return {
    name,
    about,
    keeps: false,
    start: async () => {
      const running = await startServer((port) => [BASELINE, kind, String(port)]);
      return {
        ...running,
        finish: async () => {
          await running.stop();
          return null;
        },
      };
    },
  };
}

/** E with one insert and one fsync for each request. */
export const everybodyWithInsert: Contender = {
  name: 'E+insert',
  about: 'E, and one SQLite insert with fsync for each request',
  keeps: true,
  start: async () => {
    const { folder, drop } = temporaryFolder();
    const file = join(folder, 'baseline.db');
    const running = await startServer((port) => [BASELINE, 'express-insert', String(port), file]);
    return {
      ...running,
      finish: async () => {
        await running.stop();
        const facts = countIn(file, 'event');
        const bytes = bytesIn(folder);
        drop();
        return { facts, bytes };
      },
    };
  },
};

export const onSqlite: Contender = {
  name: 'sqlite',
  about: 'BlitzRocket on SQLite: sealed and on disk before the answer',
  keeps: true,
  start: async () => {
    const { folder, drop } = temporaryFolder();
    const file = join(folder, 'store.db');
    const running = await startProduct(`file:${file}`);
    return {
      ...running,
      finish: async () => {
        await running.stop();
        const facts = countIn(file, 'fact');
        const bytes = bytesIn(folder);
        drop();
        return { facts, bytes };
      },
    };
  },
};

/** `server` is the address of a running PostgreSQL, in which each start gets a database of its own. */
export const onPostgres = (server: string): Contender => ({
  name: 'postgres',
  about: 'BlitzRocket on PostgreSQL: sealed and committed before the answer',
  keeps: true,
  start: async () => {
    const name = `bench_${randomBytes(6).toString('hex')}`;
    await ask(server, `create database ${name}`);
    const url = server.replace(/\/postgres$/, `/${name}`);
    const running = await startProduct(url);
    const empty = Number(await ask(url, 'select pg_database_size(current_database())'));
    return {
      ...running,
      finish: async () => {
        await running.stop();
        const facts = Number(await ask(url, 'select count(*) from fact'));
        const bytes = Number(await ask(url, 'select pg_database_size(current_database())')) - empty;
        await ask(server, `drop database ${name} with (force)`);
        return { facts, bytes };
      },
    };
  },
});

/** The product as an operator runs it: configured by the environment, its merchant added by the admin command. */
async function startProduct(databaseUrl: string): Promise<Running> {
  const environment = (port: number) => ({
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: databaseUrl,
    STRIPE_WEBHOOK_SECRETS: SECRET,
    ENCRYPTION_KEYS: `bench:${randomKey}`,
    MATCH_KEY: randomKey,
    LOG_LEVEL: 'silent',
  });
  await runToEnd(['server/admin.ts', 'merchant', 'add', ACCOUNT], environment(0));
  return startServer(() => ['server/main.ts'], environment);
}

const randomKey = randomBytes(32).toString('base64');

function temporaryFolder(): { folder: string; drop: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-bench-'));
  return { folder, drop: () => rmSync(folder, { recursive: true }) };
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

function countIn(file: string, table: string): number {
  const database = new Sqlite(file, { readonly: true });
  const { n } = database.prepare(`select count(*) as n from ${table}`).get() as { n: number };
  database.close();
  return n;
}

/** The one value of the one row, if any. */
async function ask(url: string, text: string): Promise<string | undefined> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<string[]>({ text, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}
