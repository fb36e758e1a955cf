import { begin } from '#server/store/idempotent.ts';
import type { Store } from '#server/store/store.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { createHash } from 'node:crypto';
import { type Backend, startBackend } from '../support/backend.ts';
import { ENGINES } from '../support/stores.ts';

const HOUR_MS = 3_600_000;

describe.each(ENGINES)('a request with an Idempotency-Key on %s', (engine) => {
  let backend: Backend;
  let key: string;
  let nowMs = Date.now();
  /** Makes the next write of a contest fail, as a full disk would. */
  let isFull = false;
  const around = (store: Store): Store => ({
    ...store,
    keep: async (queries, arrivals) => {
      if (isFull) throw new StoreUnavailable('no space left');
      return store.keep(queries, arrivals);
    },
  });
  beforeAll(async () => {
    backend = await startBackend(engine, { now: () => nowMs, around });
    key = await backend.key('acct_1Ada');
  });
  afterAll(() => backend.close());

  let made = 0;
  const newKey = () => `key-${(made += 1)}`;
  const create = (name: string, idempotencyKey: string, path = '/api/v1/contests', apiKey = key) =>
    backend.request(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify({ name }),
    });

  it('is done once, and answered the same each time, with its secret', async () => {
    const once = newKey();
    const first = await create('Spring', once);
    const again = await create('Spring', once);
    expect(first.status).toBe(201);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.body.data.tracking.purchaseSecret).toMatch(/^brwh_/);
    const rows = await backend.store.database.query<{ answer: Uint8Array }>('select answer from idempotent');
    for (const { answer } of rows) expect(Buffer.from(answer).toString('latin1')).not.toContain('brwh_');
  });

  it('is refused when it is another request', async () => {
    const once = newKey();
    await create('Spring', once);
    const other = await create('Summer', once);
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_key_reused']);
    const elsewhere = await create('Spring', once, '/api/v1/contests?x=1');
    expect(elsewhere.body.error.code).toBe('idempotency_key_reused');
  });

  it('belongs to its merchant', async () => {
    const once = newKey();
    const first = await create('Spring', once);
    const live = await create('Spring', once, '/api/v1/contests', await backend.key('acct_1Ada', 'live'));
    expect(live.status).toBe(201);
    expect(live.body.data.id).not.toBe(first.body.data.id);
  });

  it('is answered the same when it was refused for what stands in the store', async () => {
    const { id } = (await create('Spring', newKey())).body.data;
    const once = newKey();
    const join = (body: unknown, idempotencyKey: string) =>
      backend.request(`/api/v1/contests/${id}/participants`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify(body),
      });
    await join({ email: 'grace@example.com', code: 'GRACE' }, newKey());
    const refused = await join({ email: 'eve@example.com', code: 'GRACE' }, once);
    expect(refused.body.error.code).toBe('code_taken');
    expect((await join({ email: 'eve@example.com', code: 'GRACE' }, once)).body).toEqual(refused.body);
  });

  it('is refused for a field without being remembered', async () => {
    const once = newKey();
    expect((await create('', once)).status).toBe(422);
    expect((await create('Spring', once)).status).toBe(201);
  });

  it('may be tried again when it failed on our side', async () => {
    const once = newKey();
    isFull = true;
    expect((await create('Spring', once)).status).toBe(503);
    isFull = false;
    expect((await create('Spring', once)).status).toBe(201);
  });

  it('waits for the first one, and goes on when that went down a minute ago', async () => {
    const once = newKey();
    const { id: merchant } = await backend.merchant('acct_1Ada');
    const body = JSON.stringify({ name: 'Spring' });
    const request = createHash('sha256').update(`POST /api/v1/contests\n${body}`).digest();
    await begin(backend.store.database, backend.store.keyring, { merchant, key: once, request }, nowMs);
    const waiting = await create('Spring', once);
    expect([waiting.status, waiting.body.error.code, waiting.headers['retry-after']]).toEqual([409, 'conflict', '1']);
    nowMs += 60_000;
    expect((await create('Spring', once)).status).toBe(201);
  });

  it('is done once of twenty at the same time', async () => {
    const once = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('At once', once)));
    expect(new Set(answers.map(({ status }) => status))).toContain(201);
    const ids = answers.flatMap(({ status, body }) => (status === 201 ? [body.data.id] : []));
    expect(new Set(ids).size).toBe(1);
    for (const { status, body } of answers) if (status !== 201) expect(body.error.code).toBe('conflict');
  });

  it('is forgotten after a day', async () => {
    const once = newKey();
    const first = await create('Spring', once);
    nowMs += 23 * HOUR_MS;
    expect((await create('Spring', once)).body).toEqual(first.body);
    nowMs += 1 * HOUR_MS;
    expect((await create('Spring', once)).body.data.id).not.toBe(first.body.data.id);
  });

  it('has a key that can be read', async () => {
    const answer = await create('Spring', 'two words');
    expect([answer.status, answer.body.error.code]).toEqual([422, 'invalid_idempotencyKey']);
  });
});
