import { setImmediate, setTimeout } from 'node:timers/promises';
import type { MerchantId } from '#shared/ids.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { createDerivation } from '#server/ledger/derivation.ts';
import type { Store } from '#server/store/store.ts';
import { claimWaiting } from './claim.ts';
import type { Delivery } from './delivery.ts';
import { keepTogether, type KeepOptions, type Outcome } from './keep.ts';
import { createPace } from './pace.ts';
import { createBodyReader } from '#server/store/facts.ts';
import { read } from './read.ts';
import { takeTurn, type Work } from './work.ts';

export interface RoomOptions extends KeepOptions {
  readonly store: Store;
  readonly now: () => number;
  /** Tests put a step of their own here. */
  readonly work?: Work;
  readonly onWorked?: (counts: { readonly worked: number; readonly setAside: number }) => void;
}

/** Where deliveries are kept and facts are worked through: two things that take turns on one thread. */
export interface Room {
  keepTogether(deliveries: readonly Delivery[]): Promise<Outcome[]>;
  wake(): void;
  close(): Promise<void>;
}

const LOOK_AROUND_MS = 1_000;

export function openRoom(options: RoomOptions): Room {
  const { store } = options;
  const work = options.work ?? ledgerWork(options);
  const closing = new AbortController();
  const pace = createPace(() => performance.now());
  let wake: () => void = () => undefined;

  const goRound = async () => {
    let last: MerchantId | null = null;
    while (!closing.signal.aborted) {
      try {
        const { perTurn, restMs, restTimes } = pace.step();
        const began = performance.now();
        const turn = await takeTurn({ ...options, work, perTurn }, last);
        last = turn?.merchant ?? null;
        if (turn !== null && turn.worked + turn.setAside > 0) {
          options.onWorked?.(turn);
          const restForMs = Math.max(restMs, restTimes * (performance.now() - began));
          await (restForMs > 0 ? pause(restForMs) : setImmediate());
        } else {
          // Nothing here: others may have written, or what was set aside may have become due.
          await rest();
          await claimWaiting(options);
        }
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) options.onDefect(error);
        await pause(LOOK_AROUND_MS);
      }
    }
  };

  const pause = async (ms: number) => {
    await setTimeout(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  };
  let woken = false;
  const rest = async () => {
    if (!woken) {
      const ring = new AbortController();
      wake = () => ring.abort();
      await setTimeout(LOOK_AROUND_MS, undefined, { signal: AbortSignal.any([closing.signal, ring.signal]) }).catch(
        () => undefined,
      );
    }
    woken = false;
    wake = () => undefined;
  };

  const wakeUp = () => {
    woken = true;
    wake();
  };

  const working = goRound();
  return {
    keepTogether: async (deliveries) => {
      pace.kept(deliveries.length);
      try {
        return await keepTogether(store, options, deliveries);
      } finally {
        wakeUp();
      }
    },
    wake: wakeUp,
    close: async () => {
      closing.abort();
      await working;
    },
  };
}

/** Facts are read, and become payments and entries. */
export function ledgerWork({ store, now }: Pick<RoomOptions, 'store' | 'now'>): Work {
  const derivation = createDerivation(store, now);
  const bodies = createBodyReader(store.keyring);
  return {
    takeIn: async (fact, scope) => {
      const reading = fact.reading ?? (await read(store, scope, bodies, fact));
      if (reading !== null) await derivation.apply(scope, { ...fact, reading });
    },
    derive: (scope, limit) => derivation.deriveMarked(scope, limit),
    putOff: (scope, dueAt) => derivation.putOff(scope, dueAt),
  };
}
