import type { MerchantId } from '#shared/ids.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { leaveQueue, nextMerchant, setAside, takeLease, type Waiting, waiting } from '#server/store/queue.ts';
import { type Scope, scopeOf } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';

/** What is done in a merchant's turn, in the transaction that also takes the work out of the queue. */
export interface Work {
  takeIn(fact: Waiting, scope: Scope): Promise<void>;
  /** Derives up to `limit` of what was marked, and says how much it did; nothing: nothing is marked. */
  derive(scope: Scope, limit: number): Promise<number>;
  /** Puts off the first that is marked, because deriving it has failed. */
  putOff(scope: Scope, dueAt: (tries: number) => number): Promise<void>;
}

export interface Turn {
  readonly merchant: MerchantId;
  readonly worked: number;
  readonly setAside: number;
}

export interface TurnOptions {
  readonly store: Store;
  readonly work: Work;
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
  /** Facts, and derivations, in one turn and so in one transaction: what another merchant waits for at most. */
  readonly perTurn?: number;
}

const PER_TURN = 64;

/** Gives one merchant a turn: the next one after `last` for whom something waits. Null when nothing waits for anybody. */
export async function takeTurn(options: TurnOptions, last: MerchantId | null): Promise<Turn | null> {
  const { database } = options.store;
  const merchant =
    (await nextMerchant(database, last, options.now())) ?? (await nextMerchant(database, null, options.now()));
  if (merchant === null) return null;
  try {
    return await turnOf(options, merchant);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return oneByOne(options, merchant);
  }
}

/** Taking facts in marks payments, and deriving a payment may tell facts of its own: both until nothing is left, or enough is done. */
async function turnOf({ store, work, now, perTurn = PER_TURN }: TurnOptions, merchant: MerchantId): Promise<Turn> {
  const worked = await inLease(store, merchant, async (scope) => {
    let taken = 0;
    let derived = 0;
    for (;;) {
      const facts = taken < perTurn ? await waiting(scope, perTurn - taken, now()) : [];
      for (const fact of facts) await work.takeIn(fact, scope);
      if (facts.length > 0) await leaveQueue(scope, facts);
      const more = derived < perTurn ? await work.derive(scope, perTurn - derived) : 0;
      taken += facts.length;
      derived += more;
      if (facts.length + more === 0) return taken + derived;
    }
  });
  return { merchant, worked: worked ?? 0, setAside: 0 };
}

/** Something in the turn failed and all of it was rolled back: each by itself, and what fails is set aside. */
async function oneByOne(options: TurnOptions, merchant: MerchantId): Promise<Turn> {
  const { store, work, now, perTurn = PER_TURN } = options;
  const facts = await waiting(store.of(merchant), perTurn, now());
  const steps: Step[] = facts.map((fact) => ({
    run: async (scope) => {
      // Between the look at the queue and this lease, another worker may have had the merchant.
      if ((await leaveQueue(scope, [fact])) === 0) return false;
      await work.takeIn(fact, scope);
      return true;
    },
    giveUp: (scope, reason) => setAside(scope, fact, { reason, dueAt: now() + backOffMs(fact.tries) }),
  }));
  const deriving: Step = {
    run: async (scope) => (await work.derive(scope, 1)) > 0,
    giveUp: (scope) => work.putOff(scope, (tries) => now() + backOffMs(tries)),
  };
  let worked = 0;
  let aside = 0;
  for (const step of [...steps, ...Array.from({ length: perTurn }, () => deriving)]) {
    const outcome = await attempt(options, merchant, step);
    if (outcome === 'done') worked += 1;
    if (outcome === 'failed') aside += 1;
  }
  return { merchant, worked, setAside: aside };
}

interface Step {
  /** False: there was nothing to do. */
  run(scope: Scope): Promise<boolean>;
  giveUp(scope: Scope, reason: string): Promise<void>;
}

async function attempt(options: TurnOptions, merchant: MerchantId, step: Step): Promise<'done' | 'nothing' | 'failed'> {
  try {
    return (await inLease(options.store, merchant, (scope) => step.run(scope))) === true ? 'done' : 'nothing';
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    options.onDefect(error);
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    await inLease(options.store, merchant, (scope) => step.giveUp(scope, reason));
    return 'failed';
  }
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 3_600_000;
export const backOffMs = (tries: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 4 ** Math.min(tries, 10));

/** Null when another worker has the merchant: its work is being done. */
async function inLease<T>(store: Store, merchant: MerchantId, work: (scope: Scope) => Promise<T>): Promise<T | null> {
  return store.database.transaction(async (queries) => {
    const scope = scopeOf(queries, merchant);
    return (await takeLease(scope, store.database.dialect)) ? work(scope) : null;
  });
}
