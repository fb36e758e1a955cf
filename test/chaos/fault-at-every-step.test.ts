import { claimFor } from '#server/inbox/claim.ts';
import type { Delivery } from '#server/inbox/delivery.ts';
import { isKept as wasKept, keepTogether, UNAVAILABLE } from '#server/inbox/keep.ts';
import { takeTurn } from '#server/inbox/work.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { addMerchant } from '#server/store/merchants.ts';
import { attachStore, type Store } from '#server/store/store.ts';
import { halves, keptBodies } from '../support/consistency.ts';
import { FAILURES, type FailingDatabase, type FailureName, failing } from '../support/failing-database.ts';
import { ENGINES, type Engine, openTestStore, testKeys, type TestStore } from '../support/stores.ts';
import { type StripeEvent, stripeEvent } from '../support/stripe.ts';
import { takingIn } from '../support/work.ts';

const ADA = { account: 'acct_1Ada', mode: 'test' } as const;
const BOB = { account: 'acct_1Bob', mode: 'live' } as const;
const EVE = { account: 'acct_1Eve', mode: 'test' } as const; // added only after her events have come
const FOREVER = 1_000_000;
const HOUR_MS = 3_600_000;

const CASES = ENGINES.flatMap((engine) =>
  (Object.keys(FAILURES) as FailureName[]).map((failure) => ({ engine, failure })),
);

let opened: TestStore;
let database: FailingDatabase;
let store: Store;
let defects: unknown[];
const onDefect = (error: unknown) => defects.push(error);

async function openFailing(engine: Engine): Promise<void> {
  opened = await openTestStore(engine);
  await opened.store.database.query(
    'create table worked (merchant bigint not null, slot text not null, n bigint not null)',
  );
  database = failing(opened.store.database);
  store = attachStore(database, { ...testKeys, now: Date.now });
  defects = [];
}

/** Empties the store, so that each step fails on the same ground. */
async function startAgain(): Promise<void> {
  database.heal();
  const tables = [
    'fact',
    'body',
    'unread',
    'aside',
    'unreadable',
    'rival',
    'unclaimed',
    'lease',
    'merchant',
    'contest',
  ];
  for (const table of tables) await opened.store.database.query(`delete from ${table}`);
  store = attachStore(database, { ...testKeys, now: Date.now }); // nor does it remember its merchants
  for (const name of [ADA, BOB]) await addMerchant(opened.store.database, { ...name, coveredSince: 0, now: 0 });
  database.heal();
}

afterEach(() => opened.close());

const deliveryOf = (event: StripeEvent): Delivery => ({
  kind: 'sealed',
  via: { vouchesFor: ['live', 'test'], merchant: null },
  receivedAt: 1_793_000_000_000,
  body: Buffer.from(JSON.stringify(event)),
});

/** Everything that a batch can hold: new, repeated, a rival, unreadable, of several merchants, and of nobody yet. */
const batchOfAllKinds = (): Delivery[] => {
  const repeated = stripeEvent({ id: 'evt_repeated' });
  return [
    stripeEvent({ id: 'evt_ada' }),
    repeated,
    { ...repeated, pending_webhooks: 0 },
    { ...repeated, type: 'customer.updated' },
    stripeEvent({ id: 'evt_bob', account: BOB.account, livemode: true }),
    stripeEvent({ id: 'evt_unreadable', data: {} }),
    stripeEvent({ id: 'evt_eve', account: EVE.account }),
    stripeEvent({ id: 'evt_eve_2', account: EVE.account }),
  ].map(deliveryOf);
};

const keep = (batch: readonly Delivery[]) => keepTogether(store, { ownAccount: null, onDefect }, batch);

/** All that is kept, without the numbers that differ from one run to the next. */
async function contents() {
  const rows = (text: string) => opened.store.database.query(text);
  return {
    bodies: (await keptBodies(opened.store)).toSorted((one, other) => (one.externalId < other.externalId ? -1 : 1)),
    rivals: await rows('select merchant, fingerprint from rival order by fingerprint'),
    unclaimed: await rows('select account, external_id from unclaimed order by external_id'),
    waiting: await rows('select merchant, count(*) as n from unread group by merchant order by merchant'),
    unreadable: await rows('select merchant, reason, count(*) as n from unreadable group by merchant, reason'),
    merchants: await rows('select account, mode from merchant order by account'),
    halves: await halves(opened.store.database),
  };
}

const isKept = async ({ body }: Delivery): Promise<boolean> => {
  const { id } = JSON.parse(Buffer.from(body).toString()) as { id: string };
  const rows = await opened.store.database.query(
    'select external_id from fact where external_id = $1 union all select external_id from unclaimed where external_id = $1',
    [id],
  );
  return rows.length > 0;
};

