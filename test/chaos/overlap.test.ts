import pg from 'pg';
import { isKept, keepTogether, type Outcome } from '#server/inbox/keep.ts';
import { addMerchant } from '#server/store/merchants.ts';
import { attachStore, openDatabase } from '#server/store/store.ts';
import { halves } from '../support/consistency.ts';
import { openTestStore, testKeys } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';
import { untilSomeWait } from './locks.ts';

const ADA = 'acct_1Ada';
const BOB = 'acct_1Bob';

const deliveryOf = ([id, account]: readonly [id: string, account: string]) => ({
  kind: 'sealed' as const,
  via: { vouchesFor: ['test'], merchant: null } as const,
  receivedAt: 0,
  body: Buffer.from(JSON.stringify(stripeEvent({ id, account }))),
});

/** A session that has kept this event of this merchant, and neither commits nor rolls back yet. */
async function holdEvent(url: string, id: string, merchant: bigint): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('begin');
  await client.query(
    `insert into fact (merchant, seq, source, external_id, version, type, received_at, body, place)
     values ($1, 1, 'stripe', $2, $3, 'customer.created', 0, 1, 0)`,
    [merchant, id, stripeEvent()['api_version']],
  );
  return client;
}

describe('two servers on one PostgreSQL that are given the same events of several merchants', () => {
  it('do not lock each other out, whoever’s event comes first', async () => {
    const opened = await openTestStore('postgres');
    const [ada] = await Promise.all(
      [ADA, BOB].map((account) =>
        addMerchant(opened.store.database, { account, mode: 'test', coveredSince: 0, now: 0 }),
      ),
    );
    const stores = [1, 2].map(() => attachStore(openDatabase(opened.url), { ...testKeys, now: Date.now }));
    const defects: unknown[] = [];
    const shared = [['evt_1', ADA] as const, ['evt_2', BOB] as const, ['evt_3', ADA] as const];
    // The first server comes to Ada's last event with others of hers in hand, and finds it taken, while the second begins.
    const holder = await holdEvent(opened.url, 'evt_3', ada?.merchant.id ?? 0n);
    const outcomes: Promise<Outcome[]>[] = [];
    for (const [index, store] of stores.entries()) {
      const first = index === 0 ? (['evt_0a', ADA] as const) : (['evt_0b', BOB] as const);
      const batch = [first, ...shared].map(deliveryOf);
      const onDefect = (error: unknown) => defects.push(error);
      outcomes.push(keepTogether(store, { ownAccount: null, onDefect }, batch));
      await untilSomeWait(opened.url, index + 1);
    }
    await holder.query('rollback');
    await holder.end();
    for (const kept of await Promise.all(outcomes)) expect(kept.filter((outcome) => !isKept(outcome))).toEqual([]);
    expect(defects).toEqual([]);
    expect(await halves(opened.store.database)).toEqual([]);
    for (const store of stores) await store.close();
    await opened.close();
  });
});
