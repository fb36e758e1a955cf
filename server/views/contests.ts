import type { Contest } from '#shared/contract/app.ts';
import { isContestId } from '#shared/ids.ts';
import { type Contest as WholeContest, contestOf } from '#server/contests/contest.ts';
import { contestById, listContests } from '#server/store/contests.ts';
import type { Scope } from '#server/store/scope.ts';

/** Of a contest, what a view says. */
export const contestFrom = ({ id, definition }: WholeContest): Contest => ({
  id,
  name: definition.name,
  windowDays: definition.settings.attribution.windowDays,
});

/** The contest that was made last: the one that a merchant with several is looking after now. */
export async function latestContest(scope: Scope): Promise<Contest | null> {
  const [row] = await listContests(scope, { before: null, limit: 1 });
  return row === undefined ? null : contestFrom(contestOf(row));
}

export async function wholeContest(scope: Scope, id: string): Promise<WholeContest> {
  const row = isContestId(id) ? await contestById(scope, id) : null;
  if (row === null) throw new Error('the contest of a participant is not there');
  return contestOf(row);
}
