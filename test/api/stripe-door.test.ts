import type { Answer, Backend } from '../support/backend.ts';
import { startBackend } from '../support/backend.ts';
import { corpusJson, describeCorpus } from '../support/corpus.ts';
import { ENGINES } from '../support/stores.ts';
import { CONNECT_SECRET, signatureOf, stripeEvent, TEST_MODE_SECRET } from '../support/stripe.ts';

const PATH = '/api/webhooks/stripe';
const JSON_HEADERS = { 'content-type': 'application/json' };

const code = (answer: Answer): string => `${answer.status} ${answer.body.error?.code ?? 'ok'}`;

describe.each(ENGINES)('the Connect door on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());

  /** What the merchant's doors were told, after all of it has been worked through. */
  async function facts(account: string, mode: 'live' | 'test' = 'test', query = '') {
    const key = await backend.key(account, mode);
    const settled = await backend.api(key, 'POST', '/api/v1/settle', {});
    expect(settled.body.data).toEqual({ settled: true, pending: 0 });
    return (await backend.api(key, 'GET', `/api/v1/facts${query}`)).body.data as {
      externalId: string;
      state: string;
      reason: string | null;
    }[];
  }

  it('keeps an event before it answers, and works it through afterwards', async () => {
    await backend.merchant('acct_Kept');
    const event = stripeEvent({ account: 'acct_Kept', created: 1_700_000_000 });
    expect((await backend.stripe(event)).body).toEqual({ success: true, data: { received: true } });
    expect(await facts('acct_Kept')).toEqual([
      {
        id: expect.stringMatching(/^fact_[0-9a-f]{24}$/),
        source: 'stripe',
        type: 'customer.created',
        externalId: event['id'],
        state: 'done',
        reason: null,
        occurredAt: '2023-11-14T22:13:20.000Z',
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ]);
  });

  it('keeps an event once, however often and at once it is delivered', async () => {
    await backend.merchant('acct_Once');
    const event = stripeEvent({ account: 'acct_Once' });
    const deliveries = Array.from({ length: 20 }, (_, pending) =>
      backend.stripe({ ...event, pending_webhooks: pending }),
    );
    for (const answer of await Promise.all(deliveries)) expect(code(answer)).toBe('200 ok');
    expect(await facts('acct_Once')).toHaveLength(1);
    expect((await backend.request('/metrics')).status).toBe(404);
  });

  it('keeps the same event in two API versions as two facts', async () => {
    await backend.merchant('acct_Versions');
    const event = stripeEvent({ account: 'acct_Versions' });
    await backend.stripe({ ...event, api_version: '2020-08-27' });
    await backend.stripe({ ...event, api_version: '2025-11-17.clover' });
    expect(await facts('acct_Versions')).toHaveLength(2);
  });

  it('keeps an event of a type that it does not know', async () => {
    await backend.merchant('acct_Unknown');
    await backend.stripe(stripeEvent({ account: 'acct_Unknown', type: 'tea.brewed' }));
    expect(await facts('acct_Unknown')).toMatchObject([{ type: 'tea.brewed', state: 'done' }]);
  });

  it('keeps an event that it can’t read, and says why', async () => {
    await backend.merchant('acct_Unreadable');
    await backend.stripe(stripeEvent({ account: 'acct_Unreadable', data: { object: null } }));
    expect(await facts('acct_Unreadable')).toMatchObject([{ state: 'unreadable', reason: 'no_object' }]);
  });

  it('tells merchants and modes apart', async () => {
    await Promise.all([
      backend.merchant('acct_Ada'),
      backend.merchant('acct_Ada', 'live'),
      backend.merchant('acct_Bob'),
    ]);
    const [one, two, three] = [
      stripeEvent({ account: 'acct_Ada' }),
      stripeEvent({ account: 'acct_Ada', livemode: true }),
      stripeEvent({ account: 'acct_Bob' }),
    ];
    await Promise.all([one, two, three].map((event) => backend.stripe(event)));
    expect(await facts('acct_Ada')).toMatchObject([{ externalId: one['id'] }]);
    expect(await facts('acct_Ada', 'live')).toMatchObject([{ externalId: two['id'] }]);
    expect(await facts('acct_Bob')).toMatchObject([{ externalId: three['id'] }]);
  });

  it('takes test events, and no live ones, for the secret of a test endpoint', async () => {
    await backend.merchant('acct_Modes');
    const signing = { secret: TEST_MODE_SECRET };
    expect(code(await backend.stripe(stripeEvent({ account: 'acct_Modes' }), signing))).toBe('200 ok');
    const live = await backend.stripe(stripeEvent({ account: 'acct_Modes', livemode: true }), signing);
    expect(code(live)).toBe('400 signature_mismatch');
    expect(await facts('acct_Modes')).toHaveLength(1);
  });

  it('keeps what comes for an account that is not installed until it is', async () => {
    const early = [1, 2, 3].map(() => stripeEvent({ account: 'acct_Early' }));
    for (const event of early) expect(code(await backend.stripe(event))).toBe('200 ok');
    await backend.stripe(early[0] as object as Record<string, unknown>);
    await backend.merchant('acct_Early');
    const kept = await facts('acct_Early');
    expect(kept.map(({ externalId }) => externalId).toSorted()).toEqual(early.map(({ id }) => id));
  });

  it('keeps the good ones of deliveries that arrive together with bad ones', async () => {
    await backend.merchant('acct_Together');
    const good = Array.from({ length: 30 }, () => stripeEvent({ account: 'acct_Together' }));
    const bad = ['null', '[]', '{', '{"object":"event"}', '{"id":"evt\\u0000x"}', '"text"', '{"id":7}', ''];
    const answers = await Promise.all([...good, ...bad].map((body) => backend.stripe(body)));
    const codes = answers.map(code);
    expect(codes.slice(0, good.length)).toEqual(good.map(() => '200 ok'));
    expect(codes.slice(good.length)).toEqual([
      '400 not_an_event',
      '400 not_an_event',
      '400 invalid_json',
      '400 not_an_event',
      '400 not_an_event',
      '400 not_an_event',
      '400 not_an_event',
      '400 invalid_json',
    ]);
    expect(await facts('acct_Together', 'test', '?limit=200')).toHaveLength(30);
  });

  it('verifies the bytes as they came, then refuses what is no JSON', async () => {
    const event = Buffer.from(JSON.stringify(stripeEvent()));
    const withBom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), event]);
    const broken = Buffer.concat([event.subarray(0, -2), Buffer.from([0xff, 0x7d, 0x7d])]);
    expect(code(await backend.stripe(withBom))).toBe('400 invalid_json');
    expect(code(await backend.stripe(broken))).toBe('400 invalid_json');
    expect(code(await backend.stripe(`${'['.repeat(500_000)}${']'.repeat(500_000)}`))).toMatch(/^400 /);
    const tricky = `{"id":"evt_proto","__proto__":{"account":"acct_x"},"livemode":false}`;
    expect(code(await backend.stripe(tricky))).toBe('200 ok');
    expect(({} as { account?: string }).account).toBeUndefined();
  });

  it('gives two faults one answer: size, then type, then proof, then JSON', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      backend.request(PATH, { method: 'POST', headers, body });
    const large = ' '.repeat((1 << 20) + 1);
    expect(code(await post({ 'content-type': 'text/plain' }, large))).toBe('413 body_too_large');
    expect(code(await post({ 'content-type': 'text/plain' }, '{'))).toBe('415 unsupported_media_type');
    expect(code(await post({ ...JSON_HEADERS, 'content-encoding': 'gzip' }, '{'))).toBe('415 unsupported_media_type');
    expect(code(await post(JSON_HEADERS, '{'))).toBe('400 signature_missing');
    expect(code(await post({ ...JSON_HEADERS, 'stripe-signature': 'x' }, '{'))).toBe('400 signature_malformed');
    const other = { 'stripe-signature': signatureOf('{', { secret: 'whsec_other' }) };
    expect(code(await post({ ...JSON_HEADERS, ...other }, '{'))).toBe('400 signature_mismatch');
    expect(code(await backend.stripe('{', { atMs: Date.now() - 301_000 }))).toBe('400 timestamp_too_old');
    expect(code(await backend.stripe('{', { atMs: Date.now() + 90_000 }))).toBe('400 timestamp_in_future');
    expect(code(await backend.stripe('{'))).toBe('400 invalid_json');
  });

  it('says which method is for it', async () => {
    const answer = await backend.request(PATH);
    expect(code(answer)).toBe('405 method_not_allowed');
    expect(answer.headers['allow']).toBe('POST');
  });

  it('shows a refusal with a sentence and an id to ask about', async () => {
    const answer = await backend.request(PATH, { method: 'POST', headers: JSON_HEADERS, body: '{}' });
    expect(answer.body).toEqual({
      success: false,
      error: {
        code: 'signature_missing',
        message: 'The Stripe-Signature header is missing. Send the body as it was signed, with its header.',
        requestId: expect.stringMatching(/^req_[0-9a-f]{24}$/),
      },
    });
  });
});

