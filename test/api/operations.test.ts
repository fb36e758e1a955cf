import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '../support/backend.ts';
import { installation } from '../support/commands.ts';
import { serverIn } from '../support/server.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

describe.each(ENGINES)('the operator’s addresses on %s', (engine) => {
  it('say that it is alive and ready', async () => {
    await using backend = await startBackend(engine);
    expect(await backend.request('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await backend.request('/readyz')).toMatchObject({ status: 200, body: 'ready\n' });
  });

  it('show metrics to whoever has the token', async () => {
    await using backend = await startBackend(engine, { metricsToken: 'let-me-see' });
    await backend.stripe(stripeEvent({ account: 'acct_Nobody' }));
    await backend.stripe('{');
    expect((await backend.request('/metrics')).status).toBe(401);
    const { status, body } = await backend.request('/metrics', { headers: { authorization: 'Bearer let-me-see' } });
    expect(status).toBe(200);
    expect(body).toContain('blitzrocket_answers_total{route="/api/webhooks/stripe",outcome="ok"} 1');
    expect(body).toContain('outcome="invalid_json"} 1');
    expect(body).toContain('blitzrocket_facts{state="unclaimed"} 1');
  });

  it('pages through facts without missing or repeating one while others arrive', async () => {
    await using backend = await startBackend(engine);
    const key = await backend.key('acct_1Ada');
    const before = Array.from({ length: 25 }, () => stripeEvent());
    for (const event of before) await backend.stripe(event);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await backend.api(key, 'GET', `/api/v1/facts?limit=10${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...(page.body.data as { externalId: string }[]).map(({ externalId }) => externalId));
      cursor = page.body.nextCursor as string | null;
      await backend.stripe(stripeEvent());
    }
    expect(seen).toEqual(before.map(({ id }) => id).toReversed());
  });

  it('say what is wrong with a question', async () => {
    await using backend = await startBackend(engine);
    const key = await backend.key('acct_1Ada');
    const code = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
      const answer = await backend.api(key, method, path, body);
      return `${answer.status} ${answer.body.error?.code ?? 'ok'}`;
    };
    expect(await code('GET', '/api/v1/facts?cursor=nonsense')).toBe('400 invalid_cursor');
    expect(await code('GET', '/api/v1/facts?limit=0')).toBe('422 invalid_limit');
    expect(await code('GET', '/api/v1/facts?limit=201')).toBe('422 invalid_limit');
    expect(await code('GET', '/api/v1/facts?state=lost')).toBe('422 invalid_state');
    expect(await code('POST', '/api/v1/settle', { timeoutMs: 'soon' })).toBe('422 invalid_timeoutMs');
    expect(await code('POST', '/api/v1/settle', 7)).toBe('422 invalid_body');
    expect(await code('POST', '/api/v1/settle')).toBe('200 ok');
    expect(await code('GET', '/api/v1/nothing')).toBe('404 not_found');
    expect(await code('GET', '/%E0%A4%A')).toBe('404 not_found');
  });
});

describe('npm start', () => {
  it('is a sandbox without any configuration, and the same one the next time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-test-'));
    const secrets = join(folder, 'data/sandbox.json');
    const first = await serverIn(folder, {});
    expect(await first.stop()).toBe(0);
    expect(first.output()).toContain('running in its sandbox');
    const made = readFileSync(secrets, 'utf8');
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    const second = await serverIn(folder, {});
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await second.stop()).toBe(0);
    expect(readFileSync(secrets, 'utf8')).toBe(made);
    rmSync(folder, { recursive: true });
  });

  it('refuses to open a database with other keys, in one sentence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-test-'));
    await (await serverIn(folder, installation())).stop();
    const other = installation({ ENCRYPTION_KEYS: `other:${Buffer.alloc(32, 7).toString('base64')}` });
    const child = spawn(process.execPath, [new URL('../../server/main.ts', import.meta.url).pathname], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...other, PORT: '0' },
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(words.trim().split('\n')).toHaveLength(1);
    expect(words).toContain('ENCRYPTION_KEYS does not open this database: sealed with key "test"');
    rmSync(folder, { recursive: true });
  });

  it('logs what was refused, and no address, secret or body of anybody', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-test-'));
    const server = await serverIn(folder, installation({ LOG_LEVEL: 'debug' }));
    await server.stripe(stripeEvent());
    await server.stripe(stripeEvent(), { secret: 'whsec_wrong' });
    await server.stop();
    expect(server.output()).toContain('signature_mismatch');
    for (const word of ['grace@example.com', 'whsec_', 'cus_grace']) expect(server.output()).not.toContain(word);
    rmSync(folder, { recursive: true });
  });
});
