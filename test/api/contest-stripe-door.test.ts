import { insertContest, replaceSecrets } from '#server/store/contests.ts';
import type { ContestId } from '#shared/ids.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

const CONTEST = 'c0123456789abcdefghijklmn' as ContestId;
const SPRING = { id: CONTEST, number: 1n, slug: 'spring', document: '{}', publicKey: 'brpk_spring', now: 0 };
const PATH = `/api/webhooks/referral/stripe/${CONTEST}`;

describe.each(ENGINES)('a contest’s own Stripe door on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
    const merchant = await backend.merchant('acct_1Ada');
    await insertContest(backend.store.database, merchant.id, SPRING);
  });
  afterAll(() => backend.close());

  const save = async (...secrets: string[]) => {
    const { id: merchant } = await backend.merchant('acct_1Ada');
    const { database, keyring } = backend.store;
    await replaceSecrets(database, keyring, { merchant, contest: CONTEST, kind: 'stripe' }, secrets, Date.now());
  };
  const post = (event: Record<string, unknown>, secret: string) => backend.stripe(event, { path: PATH, secret });

  async function factOf(event: Record<string, unknown>) {
    const key = await backend.key('acct_1Ada');
    await backend.api(key, 'POST', '/api/v1/settle', {});
    const { data } = (await backend.api(key, 'GET', '/api/v1/facts?limit=200')).body as {
      data: { externalId: string; state: string; reason: string | null }[];
    };
    return data.filter(({ externalId }) => externalId === event['id']);
  }

  it('does not exist for a contest that does not', async () => {
    for (const id of ['c0000000000000000000000zz', 'spring', `${CONTEST}x`, '%00']) {
      const answer = await backend.stripe(stripeEvent(), { path: `/api/webhooks/referral/stripe/${id}` });
      expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
    }
  });

  it('says that a secret is missing while none is saved', async () => {
    await save();
    const answer = await post(stripeEvent(), 'whsec_any');
    expect([answer.status, answer.body.error.code]).toEqual([400, 'signature_mismatch']);
    expect(answer.body.error.message).toContain('no Stripe signing secret yet');
  });

  it('takes the merchant’s events under any of the contest’s secrets, and under no other', async () => {
    await save('whsec_new', 'whsec_old');
    for (const secret of ['whsec_new', 'whsec_old']) {
      const event = stripeEvent({ account: undefined });
      expect((await post(event, secret)).status).toBe(200);
      expect(await factOf(event)).toMatchObject([{ state: 'done' }]);
    }
    expect((await post(stripeEvent(), 'whsec_other')).body.error.code).toBe('signature_mismatch');
  });

  it('keeps an event once that also comes through Connect', async () => {
    await save('whsec_new');
    const event = stripeEvent();
    await Promise.all([post(event, 'whsec_new'), backend.stripe(event)]);
    expect(await factOf(event)).toHaveLength(1);
  });

  it('keeps an event of the other mode, and lets it earn nothing', async () => {
    await save('whsec_new');
    const event = stripeEvent({ livemode: true });
    expect((await post(event, 'whsec_new')).status).toBe(200);
    expect(await factOf(event)).toMatchObject([{ state: 'unreadable', reason: 'wrong_mode' }]);
  });

  it('keeps an event of another account, and lets it earn nothing', async () => {
    await save('whsec_new');
    const event = stripeEvent({ account: 'acct_Somebody' });
    expect((await post(event, 'whsec_new')).status).toBe(200);
    expect(await factOf(event)).toMatchObject([{ state: 'unreadable', reason: 'other_account' }]);
  });

  it('asks for patience beyond 500 at once', async () => {
    const nowMs = Date.now();
    await using busy = await startBackend(engine, { now: () => nowMs });
    const merchant = await busy.merchant('acct_1Ada');
    const { database, keyring } = busy.store;
    await insertContest(database, merchant.id, SPRING);
    await replaceSecrets(
      database,
      keyring,
      { merchant: merchant.id, contest: CONTEST, kind: 'stripe' },
      ['whsec_new'],
      nowMs,
    );
    const answers = await Promise.all(
      Array.from({ length: 520 }, () => busy.stripe(stripeEvent(), { path: PATH, secret: 'whsec_new', atMs: nowMs })),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(20);
    for (const { status, body, headers } of refused) {
      expect([status, body.error.code, headers['retry-after']]).toEqual([429, 'rate_limited', '1']);
    }
  });
});
