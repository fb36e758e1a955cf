import { secretsOf, type SecretKind } from '#server/store/contests.ts';
import type { ContestId } from '#shared/ids.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { type Merchandising, merchandising } from '../support/contests.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

const DAY_MS = 86_400_000;

describe.each(ENGINES)('a contest’s secrets on %s', (engine) => {
  let backend: Backend;
  let ada: Merchandising;
  beforeAll(async () => {
    backend = await startBackend(engine);
    ada = await merchandising(backend, 'acct_1Ada');
  });
  afterAll(() => backend.close());

  async function valid(contest: string, kind: SecretKind, atMs = Date.now()): Promise<string[]> {
    const { id: merchant } = await backend.merchant('acct_1Ada');
    const { database, keyring } = backend.store;
    return secretsOf(database, keyring, { merchant, contest: contest as ContestId, kind }, atMs);
  }

  it('let Stripe in once its secret is saved, and not before', async () => {
    const { id } = await ada.contest();
    const post = () =>
      backend.stripe(stripeEvent(), { path: `/api/webhooks/referral/stripe/${id}`, secret: 'whsec_mine' });
    expect((await post()).status).toBe(400);
    const saved = await ada.ask('PUT', `/contests/${id}/signing-secrets`, { stripe: [' whsec_mine\n', 'whsec_old'] });
    expect(saved.body).toEqual({ success: true, data: { stripe: 2, shopify: 0 } });
    expect((await post()).status).toBe(200);
  });

  it('are replaced by kind, and only where something is sent', async () => {
    const path = `/contests/${(await ada.contest()).id}/signing-secrets`;
    const put = async (body: unknown) => (await ada.ask('PUT', path, body)).body.data;
    expect(await put({ stripe: ['whsec_a', 'whsec_a'], shopify: ['shop'] })).toEqual({ stripe: 1, shopify: 1 });
    expect(await put({ stripe: [] })).toEqual({ stripe: 0, shopify: 1 });
    expect(await put({})).toEqual({ stripe: 0, shopify: 1 });
  });

  it('are refused when they don’t look like one, without being repeated', async () => {
    const path = `/contests/${(await ada.contest()).id}/signing-secrets`;
    const { status, body } = await ada.ask('PUT', path, { stripe: ['sk_live_oops'] });
    expect([status, body.error.code]).toEqual([422, 'invalid_stripe']);
    expect(body.error.message).toBe('stripe.0 must be a signing secret of Stripe; they begin with whsec_');
    expect(JSON.stringify(body)).not.toContain('oops');
  });

  it('keep the old purchase secret valid for a day, and no longer for a second rotation', async () => {
    const contest = await ada.contest();
    const rotate = async (): Promise<string> =>
      (await ada.ask('POST', `/contests/${contest.id}/purchase-secret`)).body.data.purchaseSecret;
    const first = contest.tracking.purchaseSecret as string;
    expect(await valid(contest.id, 'purchase')).toEqual([first]);
    const second = await rotate();
    expect(second).toMatch(/^brwh_\w{32,}$/);
    const firstEndsMs = Date.now() + DAY_MS;
    expect(await valid(contest.id, 'purchase')).toEqual([first, second]);
    const third = await rotate();
    expect(await valid(contest.id, 'purchase')).toEqual([first, second, third]);
    expect(await valid(contest.id, 'purchase', firstEndsMs - 60_000)).toEqual([first, second, third]);
    expect(await valid(contest.id, 'purchase', firstEndsMs + 60_000)).toEqual([third]);
  });

  it('are shown once, and lie sealed on the disk', async () => {
    const contest = await ada.contest();
    const rows = await backend.store.database.query<{ sealed: Uint8Array }>(
      'select sealed from contest_secret where contest = $1',
      [contest.id],
    );
    expect(rows).toHaveLength(1);
    const secret = contest.tracking.purchaseSecret as string;
    for (const { sealed } of rows) expect(Buffer.from(sealed).toString('latin1')).not.toContain(secret.slice(5, 20));
    for (const path of [`/contests/${contest.id}`, '/contests?limit=200', '/facts?limit=200']) {
      expect(JSON.stringify((await ada.ask('GET', path)).body)).not.toContain('brwh_');
    }
  });
});
