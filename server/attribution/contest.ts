import type { ContestReading } from '#shared/reading.ts';
import type { KeyFact } from '#shared/told.ts';
import { keys, type Reads } from './reads.ts';

/** The contests of the merchant, each as it stood at a moment. */
export function contestsAt(reads: Reads, atMs: number): ContestReading[] {
  const versions = reads.facts(keys.contests).filter(isContest);
  const byContest = Map.groupBy(versions, ({ reading }) => reading.contest);
  return [...byContest.values()].flatMap((theirs) => {
    const inOrder = theirs.toSorted((one, other) => one.reading.version - other.reading.version);
    // The first version holds from the start, or from always; later ones from when they were made.
    const standing = inOrder.findLast(({ at, reading }) => reading.version === 1 || at <= atMs);
    return standing === undefined ? [] : [standing.reading];
  });
}

type ContestFact = KeyFact & { readonly reading: ContestReading };
const isContest = (fact: KeyFact): fact is ContestFact => fact.reading.about === 'contest';

export type NotRunning = 'not_running' | 'paused';

/** Null: it runs at that moment. */
export function whyNotRunning(contest: ContestReading, atMs: number): NotRunning | null {
  if (contest.status === 'paused') return 'paused';
  if (contest.status !== null) return 'not_running';
  if (contest.startsAt !== null && atMs < contest.startsAt) return 'not_running';
  return contest.endsAt !== null && atMs >= contest.endsAt ? 'not_running' : null;
}
