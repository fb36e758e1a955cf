import { stateOf } from '#server/attribution/state.ts';
import { rate } from '#server/rewards/rate.ts';
import type { Arrival } from '#server/store/arrivals.ts';
import { entriesOfPayment } from '#server/store/entries.ts';
import { factIdOf } from '#server/store/facts.ts';
import { participantIdOf } from '#server/store/participants.ts';
import type { PaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import type { PaymentReading } from '#shared/reading.ts';
import { decide, stateOfPayment } from './decide.ts';

export interface Points {
  /** For the purchaser. */
  readonly pointsAwarded: number;
  /** For who referred the purchase. */
  readonly referrerPoints: number;
}

/** The points of a payment that stand in a contest. */
export async function pointsOf(scope: Scope, contest: string, payment: PaymentId | undefined): Promise<Points> {
  const entries = payment === undefined ? [] : await entriesOfPayment(scope, payment);
  const points = entries.filter((entry) => entry.kind === 'points' && entry.contest === contest);
  const sum = (role: 'buyer' | 'referrer') =>
    Number(points.filter((entry) => entry.role === role).reduce((total, { amount }) => total + amount, 0n));
  return { pointsAwarded: sum('buyer'), referrerPoints: sum('referrer') };
}

export async function currencyOfPayment(scope: Scope, payment: PaymentId): Promise<string | null> {
  return (await stateOfPayment(scope, payment))?.currency ?? null;
}

/** What a purchase would give if it were kept: decided and rated by the same functions, and written nowhere. */
export async function tryOut(
  scope: Scope,
  contest: { readonly id: string; readonly autoEnrol: boolean },
  arrival: Arrival & { readonly read: PaymentReading },
): Promise<Points> {
  const { read, occurredAt, receivedAt, type, source } = arrival;
  const fact = { id: factIdOf(arrival), at: occurredAt ?? receivedAt, type, source, reading: read };
  const state = stateOf(read.aliases, [fact]);
  if (state === null) return { pointsAwarded: 0, referrerPoints: 0 };
  const { who } = await decide(scope, state);
  const buyer =
    who.buyer ?? (contest.autoEnrol && read.address !== null ? participantIdOf(contest.id, read.address) : null);
  const lines = rate(state, { ...who, buyer }).flatMap((outcome) => outcome.lines);
  const sum = (role: 'buyer' | 'referrer') =>
    Number(
      lines
        .filter((line) => line.kind === 'points' && line.role === role)
        .reduce((total, { amount }) => total + amount, 0n),
    );
  return { pointsAwarded: sum('buyer'), referrerPoints: sum('referrer') };
}
