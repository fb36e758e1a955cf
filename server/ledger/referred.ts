import type { PaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import { stateOfPayment } from './decide.ts';

export interface Revenue {
  readonly currency: string;
  readonly amount: number;
}

/** The money that payments brought and that has not gone back, for each currency. */
export async function revenueOf(scope: Scope, payments: readonly PaymentId[]): Promise<Revenue[]> {
  const sums = new Map<string, bigint>();
  for (const payment of payments) {
    const state = await stateOfPayment(scope, payment);
    if (state === null || state.status !== 'paid') continue;
    const returned = state.returned.reduce((sum, { amount }) => sum + amount, 0n);
    sums.set(state.currency, (sums.get(state.currency) ?? 0n) + state.amount - returned);
  }
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount: Number(amount) }))
    .toSorted((one, other) => (one.currency < other.currency ? -1 : 1));
}
