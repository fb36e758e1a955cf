import { ledgerWork } from '#server/inbox/room.ts';
import { backOffMs, takeTurn } from '#server/inbox/work.ts';
import { createBodyReader, eraseBodies, listFacts } from '#server/store/facts.ts';
import { addMerchant } from '#server/store/merchants.ts';
import { merchantId, type MerchantId } from '#shared/ids.ts';
import { startBackend } from '../support/backend.ts';
import { keepEvents } from '../support/keep.ts';
import { takingIn } from '../support/work.ts';
import { ENGINES, openTestStore } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

const nothing = takingIn(async () => undefined);

describe.each(ENGINES)('the inbox on %s', (engine) => {
  it('gives every merchant a turn, however much another one has waiting', async () => {
    await using opened = await openTestStore(engine);
    const { store } = opened;
    const events = (account: string, count: number) => Array.from({ length: count }, () => stripeEvent({ account }));
    for (const account of ['acct_Flood', 'acct_Quiet', 'acct_Small']) {
      await addMerchant(store.database, { account, mode: 'test', coveredSince: 0, now: 0 });
    }
    await keepEvents(store, events('acct_Flood', 200));
    await keepEvents(store, [...events('acct_Quiet', 1), ...events('acct_Small', 2)]);
    const options = { store, work: nothing, now: Date.now, onDefect: () => undefined, perTurn: 20 };
    const turns: [merchant: MerchantId, worked: number][] = [];
    for (let last: MerchantId | null = null; ; ) {
      const turn = await takeTurn(options, last);
      if (turn === null) break;
      last = turn.merchant;
      turns.push([turn.merchant, turn.worked]);
    }
    // Whoever comes second and third waits for one turn of the first, not for its two hundred events.
    expect(turns.slice(0, 4)).toEqual([
      [merchantId(1n), 20],
      [merchantId(2n), 1],
      [merchantId(3n), 2],
      [merchantId(1n), 20],
    ]);
    expect(turns).toHaveLength(12);
  });

  it('sets aside what fails, with its reason, and goes on with what comes after it', async () => {
    const poison = stripeEvent({ account: 'acct_Poison' });
    const work = takingIn(async (fact) => {
      if (fact.externalId === poison['id']) throw new Error('this one always fails');
    });
    await using backend = await startBackend(engine, { work });
    const key = await backend.key('acct_Poison');
    const others = Array.from({ length: 5 }, () => stripeEvent({ account: 'acct_Poison' }));
    await Promise.all([...others.slice(0, 2), poison, ...others.slice(2)].map((event) => backend.stripe(event)));
    expect((await backend.api(key, 'POST', '/api/v1/settle', {})).body.data).toEqual({ settled: true, pending: 0 });
    expect((await backend.api(key, 'GET', '/api/v1/facts?state=failed')).body.data).toMatchObject([
      { externalId: poison['id'], state: 'failed', reason: 'this one always fails' },
    ]);
    expect((await backend.api(key, 'GET', '/api/v1/facts?state=done')).body.data).toHaveLength(5);
    expect(String(backend.defects[0])).toContain('this one always fails');
  });

  it('tries again what was set aside, later each time, until it succeeds', async () => {
    let clock = 1_793_000_000_000;
    await using opened = await openTestStore(engine, () => clock);
    const { store } = opened;
    const { merchant } = await addMerchant(store.database, {
      account: 'acct_1Ada',
      mode: 'test',
      coveredSince: 0,
      now: 0,
    });
    await keepEvents(store, [stripeEvent()]);
    let failures = 3;
    const tried: number[] = [];
    const work = takingIn(async () => {
      tried.push(clock);
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
    });
    const options = { store, work, now: () => clock, onDefect: () => undefined };
    while ((await listFacts(store.of(merchant.id), { before: null, state: 'done', limit: 1 })).length === 0) {
      await takeTurn(options, null);
      clock += 500;
    }
    // Each failure is met twice: in the turn, then by itself when the turn has been rolled back.
    const waits = [...new Set(tried)].slice(1).map((at, index) => at - ([...new Set(tried)][index] ?? 0));
    expect(waits.every((wait, index) => wait >= backOffMs(index))).toBe(true);
    expect(waits.length).toBeGreaterThan(0);
  });

  it('keeps no address in a reading, and recognises it by its hash however it is written', async () => {
    await using opened = await openTestStore(engine);
    const { store } = opened;
    const { merchant } = await addMerchant(store.database, {
      account: 'acct_1Ada',
      mode: 'test',
      coveredSince: 0,
      now: 0,
    });
    const customer = (email: string) => stripeEvent({ data: { object: { id: 'cus_1', object: 'customer', email } } });
    await keepEvents(store, [customer('Grace@Bücher.example'), customer(' grace@xn--bcher-kva.example')]);
    await takeTurn(
      { store, work: ledgerWork({ store, now: Date.now }), now: Date.now, onDefect: () => undefined },
      null,
    );
    const rows = await store.of(merchant.id).query<{ reading: string }>('select reading from fact where merchant = $1');
    expect(new Set(rows.map(({ reading }) => reading)).size).toBe(1);
    expect(rows[0]?.reading.toLowerCase()).not.toContain('grace@');
  });

  it('shows that the same id came again with another body, and keeps the first', async () => {
    await using backend = await startBackend(engine);
    const key = await backend.key('acct_1Ada');
    const event = stripeEvent({ type: 'customer.created' });
    await backend.stripe(event);
    await backend.stripe({ ...event, type: 'customer.updated' });
    await backend.stripe({ ...event, type: 'customer.updated' });
    await backend.api(key, 'POST', '/api/v1/settle', {});
    expect((await backend.api(key, 'GET', '/api/v1/facts')).body.data).toMatchObject([{ type: 'customer.created' }]);
    const [rivals] = await backend.store.database.query<{ n: bigint }>('select count(*) as n from rival');
    expect(rivals?.n).toBe(1n);
  });

  it('keeps bodies as they came, and takes one out without touching the others', async () => {
    await using opened = await openTestStore(engine);
    const { store } = opened;
    const { merchant } = await addMerchant(store.database, {
      account: 'acct_1Ada',
      mode: 'test',
      coveredSince: 0,
      now: 0,
    });
    const events = Array.from({ length: 5 }, (_, index) => stripeEvent({ note: `ünï ${index}` }));
    await keepEvents(store, events);
    const scope = store.of(merchant.id);
    const facts = await listFacts(scope, { before: null, state: null, limit: 10 });
    const [first] = facts;
    if (first === undefined) throw new Error('nothing was kept');
    await eraseBodies(scope, store.keyring, [first.seq]);
    for (const fact of facts) {
      const body = await createBodyReader(store.keyring).bodyOf(scope, fact.seq);
      const sent = events.find(({ id }) => id === fact.externalId);
      expect(body?.toString() ?? null).toBe(fact === first ? null : JSON.stringify(sent));
    }
  });
});
