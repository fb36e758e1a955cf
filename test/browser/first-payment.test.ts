import { ensureDemo } from '#server/demo/seed.ts';
import { openPreviewFiles } from '#server/pages/preview-files.ts';
import { startBackend } from '../support/backend.ts';
import { openBrowser, openPreview } from '../support/browser.ts';
import { paidSession } from '../support/merchant.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

const ACCOUNT = 'acct_1BlitzRocketDemo';

describe.each(ENGINES)('a payment on %s', (engine) => {
  it('goes from a signed event to the ledger, and to the merchant’s screen', async () => {
    const previewFiles = openPreviewFiles({ tell: () => undefined });
    await using backend = await startBackend(engine, { ownAccount: ACCOUNT, previewFiles });
    const { contest } = await ensureDemo(backend.store, await backend.merchant(ACCOUNT), Date.now());
    const key = await backend.key(ACCOUNT);
    const browser = await openBrowser();
    const screen = async () => {
      await using preview = await openPreview(browser, `${backend.url}/preview?view=PaymentDetail&state=unknown`);
      await preview.view.locator('.drawer h1').waitFor();
      await preview.view.locator('.spinner').waitFor({ state: 'detached' });
      const text = await preview.view.locator('.drawer').innerText();
      return text.replaceAll(/[\u2066-\u2069]/g, ''); // names stand apart from the direction of their sentence
    };
    expect(await screen()).toContain('no event from Stripe has reached it yet');

    // Another merchant's payment, and one of the same account in live mode, by the same name: neither is shown.
    const object = paidSession('cs_walk', { payment_intent: 'pi_demoPasted', metadata: { referral_code: 'ADA' } });
    const event = { type: 'checkout.session.completed', data: { object } };
    await backend.merchant('acct_1Other');
    await backend.merchant(ACCOUNT, 'live');
    expect((await backend.stripe(stripeEvent({ ...event, account: 'acct_1Other' }))).status).toBe(200);
    expect((await backend.stripe(stripeEvent({ ...event, account: ACCOUNT, livemode: true }))).status).toBe(200);
    await backend.api(key, 'POST', '/api/v1/settle', {});
    expect(await screen()).toContain('no event from Stripe has reached it yet');

    expect((await backend.stripe(stripeEvent({ ...event, account: ACCOUNT }))).status).toBe(200);
    expect((await backend.api(key, 'POST', '/api/v1/settle', {})).body.data).toEqual({ settled: true, pending: 0 });
    const ledger = await backend.api(key, 'GET', `/api/v1/contests/${contest.id}/ledger`);
    expect(ledger.body.data.map((entry: { kind: string; amount: number }) => [entry.kind, entry.amount])).toEqual(
      expect.arrayContaining([
        ['points', 99],
        ['commission', 1980],
      ]),
    );
    const seen = await screen();
    expect(seen).toContain('Referred by Ada Lovelace');
    expect(seen).toContain('$19.80 commission');
    expect(seen).toContain('For the buyer, Grace Hopper');
    await browser.close();
  });
});
