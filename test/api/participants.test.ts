import { type Backend, startBackend } from '../support/backend.ts';
import { type Merchandising, merchandising } from '../support/contests.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

const GRACE = {
  email: 'Grace@Example.com',
  name: 'Grace',
  code: 'GRACE',
  externalId: 'u1',
  stripeCustomer: 'cus_1',
  group: 'vip',
};

describe.each(ENGINES)('participants on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());

  let accounts = 0;
  /** A merchant of its own for each test, because codes are unique in one. */
  async function contest(
    fields: Record<string, unknown> = {},
  ): Promise<Merchandising & { path: string; id: string; slug: string }> {
    accounts += 1;
    const merchant = await merchandising(backend, `acct_1Merchant${accounts}`);
    const { id, slug } = await merchant.contest({
      settings: { landingUrl: 'https://shop.example/?x=1#top' },
      ...fields,
    });
    return { ...merchant, id, slug, path: `/contests/${id}/participants` };
  }

  it('have a code, a link with it, and a short one', async () => {
    const { ask, path, id, slug } = await contest();
    const answer = await ask('POST', path, GRACE);
    expect(answer.status).toBe(201);
    expect(answer.body.data).toEqual({
      ...GRACE,
      id: expect.stringMatching(/^part_/),
      contest: id,
      link: 'https://shop.example/?x=1&ref=GRACE#top',
      shortLink: `https://referrals.example/r/${slug}/GRACE`,
      joinedAt: expect.stringMatching(/Z$/),
    });
    const made = (await ask('POST', path, { email: 'linus@example.com' })).body.data;
    expect(made).toMatchObject({ code: expect.stringMatching(/^[A-Z0-9]{8}$/), name: null, group: null });
  });

  it('have no link while the contest has no landing page', async () => {
    const { ask, path } = await contest({ settings: {} });
    expect((await ask('POST', path, GRACE)).body.data.link).toBeNull();
  });

  it('are one for an address, however it is written and however often it is sent', async () => {
    const { ask, path } = await contest();
    const first = await ask('POST', path, GRACE);
    const again = await ask('POST', path, { email: ' grace@EXAMPLE.com ', code: 'OTHER' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    const many = await Promise.all(Array.from({ length: 20 }, () => ask('POST', path, { email: 'new@example.com' })));
    expect(many.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(many.map(({ body }) => body.data.id)).size).toBe(1);
  });

  it('share no code, whatever its case and whichever the contest of the merchant', async () => {
    const { ask, path, contest: another, outcome } = await contest();
    await ask('POST', path, GRACE);
    const other = `/contests/${(await another()).id}/participants`;
    for (const where of [path, other]) {
      expect(await outcome('POST', where, { email: 'eve@example.com', code: 'grace' })).toBe('409 code_taken');
    }
    const race = ['a@example.com', 'b@example.com'].map((email) => outcome('POST', other, { email, code: 'RACE' }));
    expect((await Promise.all(race)).toSorted()).toEqual(['201 ok', '409 code_taken']);
  });

  it('are refused by field, in a sentence', async () => {
    const { ask, path } = await contest();
    const refusal = async (fields: Record<string, unknown>) => {
      const { status, body } = await ask('POST', path, { email: 'eve@example.com', ...fields });
      return `${status} ${body.error?.code}: ${body.error?.message}`;
    };
    expect(await refusal({ email: undefined })).toBe('422 invalid_email: email is required');
    expect(await refusal({ email: 'eve' })).toBe('422 invalid_email: email must be an e-mail address');
    expect(await refusal({ code: 'x' })).toMatch(/^422 invalid_code: code must be 3 to 64/);
    expect(await refusal({ code: 'BR-1' })).toBe('422 invalid_code: code must not begin with clk- or br-');
    expect(await refusal({ stripeCustomer: 'grace' })).toMatch(/^422 invalid_stripeCustomer/);
    expect(await refusal({ group: 'a\0b' })).toMatch(/^422 invalid_group/);
  });

  it('are listed in the order in which they joined, and found by address or code', async () => {
    const { ask, path } = await contest();
    const joined: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      joined.push((await ask('POST', path, { email: `p${n}@example.com`, code: `CODE-${n}` })).body.data.id);
    }
    const ids = async (query: string): Promise<string[]> =>
      ((await ask('GET', `${path}?${query}`)).body.data as { id: string }[]).map(({ id }) => id);
    const first = (await ask('GET', `${path}?limit=3`)).body;
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(joined.slice(0, 3));
    expect(await ids(`limit=3&cursor=${first.nextCursor}`)).toEqual(joined.slice(3));
    expect(await ids('email=P2%40EXAMPLE.com')).toEqual([joined[2]]);
    expect(await ids('code=code-4')).toEqual([joined[4]]);
    expect(await ids('code=nobody')).toEqual([]);
    expect((await ask('GET', `${path}?code=%00`)).status).toBe(422);
  });

  it('have what their entries add up to', async () => {
    const { ask, path, id: contestId } = await contest();
    const { id } = (await ask('POST', path, GRACE)).body.data;
    const merchant = await backend.merchant(`acct_1Merchant${accounts}`);
    let number = 0n;
    const entry = (kind: string, amount: bigint, currency: string | null, availableAt: number) => {
      number += 1n;
      const what = [contestId, id, 'referrer', kind, currency, 'award', 'award'];
      return [`slot${number}`, 1n, number, amount, ...what, 0n, BigInt(availableAt), 0n];
    };
    const columns =
      'slot n number amount contest participant role kind currency cause reason at available_at recorded_at'.split(' ');
    const later = Date.now() + 86_400_000;
    await backend.store
      .of(merchant.id)
      .insert({ table: 'entry', columns }, [
        entry('points', 80n, null, 0),
        entry('points', -30n, null, 0),
        entry('entries', 2n, null, later),
        entry('commission', 1980n, 'usd', later),
        entry('commission', 500n, 'usd', 0),
        entry('commission', 125n, 'jpy', 0),
      ]);
    expect((await ask('GET', `${path}/${id}`)).body.data).toMatchObject({
      code: 'GRACE',
      points: 50,
      entries: 2,
      commission: [
        { currency: 'jpy', pending: 0, approved: 125, paid: 0 },
        { currency: 'usd', pending: 1980, approved: 500, paid: 0 },
      ],
      referred: { buyers: 0, revenue: [] },
    });
  });

  it('have the buyers and the revenue that they have referred', async () => {
    const { ask, path } = await contest({ rules: [] });
    const { id } = (await ask('POST', path, GRACE)).body.data;
    const account = `acct_1Merchant${accounts}`;
    const session = (number: number, customer: string, amount: number) =>
      stripeEvent({
        account,
        type: 'checkout.session.completed',
        created: Math.floor(Date.now() / 1000),
        data: {
          object: {
            id: `cs_${accounts}_${number}`,
            object: 'checkout.session',
            mode: 'payment',
            payment_status: 'paid',
            payment_intent: `pi_${accounts}_${number}`,
            amount_total: amount,
            currency: 'usd',
            customer,
            client_reference_id: 'GRACE',
            created: Math.floor(Date.now() / 1000),
          },
        },
      });
    const paid = [session(1, 'cus_ada', 1980), session(2, 'cus_ada', 20), session(3, 'cus_bob', 500)];
    for (const event of paid) expect((await backend.stripe(event)).status).toBe(200);
    await ask('POST', '/settle', {});
    expect((await ask('GET', `${path}/${id}`)).body.data.referred).toEqual({
      buyers: 2,
      revenue: [{ amount: 2500, currency: 'usd' }],
    });
  });

  it('are reached through their own contest alone', async () => {
    const { ask, path, contest: another, outcome } = await contest();
    const { id } = (await ask('POST', path, GRACE)).body.data;
    expect(await outcome('GET', `${path}/${id}`)).toBe('200 ok');
    expect(await outcome('GET', `/contests/${(await another()).id}/participants/${id}`)).toBe('404 not_found');
    for (const unknown of ['part_000000000000000000000000', 'x', '%00']) {
      expect(await outcome('GET', `${path}/${unknown}`)).toBe('404 not_found');
    }
  });
});

