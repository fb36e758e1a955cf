import type { Delivery } from './delivery.ts';
import { type Outcome, UNAVAILABLE } from './keep.ts';

export interface GatherOptions {
  /** Commits under way at the same time. */
  readonly inFlight?: number;
  /** Deliveries in one commit. */
  readonly most?: number;
  /** Bytes that may wait before a delivery is sent back at once. */
  readonly mostBytes?: number;
  readonly onCommitted?: ((deliveries: number, seconds: number) => void) | undefined;
}

export interface Gatherer {
  keep(delivery: Delivery): Promise<Outcome>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Held {
  readonly delivery: Delivery;
  readonly answer: (outcome: Outcome) => void;
}

/**
 * Group commit: what arrives while a commit is under way goes into the next one. No timer: a single delivery on an idle
 * server is committed at once, and under load the batches grow by themselves.
 */
export function createGatherer(
  commit: (deliveries: readonly Delivery[]) => Promise<readonly Outcome[]>,
  { inFlight = 2, most = 256, mostBytes = 64 << 20, onCommitted }: GatherOptions = {},
): Gatherer {
  let held: Held[] = [];
  let heldBytes = 0;
  let underWay = 0;
  let armed = false;
  let whenIdle: (() => void)[] = [];

  const flush = () => {
    armed = false;
    while (held.length > 0 && underWay < inFlight) {
      const batch = held.slice(0, most);
      held = held.slice(most);
      for (const { delivery } of batch) heldBytes -= delivery.body.length;
      underWay += 1;
      void send(batch).finally(() => {
        underWay -= 1;
        if (held.length > 0) flush();
        else if (underWay === 0) {
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        }
      });
    }
  };

  const send = async (batch: readonly Held[]) => {
    const began = performance.now();
    try {
      const outcomes = await commit(batch.map(({ delivery }) => delivery));
      onCommitted?.(batch.length, (performance.now() - began) / 1000);
      batch.forEach(({ answer }, index) => answer(outcomes[index] ?? UNAVAILABLE));
    } catch {
      for (const { answer } of batch) answer(UNAVAILABLE);
    }
  };

  return {
    keep: (delivery) =>
      new Promise((answer) => {
        if (heldBytes + delivery.body.length > mostBytes) {
          answer(UNAVAILABLE);
          return;
        }
        held.push({ delivery, answer });
        heldBytes += delivery.body.length;
        if (armed || underWay >= inFlight) return;
        armed = true;
        setImmediate(flush); // what came in with the same read of the sockets travels together
      }),
    idle: () =>
      new Promise((resolve) => {
        if (held.length === 0 && underWay === 0) resolve();
        else whenIdle.push(resolve);
      }),
  };
}
