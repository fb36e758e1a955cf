import { type Backend, startBackend } from '../support/backend.ts';
import { merchantAtWork, paidSession } from '../support/merchant.ts';
import { ENGINES } from '../support/stores.ts';

const intent = (id: string, fields: Record<string, unknown> = {}) => ({
  id,
  object: 'payment_intent',
  amount: 9900,
  amount_received: 9900,
  currency: 'usd',
  created: 1_793_000_001,
  latest_charge: `ch_of_${id}`,
  metadata: {},
  ...fields,
});

describe.each(ENGINES)('a payment on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());
  afterEach(() => expect(backend.defects).toEqual([]));

  it('goes all the way: a code in the metadata, who referred it, what is owed, and why', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Way');
    const ada = await shop.enrol({ email: 'ada@example.com', name: 'Ada Lovelace', code: 'ADA' });
    const event = await shop.stripe(
      'checkout.session.completed',
      paidSession('cs_1', { metadata: { referral_code: 'ada' } }),
    );
    const payment = await shop.payment('cs_1');
    expect(payment).toMatchObject({
      aliases: ['cs_1', 'pi_of_cs_1'],
      amount: { amount: 9900, currency: 'usd' },
      basis: { amount: 9900, currency: 'usd' },
      refunded: { amount: 0, currency: 'usd' },
      kind: 'first',
      status: 'paid',
      occurredAt: new Date(1_793_000_000_000).toISOString(),
      attribution: {
        participant: ada.id,
        contest: shop.contest.id,
        code: 'ADA',
        step: 'metadata',
        evidence: { key: 'referral_code', value: 'ada', source: 'session', participant: ada.id },
      },
    });
    const buyer = payment.buyer.participant;
    expect(payment.awards).toEqual([
      expect.objectContaining({ participant: buyer, role: 'buyer', kind: 'points', amount: 99, status: 'approved' }),
      expect.objectContaining({ participant: ada.id, role: 'referrer', kind: 'points', amount: 99 }),
      expect.objectContaining({
        participant: ada.id,
        kind: 'commission',
        amount: 1980,
        currency: 'usd',
        status: 'pending',
      }),
    ]);
    const explained = await shop.explain(payment);
    expect(explained.payment).toEqual(payment);
    expect(explained.facts).toMatchObject([{ type: 'checkout.session.completed', source: 'stripe' }]);
    expect(explained.chain.find(({ step }: { step: string }) => step === 'metadata')).toMatchObject({
      finding: 'found',
      reason: 'code',
    });
    expect(explained.rules).toHaveLength(3);
    expect(explained.rules[2]).toMatchObject({
      applied: true,
      arithmetic: { of: { amount: 9900, currency: 'usd' }, result: 1980 },
    });
    expect(explained.entries).toEqual(await shop.ledger());
    const standing = await shop.api('GET', `/api/v1/contests/${shop.contest.id}/participants/${ada.id}`);
    expect(standing.body.data).toMatchObject({
      points: 99,
      referred: { buyers: 1, revenue: [{ amount: 9900, currency: 'usd' }] },
    });
    await backend.stripe(event);
    expect(await shop.ledger()).toHaveLength(3);
  });

  it('is one payment, in whatever order its session, intent and charge are told, and however often', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Order');
    await shop.enrol({ email: 'ada@example.com', code: 'ADA-1' });
    const charge = {
      id: 'ch_of_pi_of_cs_b',
      object: 'charge',
      amount: 9900,
      amount_captured: 9900,
      captured: true,
      currency: 'usd',
      payment_intent: 'pi_of_cs_b',
    };
    const told = [
      ['checkout.session.completed', paidSession('cs_b', { client_reference_id: 'ADA-1' })],
      ['payment_intent.succeeded', intent('pi_of_cs_b')],
      ['charge.succeeded', charge],
    ] as const;
    const statements: unknown[] = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 1, 0],
    ]) {
      const again = await merchantAtWork(backend, `acct_1Order${statements.length}`);
      await again.enrol({ email: 'ada@example.com', code: 'ADA-1' });
      for (const index of order) {
        const [type, object] = told[index] ?? told[0];
        await again.stripe(type, object, { id: `evt_order_${index}`, created: 1_793_000_100 + index });
        if (order.length === 5) await again.settle();
      }
      const payment = await again.payment('cs_b');
      expect(await again.payment('ch_of_pi_of_cs_b')).toEqual(payment);
      expect((await again.api('GET', '/api/v1/payments')).body.data).toHaveLength(1);
      const { aliases, amount, kind, status, occurredAt, attribution, awards } = payment;
      statements.push({
        aliases,
        amount,
        kind,
        status,
        occurredAt,
        step: attribution?.step,
        awards: awards.map((award: { kind: string; amount: number }) => [award.kind, award.amount]),
      });
    }
    expect(statements[1]).toEqual(statements[0]);
    expect(statements[2]).toEqual(statements[0]);
    expect(statements[0]).toMatchObject({
      step: 'client_reference_id',
      awards: [
        ['points', 99],
        ['points', 99],
        ['commission', 1980],
      ],
    });
  });

  it('is attributed when its referrer becomes known only afterwards, and says what it looked at until then', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Late');
    await shop.stripe(
      'checkout.session.completed',
      paidSession('cs_late', { metadata: { ref: 'LATE', cart: 'cart_8841' } }),
    );
    const before = await shop.payment('cs_late');
    expect(before.attribution).toBeNull();
    const chain = (await shop.explain(before)).chain;
    expect(chain.find(({ step }: { step: string }) => step === 'metadata')).toMatchObject({
      finding: 'absent',
      reason: 'no_match',
      evidence: { key: 'ref', value: 'LATE' },
    });
    const late = await shop.enrol({ email: 'late@example.com', code: 'late' });
    const after = await shop.payment('cs_late');
    expect(after.attribution).toMatchObject({ participant: late.id });
    expect(after.id).toBe(before.id);
  });

  it('follows a click, and refuses one that is too old or too late', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Click');
    await shop.enrol({ email: 'ada@example.com', code: 'CLICKED' });
    const at = (daysBefore: number) => new Date((1_793_000_000 - daysBefore * 86_400) * 1000).toISOString();
    const clicks = {
      fresh: await shop.click('CLICKED', { at: at(1) }),
      old: await shop.click('CLICKED', { at: at(31) }),
    };
    await shop.stripe('checkout.session.completed', paidSession('cs_fresh', { metadata: { rdClickId: clicks.fresh } }));
    await shop.stripe(
      'checkout.session.completed',
      paidSession('cs_old', {
        customer_details: { email: 'o@example.com' },
        client_reference_id: `refp_id_${clicks.old}`,
      }),
    );
    expect((await shop.payment('cs_fresh')).attribution).toMatchObject({
      step: 'metadata',
      evidence: { click: clicks.fresh, at: at(1), key: 'rdClickId' },
    });
    const old = await shop.payment('cs_old');
    expect(old.attribution).toBeNull();
    expect((await shop.explain(old)).chain[1]).toMatchObject({ finding: 'refused', reason: 'outside_window' });
  });

  it('refuses a referrer who is the buyer', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Self');
    await shop.enrol({ email: 'Grace@Example.com', code: 'SELF' });
    await shop.stripe('checkout.session.completed', paidSession('cs_self', { metadata: { ref: 'SELF' } }));
    const payment = await shop.payment('cs_self');
    expect(payment.attribution).toBeNull();
    expect((await shop.explain(payment)).chain[2]).toMatchObject({ finding: 'refused', reason: 'self_referral' });
    expect(payment.awards).toMatchObject([{ role: 'buyer', kind: 'points', amount: 99 }]);
  });

  it('waits while it is unpaid, counts once when it is paid, and never when it fails', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Unpaid');
    await shop.stripe('checkout.session.completed', paidSession('cs_debit', { payment_status: 'unpaid' }));
    expect(await shop.payment('cs_debit')).toMatchObject({ status: 'waiting', waitingFor: 'payment', awards: [] });
    await shop.stripe('checkout.session.async_payment_succeeded', paidSession('cs_debit'), { created: 1_793_400_000 });
    expect(await shop.payment('cs_debit')).toMatchObject({
      status: 'paid',
      occurredAt: new Date(1_793_400_000_000).toISOString(),
    });
    await shop.stripe(
      'checkout.session.completed',
      paidSession('cs_fails', { payment_status: 'unpaid', payment_intent: null }),
    );
    await shop.stripe(
      'checkout.session.async_payment_failed',
      paidSession('cs_fails', { payment_status: 'unpaid', payment_intent: null }),
    );
    expect(await shop.payment('cs_fails')).toMatchObject({ status: 'failed', awards: [] });
  });

  it('earns on what was received without tax and shipping', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Tax');
    const total_details = { amount_tax: 891, amount_shipping: 500, amount_discount: 0 };
    await shop.stripe('checkout.session.completed', paidSession('cs_tax', { amount_total: 11_291, total_details }));
    expect(await shop.payment('cs_tax')).toMatchObject({ amount: { amount: 11_291 }, basis: { amount: 9900 } });
  });

  it('earns by rules that were read, changed and sent back', async () => {
    const shop = await merchantAtWork(backend, 'acct_1Patch');
    const path = `/api/v1/contests/${shop.contest.id}`;
    const [points, ...others] = shop.contest.rules;
    const changed = await shop.api('PATCH', path, {
      rules: [{ ...points, give: { ...points.give, value: 2 } }, ...others],
    });
    expect(changed.body.data.rules.map(({ version }: { version: number }) => version)).toEqual([2, 1, 1]);
    await shop.stripe('checkout.session.completed', paidSession('cs_patched'), {
      created: Math.ceil(Date.now() / 1000) + 1,
    });
    expect((await shop.payment('cs_patched')).awards).toMatchObject([{ rule: points.id, amount: 198 }]);
  });

  it('is one merchant’s in one mode, on the API and in the ledger', async () => {
    const shops = await Promise.all([
      merchantAtWork(backend, 'acct_1Two'),
      merchantAtWork(backend, 'acct_1Two', { mode: 'live' }),
      merchantAtWork(backend, 'acct_1Three'),
    ]);
    for (const shop of shops) await shop.enrol({ email: 'ada@example.com', code: 'SAME' });
    const [first, live, other] = shops;
    await first.stripe('checkout.session.completed', paidSession('cs_two', { metadata: { ref: 'SAME' } }));
    await first.settle();
    expect((await first.payment('cs_two')).attribution).not.toBeNull();
    const { id } = await first.payment('cs_two');
    for (const stranger of [live, other]) {
      expect((await stranger.api('GET', '/api/v1/payments?alias=cs_two')).body.data).toEqual([]);
      expect((await stranger.api('GET', `/api/v1/payments/${id}/explain`)).status).toBe(404);
      expect((await stranger.api('GET', `/api/v1/contests/${first.contest.id}/ledger`)).status).toBe(404);
      expect(await stranger.ledger()).toEqual([]);
    }
  });
});
