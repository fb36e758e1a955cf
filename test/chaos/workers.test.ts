import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { isKept, keepTogether } from '#server/inbox/keep.ts';
import { takeTurn } from '#server/inbox/work.ts';
import { addMerchant } from '#server/store/merchants.ts';
import { attachStore, openDatabase } from '#server/store/store.ts';
import type { Database } from '#server/store/database.ts';
import { halves } from '../support/consistency.ts';
import { openTestStore, testKeys, type TestStore } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';
import { takingIn } from '../support/work.ts';
import { isLong } from './form.ts';

const WORKER = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const KILLS = isLong ? 20 : 3;
const FACTS_PER_KILL = 400;
const ACCOUNTS = ['acct_1Ada', 'acct_1Bob', 'acct_1Eve'];

let opened: TestStore;
const workers = new Set<ChildProcess>();
afterEach(async () => {
  for (const worker of workers) await kill(worker);
  await opened.close();
});

async function keepFacts(many: number): Promise<void> {
  await opened.store.database.query(
    'create table if not exists worked (merchant bigint not null, slot text not null, n bigint not null)',
  );
  for (const account of ACCOUNTS) {
    await addMerchant(opened.store.database, { account, mode: 'test', coveredSince: 0, now: 0 });
  }
  const deliveries = Array.from({ length: many }, (_, index) => ({
    kind: 'sealed' as const,
    via: { vouchesFor: ['test'], merchant: null } as const,
    receivedAt: 0,
    body: Buffer.from(JSON.stringify(stripeEvent({ account: ACCOUNTS[index % ACCOUNTS.length] }))),
  }));
  const onDefect = (error: unknown) => {
    throw error;
  };
  const outcomes = await keepTogether(opened.store, { ownAccount: null, onDefect }, deliveries);
  expect(outcomes.filter((outcome) => !isKept(outcome))).toEqual([]);
}

function startWorker(): ChildProcess {
  const worker = fork(WORKER, [opened.url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  workers.add(worker);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  workers.delete(worker);
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

async function untilNothingWaits(): Promise<void> {
  const waiting = 'select seq from unread limit 1';
  while ((await opened.store.database.query(waiting)).length > 0) await setTimeout(20);
}

const timesWorked = async (): Promise<number[]> => {
  const rows = await opened.store.database.query<{ n: bigint }>('select count(*) as n from worked group by slot');
  return rows.map(({ n }) => Number(n));
};

describe.each([
  { engine: 'sqlite', many: 1 },
  { engine: 'postgres', many: 2 },
] as const)('$many workers on $engine that are killed', ({ engine, many }) => {
  it('have worked each fact through exactly once when all is done', async () => {
    opened = await openTestStore(engine);
    const running = Array.from({ length: many }, startWorker);
    for (let round = 0; round < KILLS; round += 1) {
      const working = running.map((worker) => once(worker, 'message').then(() => worker));
      await keepFacts(FACTS_PER_KILL);
      const victim = await Promise.race(working); // it has committed a turn, and is about to take another
      await kill(victim);
      running[running.indexOf(victim)] = startWorker();
    }
    await untilNothingWaits();
    expect(await timesWorked()).toEqual(Array.from({ length: KILLS * FACTS_PER_KILL }, () => 1));
    expect(await halves(opened.store.database)).toEqual([]);
  });
});

describe('two workers on one PostgreSQL', () => {
  it('do not work through again, one by one, what the other has done in the meantime', async () => {
    opened = await openTestStore('postgres');
    await keepFacts(6);
    const note = takingIn(async (fact, scope) => {
      await scope.insert({ table: 'worked', columns: ['slot', 'n'] }, [
        [fact.externalId, BigInt(Math.trunc(performance.now() * 1000))],
      ]);
    });
    const base = { now: Date.now, onDefect: () => undefined };
    const other = openDatabase(opened.url);
    const otherTurn = () =>
      takeTurn({ ...base, store: attachStore(other, { ...testKeys, now: Date.now }), work: note }, null);
    let fails = true;
    let lookedAgain = false;
    // The other one has its turns just after this one has seen what there is to do one by one.
    const slow: Database = {
      ...opened.store.database,
      query: async (text, values) => {
        const rows = await opened.store.database.query(text, values);
        if (!fails && !lookedAgain && text.includes('select seq from unread')) {
          lookedAgain = true;
          while ((await otherTurn()) !== null);
        }
        return rows as never;
      },
    };
    const failOnce = takingIn(async (fact, scope) => {
      if (fails) {
        fails = false;
        throw new Error('made to fail by a test');
      }
      await note.takeIn(fact, scope);
    });
    const store = attachStore(slow, { ...testKeys, now: Date.now });
    await takeTurn({ ...base, store, work: failOnce }, null);
    await other.close();
    expect(lookedAgain).toBe(true);
    expect(await timesWorked()).toEqual(Array.from({ length: 6 }, () => 1));
  });

  it('do not set aside what the other has done in the meantime', async () => {
    opened = await openTestStore('postgres');
    await keepFacts(1);
    const other = openDatabase(opened.url);
    const base = { now: Date.now, onDefect: () => undefined };
    const failing = takingIn(async () => {
      throw new Error('made to fail by a test');
    });
    const store = attachStore(
      {
        ...opened.store.database,
        query: async (text, values) => {
          const rows = await opened.store.database.query(text, values);
          if (text.includes('select seq from unread')) {
            const elsewhere = attachStore(other, { ...testKeys, now: Date.now });
            await takeTurn({ ...base, store: elsewhere, work: takingIn(async () => undefined) }, null);
          }
          return rows as never;
        },
      },
      { ...testKeys, now: Date.now },
    );
    await takeTurn({ ...base, store, work: failing }, null);
    await other.close();
    expect(await opened.store.database.query('select seq from aside')).toEqual([]);
  });
});
