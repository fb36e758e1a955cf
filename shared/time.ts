/** Calendar arithmetic in UTC on milliseconds; no clock. 31 January + 1 month is the last day of February. */
export function addMonths(atMs: number, months: number): number {
  const at = new Date(atMs);
  const first = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).getUTCDate();
  const day = Math.min(at.getUTCDate(), last) - 1;
  return first + day * DAY_MS + (((atMs % DAY_MS) + DAY_MS) % DAY_MS);
}

export const DAY_MS = 86_400_000;
