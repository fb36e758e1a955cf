import type { Balance } from '#shared/contract/app.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import { type Decision, decide, stateOfPayment } from '#server/ledger/decide.ts';
import { basisOf } from '#server/rewards/rate.ts';
import { type Entry, entriesOfPayment } from '#server/store/entries.ts';
import type { PaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import { statusOf } from './awards-view.ts';

/** A payment as it is decided, with what it has in the ledger. */
export interface Bought {
  readonly id: PaymentId;
  readonly decision: Decision;
  readonly counted: { readonly amount: number; readonly currency: string };
  readonly entries: readonly Entry[];
}

/** Money that was received, of the payments named; what waits or failed is not among it. */
export async function boughtOf(scope: Scope, payments: readonly PaymentId[]): Promise<Bought[]> {
  const bought: Bought[] = [];
  for (const id of payments) {
    const state = await stateOfPayment(scope, id);
    if (state === null) continue;
    const decision = await decide(scope, state);
    if (!decision.who.isCounting) continue;
    const counted = { amount: Number(basisOf(state, decision.who.contest)), currency: state.currency };
    bought.push({ id, decision, counted, entries: await entriesOfPayment(scope, id) });
  }
  return bought;
}

/** One sum for each currency: currencies are never added. */
export function sumsOf(
  monies: readonly { amount: number; currency: string }[],
): { amount: number; currency: string }[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of monies) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

export const commissionOf = (entries: readonly Entry[], participant: string): Entry[] =>
  entries.filter((entry) => entry.kind === 'commission' && entry.participant === participant);

/** Commission in each currency, by when it can be paid. Nothing is paid out, held or frozen by anybody yet. */
export function balancesOf(entries: readonly Entry[], now: number): Balance[] {
  return [...Map.groupBy(entries, ({ currency }) => currency ?? '')].map(([currency, theirs]) => {
    const sum = (of: readonly Entry[]) => Number(of.reduce((total, { amount }) => total + amount, 0n));
    const pending = theirs.filter(({ availableAt }) => statusOf(1n, availableAt, now) === 'pending');
    const next = pending.map(({ availableAt }) => Number(availableAt)).toSorted((one, other) => one - other)[0];
    return {
      currency,
      earned: sum(theirs),
      paid: 0,
      approved: sum(theirs) - sum(pending),
      pending: sum(pending),
      nextAvailableAt: next === undefined ? null : writeTime(next),
      held: 0,
      frozen: 0,
    };
  });
}
