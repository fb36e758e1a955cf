import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createKeyring, createMatchKey } from '#server/store/keyring.ts';
import { openStore, type Store } from '#server/store/store.ts';

export const ENGINES = ['sqlite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

export const TEST_KEYS = {
  encryption: [{ id: 'test', key: Buffer.alloc(32, 1) }],
  match: Buffer.alloc(32, 2),
};

export const testKeys = {
  keyring: createKeyring(TEST_KEYS.encryption),
  matchKey: createMatchKey(TEST_KEYS.match),
};

/** The address of an empty database of its own, and how to take it away again. */
export async function emptyDatabase(
  engine: Engine,
  server = process.env['TEST_POSTGRES_URL'],
): Promise<{ url: string; drop: () => Promise<void> }> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-test-'));
    return { url: `file:${join(folder, 'store.db')}`, drop: async () => rmSync(folder, { recursive: true }) };
  }
  if (server === undefined) throw new Error('the test run has started no PostgreSQL');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  return {
    url: server.replace(/\/postgres$/, `/${name}`),
    drop: () => onServer(server, `drop database ${name} with (force)`),
  };
}

async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** `await using` closes it, and takes its database away. */
export interface TestStore extends AsyncDisposable {
  readonly store: Store;
  readonly url: string;
  close(): Promise<void>;
}

export async function openTestStore(engine: Engine, now: () => number = Date.now): Promise<TestStore> {
  const { url, drop } = await emptyDatabase(engine);
  const store = await openStore({ url, ...testKeys, now });
  const close = async () => {
    await store.close();
    await drop();
  };
  return { store, url, close, [Symbol.asyncDispose]: close };
}