describe.each(ENGINES)('events that name no account, on %s', (engine) => {
  it('belong to the own account, also those that came before it was added', async () => {
    await using backend = await startBackend(engine, { ownAccount: 'acct_Own' });
    const [before, after] = [stripeEvent({ account: undefined }), stripeEvent({ account: null })];
    expect(code(await backend.stripe(before))).toBe('200 ok');
    const key = await backend.key('acct_Own');
    expect(code(await backend.stripe(after))).toBe('200 ok');
    await backend.api(key, 'POST', '/api/v1/settle', {});
    const kept = (await backend.api(key, 'GET', '/api/v1/facts')).body.data as { externalId: string }[];
    expect(kept.map(({ externalId }) => externalId).toSorted()).toEqual([before['id'], after['id']].toSorted());
  });

  it('are kept for nobody while there is no own account', async () => {
    await using backend = await startBackend(engine);
    expect(code(await backend.stripe(stripeEvent({ account: undefined })))).toBe('200 ok');
    const [waiting] = await backend.store.database.query<{ n: bigint }>('select count(*) as n from unclaimed');
    expect(waiting?.n).toBe(1n);
  });
});

describeCorpus('the recorded signed bodies at the door', () => {
  interface Case {
    readonly name: string;
    readonly body_base64: string;
  }
  const INVALID_JSON = new Set([
    'empty body',
    'body starting with UTF-8 BOM, signed over raw bytes',
    'body with invalid UTF-8 bytes, signed over raw bytes',
    'valid signature, body not JSON',
  ]);
  const NOT_AN_EVENT = new Set([
    'body JSON null, validly signed',
    'body JSON array, validly signed',
    'valid signature, v2 thin event',
  ]);
  const { stripe } = corpusJson('signature-cases.json') as { stripe: { cases: Case[] } };

  it('are kept, or refused for what they hold', async () => {
    await using backend = await startBackend('sqlite');
    for (const { name, body_base64 } of stripe.cases) {
      const answer = await backend.stripe(Buffer.from(body_base64, 'base64'), { secret: CONNECT_SECRET });
      const expected = INVALID_JSON.has(name)
        ? '400 invalid_json'
        : NOT_AN_EVENT.has(name)
          ? '400 not_an_event'
          : '200 ok';
      expect([name, code(answer)]).toEqual([name, expected]);
    }
  });
});
