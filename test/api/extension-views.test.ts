import { type Backend, startBackend } from '../support/backend.ts';
import { CONTEST, runContest, sessionOf } from '../support/contest.ts';
import { ask } from '../support/dashboard.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

describe.each(ENGINES)('what the extension is shown of a payment on %s', (engine) => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await startBackend(engine);
    await runContest(backend, 'acct_1Ada');
  });
  afterEach(() => backend.close());

  const tell = async (event: Record<string, unknown>) => {
    await backend.stripe(stripeEvent(event));
    await backend.api(await backend.key('acct_1Ada'), 'POST', '/api/v1/settle', {});
  };
  const shown = async (object: string, who = {}) => (await ask(backend, { object, ...who })).body.data;

  it('is who referred it, what counted, what it earned, and why', async () => {
    await tell(sessionOf('attributed'));
    const answer = await shown('pi_attributed');
    expect(answer).toMatchObject({
      state: 'attributed',
      contest: { id: CONTEST, name: 'Spring giveaway', windowDays: 30 },
      livemode: false,
      kind: 'first',
      participant: { name: 'Ada Lovelace', maskedEmail: 'a•••@example.com', code: 'ADA-7Q4' },
      buyer: { name: 'Grace Hopper', maskedEmail: 'g•••@example.com', stripeCustomer: 'cus_grace' },
      money: {
        paid: { amount: 9900, currency: 'usd' },
        refunded: { amount: 0, currency: 'usd' },
        notCounted: [{ what: 'tax', money: { amount: 900, currency: 'usd' } }],
        counted: { amount: 9000, currency: 'usd' },
      },
      facts: [{ type: 'checkout.session.completed', source: 'stripe' }],
    });
    expect(answer.awards).toMatchObject([
      { role: 'referrer', kind: 'commission', amount: 1800, currency: 'usd', status: 'pending' },
      { role: 'buyer', kind: 'points', amount: 90, currency: null, status: 'approved' },
    ]);
    expect(
      answer.rules.map(({ applied, arithmetic }: { applied: boolean; arithmetic: { result: number } }) => [
        applied,
        arithmetic.result,
      ]),
    ).toEqual([
      [true, 90],
      [true, 1800],
    ]);
    expect(answer.chain.map(({ step, finding }: Record<string, string>) => `${step} ${finding}`)).toEqual([
      'override absent',
      'external_id absent',
      'client_reference_id absent',
      'metadata found',
      'session_binding absent',
      'customer absent',
      'email absent',
    ]);
  });

  it('is where we looked, where nobody was named', async () => {
    await tell(
      sessionOf('none', {
        customer: 'cus_alan',
        customer_details: { email: 'alan@example.com' },
        metadata: { cart: 'c_81' },
      }),
    );
    const answer = await shown('pi_none');
    expect(answer).toMatchObject({
      state: 'not_attributed',
      nextTime: { way: 'checkout_session', name: null, script: null },
    });
    expect(answer.chain[3]).toMatchObject({
      finding: 'absent',
      reason: 'keys_without_match',
      evidence: { keys: ['cart'] },
    });
    expect(answer.chain.map(({ step }: Record<string, string>) => step)).not.toContain('promotion_code'); // isn't read yet
  });

  it('is what happened in order, also within one second', async () => {
    const session = sessionOf('ordered');
    const { created } = session;
    const money = { amount: 9900, currency: 'usd', created, customer: 'cus_grace', metadata: {}, status: 'succeeded' };
    const charge = { id: 'ch_ordered', object: 'charge', payment_intent: 'pi_ordered', paid: true, captured: true };
    const intent = { id: 'pi_ordered', object: 'payment_intent', amount_received: 9900 };
    await tell(session);
    await tell({ type: 'payment_intent.succeeded', created, data: { object: { ...money, ...intent } } });
    await tell({ type: 'charge.succeeded', created, data: { object: { ...money, ...charge, amount_captured: 9900 } } });
    const { facts } = await shown('pi_ordered');
    expect(facts.map(({ type }: { type: string }) => type)).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
  });

  it('is what it waits for', async () => {
    await tell(sessionOf('waiting', { payment_status: 'unpaid' }));
    expect(await shown('pi_waiting')).toMatchObject({
      state: 'waiting',
      reason: 'payment',
      participant: { name: 'Ada Lovelace' },
    });
  });

  it('is of a customer who referred them, and how it went on', async () => {
    await tell(sessionOf('once'));
    await tell(sessionOf('again'));
    const answer = await shown('cus_grace', { action: 'customer' });
    expect(answer).toMatchObject({
      state: 'referred',
      contest: { id: CONTEST },
      referral: {
        participant: { name: 'Ada Lovelace' },
        decidedBy: { step: 'metadata', reason: 'code' },
        earns: { for: { months: 12 }, monthsEarned: 1 },
      },
    });
    const { paymentCount, revenue, commission, payments } = answer.referral;
    expect([paymentCount, payments.length]).toEqual([2, 2]);
    expect(revenue).toEqual([{ amount: 18_000, currency: 'usd' }]);
    expect(commission).toMatchObject([{ currency: 'usd', earned: 3600, pending: 3600, approved: 0 }]);
  });

  it('is of a referrer their code, what they have, and whom they referred', async () => {
    await tell(sessionOf('third'));
    const answer = await shown('cus_ada', { action: 'customer' });
    expect(answer).toMatchObject({
      state: 'participant',
      participant: { code: 'ADA-7Q4' },
      link: '?ref=ADA-7Q4',
      points: 0,
      rank: null,
      clicks: 0,
      people: [{ name: 'Grace Hopper', stripeCustomer: 'cus_grace' }],
      peopleCount: 1,
      asBuyer: { referral: null, payments: 0 },
    });
    expect(answer.balance).toMatchObject([{ currency: 'usd', earned: 1800, paid: 0, held: 0 }]);
  });

  it('is nothing of it in another account or in the other mode', async () => {
    await tell(sessionOf('own'));
    await backend.merchant('acct_1Bob');
    expect(await shown('pi_own', { account_id: 'acct_1Bob' })).toEqual({ state: 'not_connected', missing: 'contest' });
    expect(await shown('pi_own', { livemode: true })).toEqual({ state: 'not_connected', missing: 'contest' });
  });
});
