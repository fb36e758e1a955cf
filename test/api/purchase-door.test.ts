import { createHmac } from 'node:crypto';
import { type Answer, type Backend, startBackend } from '../support/backend.ts';
import { merchantAtWork, paidSession } from '../support/merchant.ts';
import { ENGINES } from '../support/stores.ts';
import { signatureOf } from '../support/stripe.ts';

const order = { email: 'grace@example.com', orderId: 'order-12345', amount: 79.99, currency: 'USD' };
const code = ({ status, body }: Answer) => `${status} ${body.error?.code ?? 'ok'}`;
let accounts = 0;

describe.each(ENGINES)('the purchase webhook on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());
  afterEach(() => expect(backend.defects).toEqual([]));

  const atWork = (contest: Record<string, unknown> = {}) => {
    accounts += 1;
    return merchantAtWork(backend, `acct_1Store${accounts}`, { contest });
  };

  it('answers as documented, the first time and every other time', async () => {
    const shop = await atWork();
    const first = await shop.purchase(order);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      success: true,
      data: {
        purchaseId: expect.stringMatching(/^purchase_/),
        entryId: expect.stringMatching(/^entry_/),
        pointsAwarded: 80,
        referrerPoints: 0,
        alreadyExists: false,
        message: 'Purchase recorded successfully',
      },
    });
    const { purchaseId, entryId } = first.body.data;
    const repeated = {
      purchaseId,
      entryId,
      pointsAwarded: 0,
      referrerPoints: 0,
      alreadyExists: true,
      message: 'Purchase already recorded',
    };
    expect((await shop.purchase(order)).body).toEqual({ success: true, data: repeated });
    const changed = await shop.purchase({ ...order, email: 'other@example.com', amount: 5 });
    expect(changed.body).toEqual({ success: true, data: repeated });
    expect(await shop.payment('order-12345')).toMatchObject({
      amount: { amount: 7999, currency: 'usd' },
      status: 'paid',
    });
    expect((await shop.purchase({ ...order, orderId: 'order-2' })).body.data.entryId).toBe(entryId);
  });

  it('records one of a hundred that come at once', async () => {
    const shop = await atWork();
    const answers = await Promise.all(Array.from({ length: 100 }, () => shop.purchase(order)));
    expect(answers.map(code)).toEqual(answers.map(() => '200 ok'));
    const fresh = answers.filter(({ body }) => body.data.alreadyExists === false);
    expect(fresh).toHaveLength(1);
    expect(fresh[0]?.body.data.pointsAwarded).toBe(80);
    expect(new Set(answers.map(({ body }) => body.data.purchaseId)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.data.entryId)).size).toBe(1);
    expect(await shop.ledger()).toHaveLength(1);
  });

  it('tells every one of many new buyers at once what their purchase gave', async () => {
    const shop = await atWork();
    const buyers = Array.from({ length: 60 }, (_, index) => ({
      ...order,
      email: `b${index}@example.com`,
      orderId: `o-${index}`,
    }));
    const answers = await Promise.all(buyers.map((buyer) => shop.purchase(buyer)));
    const wrong = answers.filter(({ body }) => body.data.pointsAwarded !== 80 && body.data.pending !== true);
    expect(wrong.map(({ body }) => body.data)).toEqual([]);
    expect((await shop.api('POST', '/api/v1/settle', {})).body.data).toEqual({ settled: true, pending: 0 });
    expect((await shop.api('GET', `/api/v1/contests/${shop.contest.id}/ledger?limit=200`)).body.data).toHaveLength(60);
  });

  it('lists order ids of whatever letters and length, page after page', async () => {
    const shop = await atWork();
    const ids = ['é-1', '注文-2', 'line\nbreak', 'x'.repeat(255), ' ', '😀'];
    for (const orderId of ids) expect(code(await shop.purchase({ ...order, orderId }))).toBe('200 ok');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await shop.api('GET', `/api/v1/payments?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(code(page)).toBe('200 ok');
      seen.push(...page.body.data.flatMap(({ aliases }: { aliases: string[] }) => aliases));
      cursor = page.body.nextCursor;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('takes no character that a database can’t keep, and half-records nothing', async () => {
    const shop = await atWork();
    expect(code(await shop.purchase({ ...order, orderId: 'a\0' }))).toBe('422 invalid_orderId');
    expect(code(await shop.purchase({ ...order, orderId: '\ud800' }))).toBe('422 invalid_orderId');
    const odd = { referralCode: 'A\0', clickId: 'c\0', externalCustomerId: 'e\0', metadata: { ref: 'x\0' } };
    expect((await shop.purchase({ ...order, ...odd })).body.data).toMatchObject({ pointsAwarded: 80 });
    expect((await shop.payment(order.orderId)).attribution).toBeNull();
    expect(code(await shop.api('GET', '/api/v1/payments?alias=%00'))).toBe('422 invalid_alias');
    await shop.stripe('checkout.session.completed', paidSession('cs_odd\0'));
    await shop.settle();
    expect((await shop.api('GET', '/api/v1/facts?state=unreadable')).body.data).toMatchObject([
      { reason: 'session_without_id' },
    ]);
  });

  it('makes no sale of a trial that is misspelt, and takes a secret that is given twice', async () => {
    const shop = await atWork();
    const by = (query: string) => shop.purchase(order, { query: `?secret=${shop.secret}&${query}`, headers: {} });
    expect(code(await by('dryRun=yes'))).toBe('422 invalid_dryRun');
    for (const query of ['dryRun=1', 'dryRun=TRUE', 'dryRun=true&dryRun=true']) {
      expect((await by(query)).body.data).toMatchObject({ dryRun: true, alreadyExists: false });
    }
    expect((await by(`secret=${shop.secret}`)).body.data).toMatchObject({ pointsAwarded: 80 });
    expect(code(await shop.purchase({ ...order, orderId: 'o-null', currency: null }))).toBe('200 ok');
  });

  it('rewards who referred it, by code or by click', async () => {
    const shop = await atWork();
    const ada = await shop.enrol({ email: 'ada@example.com', code: 'ADA' });
    const click = await shop.click('ADA');
    const byCode = await shop.purchase({ ...order, referralCode: 'ada' });
    expect(byCode.body.data).toMatchObject({ pointsAwarded: 80, referrerPoints: 80 });
    const byClick = await shop.purchase({
      ...order,
      email: 'h@example.com',
      orderId: 'o-2',
      clickId: click,
      amount: 20,
    });
    expect(byClick.body.data).toMatchObject({ pointsAwarded: 20, referrerPoints: 20 });
    expect((await shop.payment('o-2')).attribution).toMatchObject({
      participant: ada.id,
      step: 'metadata',
      evidence: { click },
    });
  });

  it.each([
    [79.99, 'USD', 7999],
    [0.29, 'usd', 29],
    [1.1 * 3, 'EUR', 330],
    [4503.03, 'USD', 450_303],
    [1000, 'JPY', 1000],
    [12.345, 'KWD', 12_345],
    [0.07 * 100, 'USD', 700],
    [90_071_992_547_409.91, 'USD', 9_007_199_254_740_991],
  ])('reads %d %s as %d minor units', async (amount, currency, minor) => {
    const shop = await atWork();
    expect(code(await shop.purchase({ ...order, amount, currency }))).toBe('200 ok');
    expect((await shop.payment(order.orderId)).amount).toEqual({ amount: minor, currency: currency.toLowerCase() });
  });

  it.each([
    ['email', { email: undefined }, 'email is required'],
    ['email', { email: 'nobody' }, 'email must be an e-mail address'],
    ['orderId', { orderId: '' }, 'orderId'],
    ['orderId', { orderId: 7 }, 'orderId must be'],
    ['orderId', { orderId: 'x'.repeat(256) }, 'orderId'],
    ['amount', { amount: undefined }, 'amount is required'],
    ['amount', { amount: 0 }, 'amount must be a positive number'],
    ['amount', { amount: -5 }, 'amount must be a positive number'],
    ['amount', { amount: '79.99' }, 'amount must be'],
    ['amount', { amount: 79.999 }, 'amount must have at most 2 decimals in USD'],
    ['amount', { amount: 1.5, currency: 'JPY' }, 'amount must have at most 0 decimals in JPY'],
    ['amount', { amount: 1e15 }, 'amount is too large'],
    ['currency', { currency: 'DOLLARS' }, 'currency must be a code of ISO 4217'],
  ])('refuses a wrong %s: %j', async (field, wrong, sentence) => {
    const shop = await atWork();
    const answer = await shop.purchase({ ...order, ...wrong });
    expect(code(answer)).toBe(`422 invalid_${field}`);
    expect(answer.body.error.message).toContain(sentence);
    expect(answer.body.error.details[0].path).toBe(field);
    expect(
      (await shop.api('GET', '/api/v1/facts')).body.data.filter(({ type }: { type: string }) => type === 'purchase'),
    ).toEqual([]);
  });

  it('takes every proof of the contest’s secret, and no other', async () => {
    const shop = await atWork();
    const body = JSON.stringify(order);
    const seconds = Math.floor(Date.now() / 1000);
    const standard = (key: Buffer | string, at = seconds) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${createHmac('sha256', key).update(`msg_1.${at}.${body}`).digest('base64')}`,
    });
    const { secret } = shop;
    const proofs: [string, Record<string, string>, string][] = [
      ['', { authorization: `Bearer ${secret}` }, '200 ok'],
      ['', { 'x-webhook-secret': secret }, '200 ok'],
      [`?secret=${secret}`, {}, '200 ok'],
      ['', { 'blitzrocket-signature': signatureOf(body, { secret }) }, '200 ok'],
      ['', standard(Buffer.from(secret.replace('brwh_', ''), 'base64')), '200 ok'],
      ['', standard(secret), '200 ok'],
      ['', {}, '401 unauthorized'],
      ['', { authorization: 'Bearer brwh_guess' }, '401 unauthorized'],
      ['?secret=brwh_guess', {}, '401 unauthorized'],
      ['', { 'blitzrocket-signature': signatureOf(body, { secret: 'brwh_guess' }) }, '401 signature_mismatch'],
      [
        '',
        { 'blitzrocket-signature': signatureOf(body, { secret, atMs: Date.now() - 301_000 }) },
        '401 timestamp_too_old',
      ],
      [
        '',
        { 'blitzrocket-signature': signatureOf(body, { secret, atMs: Date.now() + 90_000 }) },
        '401 timestamp_in_future',
      ],
      ['', { 'blitzrocket-signature': 'nonsense' }, '401 signature_malformed'],
      ['', standard('guess'), '401 signature_mismatch'],
      ['', standard(secret, seconds - 301), '401 timestamp_too_old'],
    ];
    for (const [query, headers, expected] of proofs) {
      expect([query, headers, code(await shop.purchase(order, { query, headers }))]).toEqual([
        query,
        headers,
        expected,
      ]);
    }
  });

  it('gives two faults one answer: size, type, contest, proof, JSON, body, duplicate, state', async () => {
    const shop = await atWork({ endsAt: '2026-01-01T00:00:00Z' });
    const path = `/api/webhooks/purchase/${shop.contest.id}`;
    const post = (at: string, headers: Record<string, string>, body: string) =>
      backend.request(at, { method: 'POST', headers, body });
    const json = { 'content-type': 'application/json' };
    const proven = { ...json, authorization: `Bearer ${shop.secret}` };
    const nowhere = '/api/webhooks/purchase/c0000000000000000000000zz';
    expect(code(await post(nowhere, {}, ' '.repeat((1 << 20) + 1)))).toBe('413 body_too_large');
    expect(code(await post(nowhere, { 'content-type': 'text/plain' }, '{'))).toBe('415 unsupported_media_type');
    expect(code(await post(nowhere, json, '{'))).toBe('404 not_found');
    expect(code(await post(path, json, '{'))).toBe('401 unauthorized');
    expect(code(await post(path, proven, '{'))).toBe('400 invalid_json');
    expect(code(await post(path, proven, '{}'))).toBe('422 invalid_email');
    expect(code(await post(path, proven, JSON.stringify(order)))).toBe('410 contest_ended');
  });

  it('says when a contest takes no purchases: before it starts, after it ends, or with tracking off', async () => {
    expect(code(await (await atWork({ startsAt: '2099-01-01T00:00:00Z' })).purchase(order))).toBe(
      '409 contest_not_started',
    );
    expect(code(await (await atWork({ endsAt: '2020-01-01T00:00:00Z' })).purchase(order))).toBe('410 contest_ended');
    expect(code(await (await atWork({ purchaseTracking: false })).purchase(order))).toBe(
      '409 purchase_tracking_disabled',
    );
    const over = await atWork({ startsAt: '2020-01-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' });
    expect(code(await over.purchase({ ...order, occurredAt: '2025-06-01T00:00:00Z' }))).toBe('200 ok');
    expect((await over.purchase(order)).body.data).toMatchObject({ alreadyExists: true });
  });

  it('takes anybody’s word when the contest is open, but not too often', async () => {
    const shop = await atWork({ settings: { purchaseAuth: 'open' } });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => shop.purchase({ ...order, orderId: `o-${index}` }, { headers: {} })),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused === undefined ? null : [code(refused), Number(refused.headers['retry-after']) > 0]).toEqual([
      '429 rate_limited',
      true,
    ]);
  });

  it('says with dryRun what would happen, and keeps nothing', async () => {
    const shop = await atWork();
    await shop.enrol({ email: 'ada@example.com', code: 'DRY' });
    await shop.settle();
    const tried = await shop.purchase(
      { ...order, referralCode: 'DRY' },
      { query: `?dryRun=true&secret=${shop.secret}`, headers: {} },
    );
    expect(tried.body.data).toMatchObject({
      pointsAwarded: 80,
      referrerPoints: 80,
      alreadyExists: false,
      dryRun: true,
    });
    expect((await shop.api('GET', '/api/v1/payments')).body.data).toEqual([]);
    expect((await shop.purchase({ ...order, referralCode: 'DRY' })).body.data).toMatchObject({
      pointsAwarded: 80,
      referrerPoints: 80,
    });
  });

  it('gives no entry to strangers when it does not enrol by itself', async () => {
    const shop = await atWork({ settings: { autoEnrol: false } });
    expect((await shop.purchase(order)).body.data).toMatchObject({ entryId: null, pointsAwarded: 0 });
    await shop.enrol({ email: 'known@example.com' });
    expect((await shop.purchase({ ...order, email: 'Known@Example.com', orderId: 'o-2' })).body.data).toMatchObject({
      entryId: expect.stringMatching(/^entry_/),
      pointsAwarded: 80,
    });
  });

  it('takes a third back three times, and nothing is left', async () => {
    const shop = await atWork();
    const ada = await shop.enrol({ email: 'ada@example.com', code: 'BACK' });
    await shop.purchase({ ...order, amount: 99.99, referralCode: 'BACK' });
    const commission = async () => {
      const { awards } = await shop.payment(order.orderId);
      return awards.find(({ kind }: { kind: string }) => kind === 'commission').amount;
    };
    const seen = [await commission()];
    for (const refundId of ['r-1', 'r-2', 'r-3']) {
      const refund = await shop.refund({ orderId: order.orderId, refundId, amount: 33.33 });
      expect(refund.body.data).toMatchObject({
        refundId,
        alreadyExists: false,
        message: 'Refund recorded successfully',
      });
      seen.push(await commission());
    }
    expect(seen).toEqual([2000, 1333, 667, 0]);
    expect((await shop.refund({ orderId: order.orderId, refundId: 'r-3' })).body.data).toMatchObject({
      alreadyExists: true,
    });
    expect(await shop.payment(order.orderId)).toMatchObject({
      status: 'refunded',
      refunded: { amount: 9999, currency: 'usd' },
    });
    const entries = await shop.ledger(`?participant=${ada.id}`);
    expect(
      entries
        .filter(({ reason }: { reason: string }) => reason === 'refund')
        .every(({ reverses }: { reverses: string }) => reverses !== null),
    ).toBe(true);
    expect(code(await shop.refund({ orderId: 'unheard-of', refundId: 'r-1' }))).toBe('404 not_found');
  });

  it('is the same payment as Stripe’s when the store says so', async () => {
    const shop = await atWork();
    await shop.enrol({ email: 'ada@example.com', code: 'BOTH' });
    await shop.purchase({ ...order, amount: 99, referralCode: 'BOTH', stripe: { session: 'cs_both' } });
    await shop.stripe('checkout.session.completed', paidSession('cs_both'));
    const payment = await shop.payment('cs_both');
    expect(payment.aliases).toEqual([order.orderId, 'cs_both', 'pi_of_cs_both']);
    expect(await shop.ledger()).toHaveLength(3);
  });
});
