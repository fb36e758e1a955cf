import type { Award, AwardStatus, Person } from '#shared/contract/app.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import type { Entry } from '#server/store/entries.ts';

const matterOf = ({ participant, role, rule, kind, currency }: Entry): string =>
  [participant, role, rule ?? '', kind, currency ?? ''].join('|');

/** What stands in the ledger, for each participant, rule and kind. */
export function shownAwards(entries: readonly Entry[], personOf: (id: string) => Person, now: number): Award[] {
  return [...Map.groupBy(entries, matterOf).values()].flatMap((theirs) => {
    const [first] = theirs;
    if (first === undefined) return [];
    const amount = theirs.reduce((sum, entry) => sum + entry.amount, 0n);
    // Whatever isn't the award itself was caused by a refund or a lost dispute.
    const takenBack = theirs.reduce((sum, { cause, amount: part }) => (cause === 'award' ? sum : sum + part), 0n);
    const availableAt = theirs.findLast((entry) => entry.availableAt !== null)?.availableAt ?? null;
    return [
      {
        participant: personOf(first.participant),
        role: first.role,
        kind: first.kind,
        amount: Number(amount),
        currency: first.currency,
        takenBack: Number(-takenBack),
        status: statusOf(amount, availableAt, now),
        availableAt: availableAt === null ? null : writeTime(Number(availableAt)),
      },
    ];
  });
}

/** Nothing is paid out or held back by anybody yet: time alone approves. */
export function statusOf(amount: bigint, availableAt: bigint | null, now: number): AwardStatus {
  if (amount === 0n) return 'reversed';
  return availableAt !== null && Number(availableAt) > now ? 'pending' : 'approved';
}