describe.each(ENGINES)('clicks on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());

  it('are facts, each with an id of its own, also when nobody has the code yet', async () => {
    const { ask, contest } = await merchandising(backend, 'acct_1Ada');
    const { id } = await contest();
    const at = '2026-03-01T12:00:00Z';
    const answer = await ask('POST', `/contests/${id}/clicks`, {
      code: 'NOBODY',
      at,
      url: 'https://shop.example/?ref=NOBODY',
    });
    expect(answer.status).toBe(201);
    const { click } = answer.body.data;
    expect(click).toMatch(/^clk_[A-Za-z0-9]{22}$/);
    const { id: merchant } = await backend.merchant('acct_1Ada');
    const [fact] = await backend.store
      .of(merchant)
      .query<{ type: string; occurred_at: bigint; reading: string }>(
        'select type, occurred_at, reading from fact where merchant = $1 and external_id = $2',
        [click],
      );
    expect(fact).toMatchObject({ type: 'click', occurred_at: BigInt(Date.parse(at)) });
    expect(JSON.parse(fact?.reading ?? '')).toEqual({ about: 'click', contest: id, click, code: 'NOBODY' });
  });

  it('may lie in the past, and not in the future', async () => {
    const { outcome, contest } = await merchandising(backend, 'acct_1Ada');
    const path = `/contests/${(await contest()).id}/clicks`;
    const at = (aheadMs: number) => new Date(Date.now() + aheadMs).toISOString();
    expect(await outcome('POST', path, { code: 'GRACE' })).toBe('201 ok');
    expect(await outcome('POST', path, { code: 'GRACE', at: at(30_000) })).toBe('201 ok');
    expect(await outcome('POST', path, { code: 'GRACE', at: at(90_000) })).toBe('422 invalid_at');
    expect(await outcome('POST', path, { code: 'GRACE', at: 'yesterday' })).toBe('422 invalid_at');
    expect(await outcome('POST', path, {})).toBe('422 invalid_code');
  });
});
