import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PreviewFiles } from '#server/pages/preview-files.ts';
import { previewState } from '#shared/contract/preview.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { installation } from '../support/commands.ts';
import { post } from '../support/dashboard.ts';
import { serverIn } from '../support/server.ts';
import { APP_SECRET } from '../support/stripe.ts';

const FILES: Record<string, string> = { 'index.html': '<!doctype html>', 'preview.js': '1', 'frame.css': 'a{}' };
const previewFiles: PreviewFiles = {
  read: async (name) => (FILES[name] === undefined ? null : Buffer.from(FILES[name])),
};
const JSON_HEADER = { 'content-type': 'application/json' };
const ASKED = { action: 'payment', object: 'pi_1', livemode: false, stripe_roles: [] };

describe('the preview', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend('sqlite', { previewFiles, appSecrets: ['absec_new', APP_SECRET] });
  });
  afterAll(() => backend.close());

  it('serves its files under a policy that lets them load nothing of others', async () => {
    const pages = {
      '/preview': 'text/html',
      '/preview/preview.js': 'text/javascript',
      '/preview/frame.css': 'text/css',
    };
    for (const [path, type] of Object.entries(pages)) {
      const { status, headers } = await backend.request(path);
      expect([path, status, headers['content-type']]).toEqual([path, 200, `${type}; charset=utf-8`]);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    for (const path of ['/preview/other.js', '/preview/..%2f..%2fpackage.json', '/preview/%2e%2e/x.js'])
      expect((await backend.request(path)).status).toBe(404);
  });

  it('lists each state once', async () => {
    const { body } = await backend.request('/preview/states.json');
    const states = previewState.array().parse(body);
    expect(new Set(states.map(({ view, state }) => `${view} ${state}`)).size).toBe(states.length);
    expect(states.length).toBeGreaterThan(5);
  });

  it('signs as the Dashboard does, for whom it is asked', async () => {
    const given = { payload: ASKED, user_id: 'usr_1', account_id: 'acct_1Ada' };
    const signing = { method: 'POST', headers: JSON_HEADER, body: JSON.stringify(given) } as const;
    const { signature } = (await backend.request('/preview/sign', signing)).body;
    expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    const text = JSON.stringify({ ...ASKED, user_id: 'usr_1', account_id: 'acct_1Ada' });
    expect((await post(backend, 'payment', text, { 'stripe-signature': signature })).status).toBe(200);
    const other = text.replace('acct_1Ada', 'acct_1Bob');
    expect((await post(backend, 'payment', other, { 'stripe-signature': signature })).status).toBe(401);
  });

  it('signs nothing that a page elsewhere could send without asking', async () => {
    const body = JSON.stringify({ payload: ASKED, user_id: 'usr_1', account_id: 'acct_1Ada' });
    const plain = await backend.request('/preview/sign', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    expect([plain.status, plain.body.error.code]).toEqual([415, 'unsupported_media_type']);
    const wrong = await backend.request('/preview/sign', { method: 'POST', headers: JSON_HEADER, body: '{}' });
    expect([wrong.status, wrong.body.error.code]).toEqual([422, 'invalid_payload']);
  });
});

describe('an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-preview-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has no preview', async () => {
    const more = { DATABASE_URL: `file:${join(folder, 'real.db')}`, STRIPE_APP_SECRETS: APP_SECRET, PREVIEW: 'on' };
    const server = await serverIn(folder, installation(more));
    for (const [method, path] of [
      ['GET', '/preview'],
      ['GET', '/preview/states.json'],
      ['POST', '/preview/sign'],
    ])
      expect((await fetch(`${server.url}${path}`, { method: method ?? '' })).status).toBe(404);
    expect(await server.stop()).toBe(0);
  });

  it('has one in its sandbox, of the extension as Stripe bundles it', async () => {
    const server = await serverIn(folder, {});
    const [page, bundle] = await Promise.all(['', '/app.js'].map((path) => fetch(`${server.url}/preview${path}`)));
    expect(await page?.text()).toContain('BlitzRocket preview');
    expect(await bundle?.text()).toContain('__StripeExtExports');
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain(`${server.url}/preview`);
  });
});
