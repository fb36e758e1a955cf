import { type Backend, startBackend } from '../support/backend.ts';
import { type Merchandising, merchandising } from '../support/contests.ts';
import { ENGINES } from '../support/stores.ts';

const COMMISSION = { on: 'first', to: 'referrer', give: { kind: 'commission', percent: 20 } };

describe.each(ENGINES)('contests on %s', (engine) => {
  let backend: Backend;
  let ada: Merchandising;
  const startedMs = Date.now();
  let nowMs = startedMs;
  beforeAll(async () => {
    backend = await startBackend(engine, { now: () => nowMs });
    ada = await merchandising(backend, 'acct_1Ada');
  });
  afterAll(() => backend.close());
  beforeEach(() => {
    nowMs = startedMs;
  });

  /** What derivation is told of a contest, oldest first. */
  async function readingsOf(
    id: string,
  ): Promise<{ type: string; version: string; reading: Record<string, unknown> }[]> {
    const { id: merchant } = await backend.merchant('acct_1Ada');
    const rows = await backend.store
      .of(merchant)
      .query<{ type: string; version: string; reading: string }>(
        'select type, version, reading from fact where merchant = $1 and external_id = $2 order by seq',
        [id],
      );
    return rows.map(({ type, version, reading }) => ({ type, version, reading: JSON.parse(reading) }));
  }

  it('are what their merchant wrote, and have addresses, keys and a secret', async () => {
    const written = {
      name: 'Spring giveaway',
      slug: `spring-${engine}`,
      currency: 'eur',
      startsAt: '2026-03-01T00:00:00Z',
      endsAt: null,
      timeZone: 'Europe/Berlin',
      purchaseTracking: true,
      rules: [{ ...COMMISSION, for: { months: 12 }, holdDays: 14, round: 'nearest' }],
    };
    const contest = await ada.contest({
      ...written,
      settings: { attribution: { windowDays: null, keys: ['my_ref'] } },
    });
    expect(contest).toMatchObject(written);
    expect(contest.id).toMatch(/^c[a-z0-9]{24}$/);
    expect(contest.rules).toMatchObject([{ id: expect.stringMatching(/^rule_/), version: 1 }]);
    expect(contest.settings).toMatchObject({
      amountBasis: 'net',
      purchaseAuth: 'secret',
      linkParams: ['ref', 'via'],
      attribution: { windowDays: null, touch: 'last', selfReferral: 'refuse', keys: ['my_ref'] },
    });
    expect(contest.tracking).toEqual({
      publicKey: expect.stringMatching(/^brpk_\w{24,}$/),
      purchaseSecret: expect.stringMatching(/^brwh_\w{32,}$/),
      scriptUrl: 'https://referrals.example/blitzrocket.js',
      purchaseUrl: `https://referrals.example/api/webhooks/purchase/${contest.id}`,
      stripeUrl: `https://referrals.example/api/webhooks/referral/stripe/${contest.id}`,
      shopifyUrl: `https://referrals.example/api/webhooks/referral/shopify/${contest.id}`,
    });
    const { purchaseSecret: _, ...tracking } = contest.tracking;
    const again = (await ada.ask('GET', `/contests/${contest.id}`)).body.data;
    expect(again).toEqual({ ...contest, tracking });
    expect(await readingsOf(contest.id)).toMatchObject([
      {
        type: 'contest.created',
        version: 'v1',
        reading: {
          about: 'contest',
          createdAt: expect.any(Number),
          contest: contest.id,
          version: 1,
          currency: 'eur',
          startsAt: Date.parse(written.startsAt),
          endsAt: null,
          status: null,
          settings: contest.settings,
          rules: contest.rules,
        },
      },
    ]);
  });

  it('take all that the documentation shows, and say what of it awards nothing yet', async () => {
    const documented = {
      settings: {
        amountBasis: 'net',
        attribution: {
          windowDays: 30,
          touch: 'last',
          newCustomersOnly: false,
          selfReferral: 'refuse',
          sticky: true,
          promotionCode: 'after_click',
          keys: ['my_ref'],
        },
        purchaseAuth: 'secret',
        autoEnrol: true,
        renewalsAfterEnd: false,
        stacks: false,
        allowedDomains: ['shop.example'],
        landingUrl: 'https://shop.example/',
        linkParams: ['ref', 'via'],
        mirrorCookies: ['rd_click_id'],
      },
      rules: [
        {
          on: 'payment',
          to: 'buyer',
          give: { kind: 'points', value: 1, per: { amount: 100, currency: 'usd' } },
          round: 'nearest',
        },
        { on: 'first', to: 'referrer', give: { kind: 'commission', percent: 20 }, for: { months: 12 }, holdDays: 30 },
        {
          on: 'renewal',
          to: 'referrer',
          give: { kind: 'commission', percent: 20 },
          for: { months: 12 },
          when: { products: ['prod_1'] },
          tiers: {
            by: 'buyers',
            period: 'all',
            steps: [
              { from: 0, percent: 20 },
              { from: 10, percent: 25 },
            ],
          },
          caps: [{ per: 'referrer', period: 'month', max: { amount: 50000, currency: 'usd' } }],
        },
      ],
    };
    const contest = await ada.contest(documented);
    expect(contest).toMatchObject(documented);
    expect(contest.warnings).toEqual([
      'Rule 3 (renewal → referrer) uses the condition on products, tiers and caps: it is saved, and awards nothing yet.',
    ]);
  });

  it('give the buyer a point for each whole unit of their currency when nothing is said of rules', async () => {
    const per = async (currency: string) => (await ada.contest({ currency })).rules[0].give.per;
    expect(await per('usd')).toEqual({ amount: 100, currency: 'usd' });
    expect(await per('jpy')).toEqual({ amount: 1, currency: 'jpy' });
    expect(await per('kwd')).toEqual({ amount: 1000, currency: 'kwd' });
    expect((await ada.contest({ rules: [] })).rules).toEqual([]);
  });

  it('have a slug of their own in the whole installation', async () => {
    const bob = await merchandising(backend, 'acct_1Bob');
    const taken = { name: 'Summer', slug: 'summer' };
    expect(await ada.outcome('POST', '/contests', taken)).toBe('201 ok');
    expect(await bob.outcome('POST', '/contests', taken)).toBe('409 slug_taken');
    const slugs = await Promise.all(Array.from({ length: 5 }, () => bob.contest({ name: 'Été à Zürich!' })));
    expect(new Set(slugs.map(({ slug }) => slug)).size).toBe(5);
    for (const { slug } of slugs) expect(slug).toMatch(/^ete-a-zurich(-\w+)?$/);
    expect((await bob.contest({ name: '春' })).slug).toMatch(/^contest/);
  });

  it('stand where their dates put them, unless their merchant puts them elsewhere', async () => {
    const at = (days: number) => new Date(startedMs + days * 86_400_000).toISOString();
    const contest = await ada.contest({ startsAt: at(1), endsAt: at(2) });
    const path = `/contests/${contest.id}`;
    const status = async () => (await ada.ask('GET', path)).body.data.status;
    expect(contest.status).toBe('scheduled');
    nowMs = Date.parse(at(1));
    expect(await status()).toBe('running');
    for (const put of ['draft', 'paused', 'archived']) {
      await ada.ask('PATCH', path, { status: put });
      expect(await status()).toBe(put);
    }
    await ada.ask('PATCH', path, { status: 'running' });
    expect(await status()).toBe('running');
    nowMs = Date.parse(at(2));
    expect(await status()).toBe('ended');
    const statuses = (await readingsOf(contest.id)).map(({ reading }) => reading['status']);
    expect(statuses).toEqual([null, 'draft', 'paused', 'archived', null]);
  });

  it('change in what is sent and in nothing else, and tell it once', async () => {
    const contest = await ada.contest({ settings: { attribution: { windowDays: 7, touch: 'first' } } });
    const path = `/contests/${contest.id}`;
    const change = { name: 'Renamed', settings: { autoEnrol: false, attribution: { windowDays: null } } };
    const changed = (await ada.ask('PATCH', path, change)).body.data;
    expect(changed).toMatchObject({ name: 'Renamed', slug: contest.slug, rules: contest.rules });
    expect(changed.settings).toEqual({
      ...contest.settings,
      autoEnrol: false,
      attribution: { ...contest.settings.attribution, windowDays: null },
    });
    expect((await ada.ask('PATCH', path, change)).body.data).toEqual(changed);
    expect((await readingsOf(contest.id)).map(({ version }) => version)).toEqual(['v1', 'v2']);
  });

  it('lose no change of two that come at once', async () => {
    const contest = await ada.contest();
    const path = `/contests/${contest.id}`;
    await Promise.all([
      ada.ask('PATCH', path, { name: 'Renamed' }),
      ada.ask('PATCH', path, { timeZone: 'Asia/Tokyo' }),
      ada.ask('PATCH', path, { currency: 'eur' }),
    ]);
    const after = (await ada.ask('GET', path)).body.data;
    expect(after).toMatchObject({ name: 'Renamed', timeZone: 'Asia/Tokyo', currency: 'eur' });
    expect((await readingsOf(contest.id)).map(({ version }) => version)).toEqual(['v1', 'v2', 'v3', 'v4']);
  });

  it('keep the identity of a rule that is sent with its id, and its version while its text is the same', async () => {
    const contest = await ada.contest({ rules: [COMMISSION, { ...COMMISSION, on: 'renewal' }] });
    const [first, second] = contest.rules;
    const { version: _1, ...same } = first;
    const { version: _2, ...other } = second;
    const rules = [{ ...other, give: { kind: 'commission', percent: 25 } }, same, COMMISSION];
    const changed = (await ada.ask('PATCH', `/contests/${contest.id}`, { rules })).body.data.rules;
    expect(changed).toMatchObject([
      { id: second.id, version: 2 },
      { id: first.id, version: 1 },
      { id: expect.not.stringMatching(`${first.id}|${second.id}`), version: 1 },
    ]);
  });

  it('refuse rules that can’t work, and say which and why', async () => {
    const contest = await ada.contest({ rules: [COMMISSION] });
    const flat = [{ amount: 500, currency: 'eur' }];
    const tiers = (...steps: unknown[]) => ({ ...COMMISSION, tiers: { by: 'buyers', steps } });
    const wrong: [rules: unknown[], path: string][] = [
      [[{ ...COMMISSION, give: { kind: 'commission', percent: 12.345 } }], 'rules.0.give.percent'],
      [[COMMISSION, { ...COMMISSION, give: { kind: 'commission', percent: 101 } }], 'rules.1.give.percent'],
      [[{ ...COMMISSION, give: { kind: 'commission' } }], 'rules.0.give.percent'],
      [[{ ...COMMISSION, give: { kind: 'commission', flat } }], 'rules.0.give.flat'],
      [[tiers({ from: 5, percent: 20 }, { from: 5, percent: 25 })], 'rules.0.tiers.steps'],
      [[tiers({ from: 5, value: 20 })], 'rules.0.tiers.steps.0'],
      [[{ ...COMMISSION, id: 'rule_unknown' }], 'rules.0.id'],
      [[0, 0].map(() => ({ ...COMMISSION, id: contest.rules[0].id })), 'rules.1.id'],
      [[{ ...COMMISSION, on: 'sometimes' }], 'rules.0.on'],
      [[{ ...COMMISSION, to: undefined }], 'rules.0.to'],
      [[{ ...COMMISSION, whim: true }], 'rules.0.whim'],
    ];
    for (const [rules, path] of wrong) {
      const { status, body } = await ada.ask('PATCH', `/contests/${contest.id}`, { rules });
      expect([status, body.error?.code, body.error?.details[0].path]).toEqual([422, 'invalid_rule', path]);
      expect(body.error.message).toMatch(new RegExp(`^${path} `));
    }
    expect(await ada.outcome('PATCH', `/contests/${contest.id}`, { rules: 'none' })).toBe('422 invalid_rule');
    expect((await ada.ask('GET', `/contests/${contest.id}`)).body.data.rules).toEqual(contest.rules);
  });

  it('leave a slug that they had to themselves, because links with it are out', async () => {
    const contest = await ada.contest({ slug: 'before' });
    const path = `/contests/${contest.id}`;
    expect((await ada.ask('PATCH', path, { slug: 'after' })).body.data.slug).toBe('after');
    for (const slug of ['before', 'after']) {
      expect(await ada.outcome('POST', '/contests', { name: 'Another', slug })).toBe('409 slug_taken');
    }
    const other = await ada.contest({ slug: 'other' });
    expect(await ada.outcome('PATCH', `/contests/${other.id}`, { slug: 'before' })).toBe('409 slug_taken');
    expect((await ada.ask('PATCH', path, { slug: 'before' })).body.data.slug).toBe('before');
  });

  it('look at flat rewards again when the currency changes', async () => {
    const flat = [{ amount: 500, currency: 'usd' }];
    const contest = await ada.contest({ rules: [{ ...COMMISSION, give: { kind: 'commission', flat } }] });
    expect(await ada.outcome('PATCH', `/contests/${contest.id}`, { currency: 'eur' })).toBe('422 invalid_rule');
  });

  it('warn of what is saved and does not do what it seems to', async () => {
    const { warnings } = await ada.contest({
      rules: [
        COMMISSION,
        { ...COMMISSION, on: 'payment' },
        { ...COMMISSION, on: 'renewal', when: { products: ['prod_1'] } },
      ],
    });
    expect(warnings).toEqual([
      'Rule 3 (renewal → referrer) uses the condition on products: it is saved, and awards nothing yet.',
      'Rule 1 (first → referrer) and rule 2 (payment → referrer) can both pay the referrer a commission for the same payment: the two are added up.',
      'Rule 2 (payment → referrer) and rule 3 (renewal → referrer) can both pay the referrer a commission for the same payment: the two are added up.',
    ]);
    expect((await ada.contest({ rules: [COMMISSION, { ...COMMISSION, on: 'renewal' }] })).warnings).toEqual([]);
  });

  it('are refused by field, in a sentence', async () => {
    const refusal = async (fields: Record<string, unknown>) => {
      const { status, body } = await ada.ask('POST', '/contests', { name: 'Autumn', ...fields });
      return [status, body.error?.code, body.error?.message];
    };
    expect(await refusal({ name: undefined })).toEqual([422, 'invalid_name', 'name is required']);
    expect(await refusal({ name: ' ' })).toEqual([422, 'invalid_name', 'name must not be empty']);
    expect(await refusal({ purchaseTracking: 'yes' })).toEqual([
      422,
      'invalid_purchaseTracking',
      'purchaseTracking must be true or false',
    ]);
    expect((await refusal({ currency: 'USD' }))[1]).toBe('invalid_currency');
    expect((await refusal({ timeZone: 'Mars/Olympus' }))[1]).toBe('invalid_timeZone');
    expect((await refusal({ slug: '-' }))[1]).toBe('invalid_slug');
    expect((await refusal({ settings: { attribution: { windowDays: 0 } } })).slice(1)).toEqual([
      'invalid_settings',
      'settings.attribution.windowDays must be at least 1',
    ]);
    expect((await refusal({ colour: 'red' })).slice(1)).toEqual([
      'invalid_colour',
      'colour is not a field that is known here',
    ]);
    const dates = { startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-01T00:00:00.000Z' };
    expect(await refusal(dates)).toEqual([422, 'invalid_endsAt', 'endsAt must be after startsAt']);
    expect(await refusal({ startsAt: 'soon' })).toEqual([
      422,
      'invalid_startsAt',
      'startsAt must be a time of RFC 3339 in UTC, like 2026-03-01T00:00:00Z',
    ]);
  });

  it('are listed newest first, none missing or twice while others are created', async () => {
    const cleo = await merchandising(backend, 'acct_1Cleo');
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.unshift((await cleo.contest()).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await cleo.ask('GET', `/contests?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...(answer.body.data as { id: string }[]).map(({ id }) => id));
      cursor = answer.body.nextCursor as string | null;
      await cleo.contest();
    }
    expect(seen).toEqual(made);
  });

  it('are unknown before what is sent is read', async () => {
    const path = '/api/v1/contests/c0000000000000000000000zz';
    const answer = await backend.request(path, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${ada.key}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
  });
});
