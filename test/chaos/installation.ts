import { createApiKey } from '#server/store/api-keys.ts';
import { addMerchant } from '#server/store/merchants.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { halves, keptBodies } from '../support/consistency.ts';
import { emptyDatabase, type Engine, testKeys } from '../support/stores.ts';
import type { Sent } from './senders.ts';

/** A database with one merchant in it, as it is before the server's first start; and a second way to look into it. */
export interface Installation {
  readonly databaseUrl: string;
  readonly key: string;
  readonly store: Store;
  drop(): Promise<void>;
}

export async function install(engine: Engine, database = emptyDatabase(engine)): Promise<Installation> {
  const { url, drop } = await database;
  const store = await openStore({ url, ...testKeys, now: Date.now });
  const added = await addMerchant(store.database, { account: 'acct_1Ada', mode: 'test', coveredSince: 0, now: 0 });
  const { key } = await createApiKey(store.database, added.merchant, ['read'], 0);
  return {
    databaseUrl: url,
    key,
    store,
    drop: async () => {
      await store.close();
      await drop();
    },
  };
}

interface Listed {
  readonly externalId: string;
  readonly state: string;
}

async function call<T>(serverUrl: string, key: string, path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`${serverUrl}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

export async function settle(serverUrl: string, { key }: Installation): Promise<void> {
  const body = JSON.stringify({ timeoutMs: 60_000 });
  const { data } = await call<{ data: unknown }>(serverUrl, key, '/api/v1/settle', { method: 'POST', body });
  expect(data).toEqual({ settled: true, pending: 0 });
}

async function listFacts(serverUrl: string, { key }: Installation): Promise<Listed[]> {
  const facts: Listed[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path: string = `/api/v1/facts?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: { data: Listed[]; nextCursor: string | null } = await call(serverUrl, key, path);
    facts.push(...page.data);
    cursor = page.nextCursor;
  }
  return facts;
}

const SAMPLE = 300;

/** The promise: what was acknowledged is there once, whole, as it was sent, and worked through; and nothing is made up. */
export async function expectKeptOnce(serverUrl: string, installation: Installation, sent: Sent): Promise<void> {
  const { database } = installation.store;
  await settle(serverUrl, installation);
  const rows = await database.query<{ external_id: string }>('select external_id from fact');
  const kept = rows.map(({ external_id }) => external_id);
  const keptIds = new Set(kept);
  expect([...sent.acknowledged.keys()].filter((id) => !keptIds.has(id))).toEqual([]);
  expect(kept.length).toBe(keptIds.size);
  expect(kept.filter((id) => !sent.all.has(id))).toEqual([]);
  const listed = await listFacts(serverUrl, installation);
  expect(listed.map(({ externalId }) => externalId).toSorted()).toEqual(kept.toSorted());
  expect(listed.filter(({ state }) => state !== 'done')).toEqual([]);
  for (const { externalId, body } of await keptBodies(installation.store, SAMPLE)) {
    expect(body).toBe(sent.all.get(externalId));
  }
  expect(await halves(database)).toEqual([]);
}
