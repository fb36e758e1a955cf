import type { MerchantId } from '#shared/ids.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { leaveQueue, nextMerchant, setAside, takeLease, type Waiting, waiting } from '#server/store/queue.ts';
import { type Scope, scopeOf } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';

/** What is done with a fact, in a transaction that also takes it out of the queue. */
export type WorkThrough = (fact: Waiting, scope: Scope) => Promise<void>;

export interface Turn {
  readonly merchant: MerchantId;
  readonly worked: number;
  readonly setAside: number;
}

export interface TurnOptions {
  readonly store: Store;
  readonly workThrough: WorkThrough;
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
  /** Facts in one turn, and so in one transaction: what another merchant waits for at most. */
  readonly factsPerTurn?: number;
}

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

async function turnOf(options: TurnOptions, merchant: MerchantId): Promise<Turn> {
  const worked = await inLease(options, merchant, async (scope) => {
    const facts = await waiting(scope, options.factsPerTurn ?? 64, options.now());
    for (const fact of facts) await options.workThrough(fact, scope);
    if (facts.length > 0) await leaveQueue(scope, facts);
    return facts.length;
  });
  return { merchant, worked: worked ?? 0, setAside: 0 };
}

/** Something in the turn failed and all of it was rolled back: each fact by itself, and the one that fails is set aside. */
async function oneByOne(options: TurnOptions, merchant: MerchantId): Promise<Turn> {
  const facts = await waiting(options.store.of(merchant), options.factsPerTurn ?? 64, options.now());
  let worked = 0;
  let aside = 0;
  for (const fact of facts) {
    try {
      const isDone = await inLease(options, merchant, async (scope) => {
        // Between the look at the queue and this lease, another worker may have had the merchant.
        if ((await leaveQueue(scope, [fact])) === 0) return false;
        await options.workThrough(fact, scope);
        return true;
      });
      if (isDone === true) worked += 1;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      options.onDefect(error);
      const reason = error instanceof Error ? error.message : String(error);
      await inLease(options, merchant, (scope) =>
        setAside(scope, fact, { reason: reason.slice(0, 500), dueAt: options.now() + backOffMs(fact.tries) }),
      );
      aside += 1;
    }
  }
  return { merchant, worked, setAside: aside };
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 3_600_000;
export const backOffMs = (tries: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 4 ** Math.min(tries, 10));

/** Null when another worker has the merchant: its work is being done. */
async function inLease<T>(
  options: TurnOptions,
  merchant: MerchantId,
  work: (scope: Scope) => Promise<T>,
): Promise<T | null> {
  const { database } = options.store;
  return database.transaction(async (queries) => {
    const scope = scopeOf(queries, merchant);
    return (await takeLease(scope, database.dialect)) ? work(scope) : null;
  });
}
