import type { Balance, Line, Revision } from '#shared/entry.ts';

/** For what an amount stands: the same slot is the same matter, however often it is decided again. */
export const slotOf = (payment: string, line: Line): string =>
  [payment, line.participant, line.role, line.rule, line.cause, line.kind, line.currency ?? ''].join('|');

/** What should stand against what stands. Nothing to write means that they agree. */
export function difference(
  payment: string,
  lines: readonly Line[],
  standing: ReadonlyMap<string, Balance>,
): Revision[] {
  const wanted = new Map(lines.map((line) => [slotOf(payment, line), line]));
  const revised = [...wanted].flatMap(([slot, line]) => revision(slot, line, line.amount, standing.get(slot)));
  const withdrawn = [...standing].flatMap(([slot, balance]) =>
    wanted.has(slot) ? [] : revision(slot, null, 0n, balance),
  );
  return [...revised, ...withdrawn];
}

function revision(slot: string, line: Line | null, target: bigint, stands: Balance | undefined): Revision[] {
  const amount = target - (stands?.amount ?? 0n);
  return amount === 0n ? [] : [{ slot, n: (stands?.n ?? 0n) + 1n, amount, line }];
}