describe.each(CASES)('a batch of deliveries into a store that $failure, on $engine', ({ engine, failure }) => {
  beforeEach(() => openFailing(engine));

  it.each([
    { which: 'one step fails', last: (step: number) => step },
    { which: 'all steps from one on fail', last: () => FOREVER },
  ])('is refused or kept, never half, when $which; sent again, it is kept once', async ({ last }) => {
    const batch = batchOfAllKinds();
    await startAgain();
    expect((await keep(batch)).filter((outcome) => !wasKept(outcome))).toEqual([]);
    const steps = database.steps();
    const whole = await contents();
    expect(whole).toMatchObject({ halves: [], rivals: [{}], unclaimed: [{}, {}] });
    for (let step = 1; step <= steps; step += 1) {
      await startAgain();
      database.failAt(step, last(step), failure);
      const outcomes = await keep(batch);
      expect(await halves(opened.store.database)).toEqual([]);
      expect(outcomes.filter((outcome) => !wasKept(outcome) && outcome !== UNAVAILABLE)).toEqual([]);
      const accepted = batch.filter((_, index) => wasKept(outcomes[index] ?? UNAVAILABLE));
      expect(await Promise.all(accepted.map(isKept))).toEqual(accepted.map(() => true));
      database.heal();
      expect((await keep(batch)).filter((outcome) => !wasKept(outcome))).toEqual([]);
      expect({ step, ...(await contents()) }).toEqual({ step, ...whole });
    }
  });
});

describe.each(ENGINES)('a batch whose commit is made and its answer lost, on %s', (engine) => {
  it('is refused, and sent again it is kept once', async () => {
    await openFailing(engine);
    await startAgain();
    const batch = batchOfAllKinds();
    database.loseCommits(1);
    expect(await keep(batch)).toEqual(batch.map(() => UNAVAILABLE));
    const whole = await contents();
    expect((await keep(batch)).filter((outcome) => !wasKept(outcome))).toEqual([]);
    expect(await contents()).toEqual(whole);
    expect(whole.halves).toEqual([]);
  });
});

/** Work that leaves a row behind for each time that it was done. */
const enterInLedger = takingIn(async (fact, scope) => {
  const [done] = await scope.query<{ n: bigint }>(
    'select count(*) as n from worked where merchant = $1 and slot = $2',
    [fact.externalId],
  );
  await scope.insert({ table: 'worked', columns: ['slot', 'n'] }, [[fact.externalId, (done?.n ?? 0n) + 1n]]);
});

describe.each(CASES)('a turn of the inbox in a store that $failure, on $engine', ({ engine, failure }) => {
  let clock = 0;
  const turn = () => takeTurn({ store, work: enterInLedger, now: () => clock, onDefect }, null);

  it('is taken back whole; the next ones work each fact through once', async () => {
    await openFailing(engine);
    let steps = 1;
    for (let step = 0; step <= steps; step += 1) {
      await startAgain();
      const [one, other] = [stripeEvent({ id: `evt_${step}_one` }), stripeEvent({ id: `evt_${step}_other` })];
      expect(await keep([one, other].map(deliveryOf))).toEqual(['new', 'new']);
      database.failAt(step, step, failure); // none at 0: it counts the steps of a turn that succeeds
      const error: unknown = await turn().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (step === 0) steps = database.steps();
      // What passes by itself ends the turn; a defect is looked for fact by fact.
      const isExpected =
        error === null || (step > 0 && error instanceof StoreUnavailable) || failure !== 'is unavailable';
      expect(isExpected).toBe(true);
      expect(await halves(opened.store.database)).toEqual([]);
      database.heal();
      clock += HOUR_MS;
      while ((await turn()) !== null) clock += 1;
      const entries = await opened.store.database.query('select slot, n from worked where slot like $1 order by slot', [
        `evt_${step}_%`,
      ]);
      expect(entries).toEqual([one, other].map(({ id }) => ({ slot: id, n: 1n })));
      expect(await halves(opened.store.database)).toEqual([]);
    }
    expect(steps).toBeGreaterThan(5);
  });
});

describe.each(CASES)('adding a merchant in a store that $failure, on $engine', ({ engine, failure }) => {
  it('leaves nothing half; done again, it takes in once what had come before', async () => {
    await openFailing(engine);
    const addEve = async () => {
      await addMerchant(database, { ...EVE, coveredSince: 0, now: 0 });
      await claimFor({ store, now: Date.now, ownAccount: null }, EVE);
    };
    let whole: Awaited<ReturnType<typeof contents>> | undefined;
    let steps = 1;
    for (let step = 0; step <= steps; step += 1) {
      await startAgain();
      const batch = batchOfAllKinds();
      await keep(batch);
      database.failAt(step, step, failure); // none at 0: what it is like when nothing fails
      const added = await addEve().then(
        () => true,
        () => false,
      );
      expect({ step, added }).toEqual({ step, added: step === 0 });
      if (step === 0) steps = database.steps();
      expect(await halves(opened.store.database)).toEqual([]);
      database.heal();
      await addEve();
      whole ??= await contents();
      expect(await contents()).toEqual(whole);
    }
    expect(whole).toMatchObject({ unclaimed: [], halves: [] });
    expect(whole?.bodies.map(({ externalId }) => externalId)).toContain('evt_eve');
  });
});
