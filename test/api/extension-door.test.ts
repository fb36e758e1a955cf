import { request } from 'node:http';
import { insertContest } from '#server/store/contests.ts';
import type { ContestId } from '#shared/ids.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { ask, post, proofOf, signedText } from '../support/dashboard.ts';
import { ENGINES } from '../support/stores.ts';
import { APP_SECRET, CONNECT_SECRET, stripeEvent } from '../support/stripe.ts';

const SPRING = {
  id: 'c0123456789abcdefghijklmn' as ContestId,
  number: 1n,
  slug: 'spring',
  document: JSON.stringify({ name: 'Spring giveaway', settings: { attribution: { windowDays: 30 } } }),
  publicKey: 'brpk_spring',
  now: 0,
};
const EMPTY = { success: true, data: { state: 'not_connected', missing: 'contest' } };

describe('the proof of what the extension asks', () => {
  const atMs = 1_793_000_000_000;
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend('sqlite', { now: () => atMs, appSecrets: ['absec_new', APP_SECRET] });
  });
  afterAll(() => backend.close());

  const text = signedText();
  const answerTo = async (body: string, signature: string | null) => {
    const answer = await post(backend, 'payment', body, signature === null ? {} : { 'stripe-signature': signature });
    return [answer.status, answer.body.success === true ? 'ok' : answer.body.error.code];
  };
  const signed = (secrets = [APP_SECRET], seconds = 0) => proofOf(text, secrets, atMs + seconds * 1000);
  const reordered = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).toReversed()));
  const forAnother = text.replace('acct_1Ada', 'acct_1Bob');

  it.each([
    ['as Stripe signs it', text, signed(), 'ok'],
    ['with the old and the new secret, while they rotate', text, signed(['absec_new', APP_SECRET]), 'ok'],
    ['with one secret that is known and one that is not', text, signed(['absec_unknown', APP_SECRET]), 'ok'],
    ['300 seconds old', text, signed([APP_SECRET], -300), 'ok'],
    ['60 seconds ahead', text, signed([APP_SECRET], 60), 'ok'],
    ['301 seconds old', text, signed([APP_SECRET], -301), 'timestamp_too_old'],
    ['61 seconds ahead', text, signed([APP_SECRET], 61), 'timestamp_in_future'],
    ['without a header', text, null, 'signature_missing'],
    ['with an empty header', text, '', 'signature_missing'],
    ['with a header that is none', text, 'absec_new', 'signature_malformed'],
    ['with unknown secrets only', text, signed(['absec_unknown', CONNECT_SECRET]), 'signature_mismatch'],
    ['with its keys in another order', reordered, signed(), 'signature_mismatch'],
    ['with another account', forAnother, signed(), 'signature_mismatch'],
    ['with another object', text.replace('pi_1', 'pi_2'), signed(), 'signature_mismatch'],
    ['with the other mode', text.replace('"livemode":false', '"livemode":true'), signed(), 'signature_mismatch'],
    ['with one blank more', `${text} `, signed(), 'signature_mismatch'],
    [
      'with the same key twice, the second of its own making',
      `${text.slice(0, -1)},"account_id":"acct_1Bob"}`,
      signed(),
      'signature_mismatch',
    ],
  ])('%s', async (_what, body, signature, outcome) => {
    expect(await answerTo(body, signature)).toEqual([outcome === 'ok' ? 200 : 401, outcome]);
  });

  it('is read from a header that was sent twice', async () => {
    const [time, ...signatures] = signed(['absec_unknown', APP_SECRET]).split(',');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${backend.url}/api/app/payment`, { method: 'POST' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sending.on('error', reject);
      sending.setHeader('content-type', 'application/json');
      sending.setHeader('stripe-signature', [`${time},${signatures[0]}`, `${time},${signatures[1]}`]);
      sending.end(text);
    });
    expect(status).toBe(200);
  });

  it('is checked before the body is read as JSON, and after size and type', async () => {
    const codes = async (body: string, headers: Record<string, string>) => {
      const answer = await post(backend, 'payment', body, headers);
      return [answer.status, answer.body.error.code];
    };
    expect(await codes('{', {})).toEqual([401, 'signature_missing']);
    expect(await codes('{', { 'stripe-signature': proofOf('{', [APP_SECRET], atMs) })).toEqual([400, 'invalid_json']);
    expect(await codes('{', { 'content-type': 'text/plain' })).toEqual([415, 'unsupported_media_type']);
    expect(await codes(`"${'x'.repeat(300_000)}"`, { 'content-type': 'text/plain' })).toEqual([413, 'body_too_large']);
  });

  it.each([
    ['action', { action: 'customer' }],
    ['object', { object: 'cus_1' }],
    ['livemode', { livemode: 'false' }],
    ['stripe_roles', { stripe_roles: undefined, roles: [{ name: 'Administrator', type: 'builtIn' }] }],
  ])('vouches for %s, which must be what the verb takes', async (field, given) => {
    const body = signedText(given);
    const answer = await post(backend, 'payment', body, { 'stripe-signature': proofOf(body, [APP_SECRET], atMs) });
    expect([answer.status, answer.body.error.code]).toEqual([422, `invalid_${field}`]);
  });

  it('is refused whatever it says where no secret is configured', async () => {
    await using bare = await startBackend('sqlite', { now: () => atMs, appSecrets: [] });
    const answer = await post(bare, 'payment', text, { 'stripe-signature': signed() });
    expect([answer.status, answer.body.error.code]).toEqual([401, 'signature_mismatch']);
    expect(answer.body.error.message).toContain('STRIPE_APP_SECRETS');
  });
});

describe.each(ENGINES)('what the extension is told on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
    const { id } = await backend.merchant('acct_1Ada');
    await insertContest(backend.store.database, id, SPRING);
    await backend.stripe(stripeEvent());
  });
  afterAll(() => backend.close());

  it('is nothing of a payment or customer that was never seen', async () => {
    expect((await ask(backend)).body).toEqual({ success: true, data: { state: 'unknown' } });
    expect((await ask(backend, { action: 'customer', object: 'cus_1' })).body.data).toEqual({
      state: 'neither',
      contest: { id: SPRING.id, name: 'Spring giveaway', windowDays: 30 },
      livemode: false,
      payments: 0,
    });
  });

  it('is the same of another account’s object as of one that does not exist', async () => {
    const { id } = await backend.merchant('acct_1Bob');
    await backend.store.of(id).insert({ table: 'alias', columns: ['alias', 'payment'] }, [['pi_bobs', 1n]]);
    const answers = await Promise.all(['pi_bobs', 'pi_nobodys'].map((object) => ask(backend, { object })));
    expect(answers[0]?.body).toEqual({ success: true, data: { state: 'unknown' } });
    expect(answers[1]?.body).toEqual(answers[0]?.body);
  });

  it('is that setup is missing, alike for an account without contest, in the other mode, and unknown to us', async () => {
    await backend.merchant('acct_1Carol');
    for (const who of [{ account_id: 'acct_1Carol' }, { livemode: true }, { account_id: 'acct_1Nobody' }]) {
      expect((await ask(backend, who)).body).toEqual(EMPTY);
      expect((await ask(backend, { ...who, action: 'customer', object: 'cus_1' })).body).toEqual(EMPTY);
    }
  });

  it('is that no event came, until one does', async () => {
    await using fresh = await startBackend(engine);
    const { id } = await fresh.merchant('acct_1Ada');
    await insertContest(fresh.store.database, id, SPRING);
    expect((await ask(fresh)).body.data).toEqual({ state: 'not_connected', missing: 'events' });
    await fresh.stripe(stripeEvent());
    expect((await ask(fresh)).body.data).toEqual({ state: 'unknown' });
  });

  it('counts what came for the account before it was added', async () => {
    await using fresh = await startBackend(engine);
    await fresh.stripe(stripeEvent());
    expect((await ask(fresh)).body).toEqual(EMPTY);
    const { id } = await fresh.merchant('acct_1Ada');
    await insertContest(fresh.store.database, id, SPRING);
    expect((await ask(fresh)).body.data).toEqual({ state: 'unknown' });
  });

  it('takes the account from the signed body, wherever else one is named', async () => {
    const text = signedText({ account_id: 'acct_1Nobody' });
    const headers = { 'stripe-signature': proofOf(text), 'stripe-account': 'acct_1Ada' };
    const answer = await post(backend, 'payment?account_id=acct_1Ada', text, headers);
    expect(answer.body).toEqual(EMPTY);
    const nested = signedText({ account_id: 'acct_1Nobody', context: { account_id: 'acct_1Ada' } });
    expect((await post(backend, 'payment', nested, { 'stripe-signature': proofOf(nested) })).body).toEqual(EMPTY);
  });
});

describe('a browser', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend('sqlite');
  });
  afterAll(() => backend.close());

  it('may call from a frame without an origin', async () => {
    const ahead = await fetch(`${backend.url}/api/app/payment`, {
      method: 'OPTIONS',
      headers: { origin: 'null', 'access-control-request-method': 'POST' },
    });
    expect(ahead.status).toBe(204);
    expect(Object.fromEntries(ahead.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, stripe-signature',
    });
    expect((await ask(backend)).headers['access-control-allow-origin']).toBe('*');
  });

  it('may read refusals, those of a verb that is gone too', async () => {
    const answers = [
      await post(backend, 'payment', '{}', {}),
      await post(backend, 'retired', '{}', {}),
      await backend.request('/api/app/payment'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 404, 405]);
    for (const { headers } of answers) expect(headers['access-control-allow-origin']).toBe('*');
  });

  it.each(['/api/v1/facts', '/api/webhooks/stripe', '/preview/sign', '/healthz', '/api/application'])(
    'may not call %s',
    async (path) => {
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const answer = await fetch(`${backend.url}${path}`, { method, headers: { origin: 'null' } });
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );
});
