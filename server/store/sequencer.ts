import { randomInt } from 'node:crypto';
import { type Sequence, sequence } from '#shared/ids.ts';

const INSTANCE_BITS = 10n;
const COUNTER_BITS = 12n;
const COUNTERS = 1n << COUNTER_BITS;

/** Larger than every sequence given out up to and including this millisecond, by any instance. */
export const sequenceAfter = (atMs: number): Sequence =>
  sequence((BigInt(atMs) + 1n) << (INSTANCE_BITS + COUNTER_BITS));

/**
 * Numbers that grow with time on every instance, without asking the database: milliseconds, a random instance number, a
 * counter. Two instances that drew the same number collide on a primary key, and the batch is tried again.
 */
export function createSequencer(now: () => number): () => Sequence {
  const instance = BigInt(randomInt(1 << Number(INSTANCE_BITS)));
  let lastMs = 0;
  let counter = 0n;
  return () => {
    const nowMs = now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = 0n;
    } else {
      counter += 1n;
      if (counter === COUNTERS) {
        lastMs += 1; // borrow from the next millisecond rather than repeat a number
        counter = 0n;
      }
    }
    return sequence((((BigInt(lastMs) << INSTANCE_BITS) | instance) << COUNTER_BITS) | counter);
  };
}
