import type { Browser } from 'playwright-core';
import { demoDoors } from '#server/demo/doors.ts';
import { ensureDemo, ensureSales } from '#server/demo/seed.ts';
import { openPreviewFiles } from '#server/pages/preview-files.ts';
import { previewStates } from '#server/pages/preview-states.ts';
import type { PreviewState } from '#shared/contract/preview.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { openBrowser, openPreview } from '../support/browser.ts';
import { CONNECT_SECRET } from '../support/stripe.ts';

const ACCOUNT = 'acct_1BlitzRocketDemo';
const STATES = previewStates(ACCOUNT);

/** What the extension says where the demo data has no say. */
const WORDS: Readonly<Record<string, string>> = {
  'PaymentDetail attributed': 'Ada Lovelace',
  'PaymentDetail refunded': 'Partly reversed',
  'PaymentDetail nobody': 'No referrer found',
  'PaymentDetail too-old': 'One names a referrer, who was refused.',
  'PaymentDetail self': 'One names a referrer, who was refused.',
  'PaymentDetail unpaid': 'Alan Turing',
  'CustomerDetail referred': 'Ada Lovelace',
  'CustomerDetail participant': 'ADA',
  'PaymentDetail unknown': 'This payment isn’t known yet.',
  'PaymentDetail empty': 'No contest yet.',
  'PaymentDetail loading': 'Looking up the referrer…',
  'PaymentDetail offline': 'You’re offline.',
  'PaymentDetail error': 'We couldn’t load this referral.',
  'PaymentDetail forbidden': 'You can’t see referrals.',
  'PaymentDetail outdated': 'BlitzRocket was updated.',
  'CustomerDetail enrolled': 'Katherine Johnson',
  'CustomerDetail neither': 'No referrer, and not a referrer.',
  'CustomerDetail empty': 'No contest yet.',
  'CustomerDetail error': 'We couldn’t load this referral.',
};
const UNANSWERED = /couldn’t load|isn’t known yet|No contest yet|offline/;

describe('the preview in a browser', () => {
  let backend: Backend;
  let browser: Browser;
  beforeAll(async () => {
    const previewFiles = openPreviewFiles({ tell: () => undefined });
    backend = await startBackend('sqlite', { ownAccount: ACCOUNT, previewFiles });
    const merchant = await backend.merchant(ACCOUNT);
    const demo = await ensureDemo(backend.store, merchant, Date.now());
    await ensureSales(backend.store, merchant, demoDoors(backend.url, CONNECT_SECRET), demo, Date.now());
    await backend.api(await backend.key(ACCOUNT), 'POST', '/api/v1/settle', {});
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await backend.close();
  });

  const addressOf = ({ view, state }: PreviewState) => `${backend.url}/preview?view=${view}&state=${state}`;

  it.each(STATES.map((state) => [`${state.view} ${state.state}`, state] as const))('draws %s', async (name, state) => {
    await using preview = await openPreview(browser, addressOf(state));
    const { page, view, complaints } = preview;
    await view.locator('.drawer h1').waitFor();
    if (state.fault !== 'slow') await view.locator('.spinner').waitFor({ state: 'detached' });
    await preview.screenshot(`test/output/${name.replace(' ', '-')}.png`);
    expect(await page.title()).toBe(`${state.title} · BlitzRocket preview`);
    const text = await view.locator('.drawer').innerText();
    if (WORDS[name] === undefined) expect(text).not.toMatch(UNANSWERED);
    else expect(text).toContain(WORDS[name]);
    expect(await page.locator('#problem').textContent()).toBe('');
    expect(await preview.audit()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keeps the focus where it was pressed', async () => {
    const stateOf = (name: string) => STATES.find(({ state }) => state === name) as PreviewState;
    await using copying = await openPreview(browser, addressOf(stateOf('nobody')));
    const copy = copying.view.getByRole('button', { name: 'Copy line' });
    await copy.press('Enter');
    await copying.page.getByText('Line copied').waitFor();
    expect(await copy.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);

    await using opening = await openPreview(browser, addressOf(stateOf('attributed')));
    await opening.view.getByRole('button', { name: /^Why/ }).click();
    await opening.page.mouse.move(0, 0);
    if (process.env['UPDATE_PICTURES'] === '1') await opening.screenshot('docs/images/payment-view.png');
    await opening.view.getByRole('button', { name: 'Show all 7 steps' }).press('Enter');
    const fewer = opening.view.getByRole('button', { name: 'Show fewer steps' });
    await fewer.waitFor();
    expect(await fewer.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
  });

  it('asks from a frame without an origin, and only what is open to it', async () => {
    const [state] = STATES;
    if (state === undefined) throw new Error('no state is listed');
    await using preview = await openPreview(browser, 'about:blank');
    const { page } = preview;
    const asking = page.waitForRequest((request) => request.url().endsWith('/api/app/payment'));
    await page.goto(addressOf(state));
    const asked = await asking;
    expect((await asked.allHeaders())['origin']).toBe('null');
    expect((await asked.response())?.status()).toBe(200);

    const frame = page.frames()[1];
    const reach = (path: string, init: RequestInit = {}) =>
      frame?.evaluate(
        `fetch(${JSON.stringify(backend.url + path)}, ${JSON.stringify(init)}).then(({ status }) => status, ({ name }) => name)`,
      );
    const json = { 'content-type': 'application/json' };
    expect(await reach('/api/app/payment', { method: 'POST', headers: json, body: '{}' })).toBe(401);
    // Were the browser's own walls down, these would be answered.
    expect(await reach('/api/app/payment', { method: 'POST', headers: { ...json, 'x-other': '1' } })).toBe('TypeError');
    expect(await reach('/api/v1/facts')).toBe('TypeError');
    expect(await reach('/preview/states.json')).toBe('TypeError');
    expect(await reach('/preview/sign', { method: 'POST', headers: json, body: '{}' })).toBe('TypeError');
  });
});
