import type { Browser } from 'playwright-core';
import { openPreviewFiles } from '#server/pages/preview-files.ts';
import { previewStates } from '#server/pages/preview-states.ts';
import type { PreviewState } from '#shared/contract/preview.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { openBrowser, openPreview } from '../support/browser.ts';
import { runContest, sessionOf } from '../support/contest.ts';
import { stripeEvent } from '../support/stripe.ts';

const ACCOUNT = 'acct_1BlitzRocketDemo';
const STATES = previewStates(ACCOUNT);

/** What the extension says where the demo data has no say. */
const WORDS: Readonly<Record<string, string>> = {
  'PaymentDetail attributed': 'Ada Lovelace',
  'PaymentDetail not-attributed': 'No referrer found',
  'PaymentDetail waiting': 'Ada Lovelace',
  'CustomerDetail referred': 'Ada Lovelace',
  'CustomerDetail participant': 'ADA-7Q4',
  'PaymentDetail unknown': 'This payment isn’t known yet.',
  'PaymentDetail empty': 'No contest yet.',
  'PaymentDetail loading': 'Looking up the referrer…',
  'PaymentDetail offline': 'You’re offline.',
  'PaymentDetail error': 'We couldn’t load this referral.',
  'PaymentDetail forbidden': 'You can’t see referrals.',
  'PaymentDetail outdated': 'BlitzRocket was updated.',
  'CustomerDetail neither': 'Not in a contest',
  'CustomerDetail empty': 'No contest yet.',
  'CustomerDetail error': 'We couldn’t load this referral.',
};
const UNANSWERED = /couldn’t load|isn’t known yet|No contest yet|offline/;

/** The demo data's payments, by the ids that the preview lists. */
const PAYMENTS = [
  sessionOf('demoAttributed', { customer: 'cus_demoReferred' }),
  sessionOf('demoNotReferred', {
    customer: 'cus_demoAlone',
    customer_details: { email: 'alan@example.com', name: 'Alan Turing' },
    metadata: { cart_id: 'cart_8841' },
  }),
  sessionOf('demoWaiting', { customer: 'cus_demoLater', payment_status: 'unpaid' }),
];

describe('the preview in a browser', () => {
  let backend: Backend;
  let browser: Browser;
  beforeAll(async () => {
    const previewFiles = openPreviewFiles({ tell: () => undefined });
    backend = await startBackend('sqlite', { ownAccount: ACCOUNT, previewFiles });
    await runContest(backend, ACCOUNT, 'cus_demoReferrer');
    for (const payment of PAYMENTS) await backend.stripe(stripeEvent({ ...payment, account: ACCOUNT }));
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
    if (name === 'PaymentDetail attributed' && process.env['UPDATE_PICTURES'] === '1')
      await preview.screenshot('docs/images/payment-view.png');
    expect(await page.title()).toBe(`${state.title} · BlitzRocket preview`);
    const text = await view.locator('.drawer').innerText();
    if (WORDS[name] === undefined) expect(text).not.toMatch(UNANSWERED);
    else expect(text).toContain(WORDS[name]);
    expect(await page.locator('#problem').textContent()).toBe('');
    expect(await preview.audit()).toEqual([]);
    expect(complaints).toEqual([]);
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
