import { type Database, type Queries, StoreUnavailable } from '#server/store/database.ts';

/** How the store fails: as one that is down, or in a way that nobody thought of. */
export const FAILURES = {
  'is unavailable': () => new StoreUnavailable('made to fail by a test'),
  'fails with a defect': () => new Error('made to fail by a test'),
} as const;
export type FailureName = keyof typeof FAILURES;

export interface FailingDatabase extends Database {
  /** Queries, inserts and commits so far. */
  readonly steps: () => number;
  /** Makes the steps from `first` to `last`, counted from here, fail; the others go through. */
  failAt(first: number, last: number, failure: FailureName): void;
  /** Makes commits fail after they were made: what a connection does that breaks before the answer. */
  loseCommits(many: number): void;
  heal(): void;
}

/** Stands before a database and makes the k-th of its steps fail. */
export function failing(database: Database): FailingDatabase {
  let taken = 0;
  let shouldFail: (step: number) => Error | null = () => null;
  let toLose = 0;
  const step = () => {
    taken += 1;
    const error = shouldFail(taken);
    if (error !== null) throw error;
  };
  const stepping = (queries: Queries): Queries => ({
    query: async (text, values) => {
      step();
      return queries.query(text, values);
    },
    insert: async (into, rows) => {
      step();
      return queries.insert(into, rows);
    },
  });
  return {
    ...database,
    ...stepping(database),
    transaction: async (work) => {
      const result = await database.transaction(async (queries) => {
        const worked = await work(stepping(queries));
        step(); // the commit
        return worked;
      });
      if (toLose > 0) {
        toLose -= 1;
        throw new StoreUnavailable('the answer to a commit was lost, by a test');
      }
      return result;
    },
    steps: () => taken,
    failAt: (first, last, failure) => {
      taken = 0;
      shouldFail = (at) => (at >= first && at <= last ? FAILURES[failure]() : null);
    },
    loseCommits: (many) => {
      toLose = many;
    },
    heal: () => {
      taken = 0;
      toLose = 0;
      shouldFail = () => null;
    },
  };
}
