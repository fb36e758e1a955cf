import type { MerchantId } from '#shared/ids.ts';
import type { Insert, Queries, Row, Value } from './database.ts';

/**
 * Queries of one merchant. `$1` is always the merchant, put in here, and a text that does not use it is refused: another
 * merchant's rows can't be reached by forgetting a condition. Callers number their own values from `$2`.
 */
export interface Scope {
  readonly merchant: MerchantId;
  /** For what belongs to the installation, in the same transaction. */
  readonly queries: Queries;
  query<R extends object = Row>(text: string, values?: readonly Value[]): Promise<R[]>;
  /** Columns and rows without the merchant, which is put in front. */
  insert<R extends object = Row>(into: Insert, rows: readonly (readonly Value[])[]): Promise<R[]>;
}

export const scopeOf = (queries: Queries, merchant: MerchantId): Scope => ({
  merchant,
  queries,
  query: (text, values = []) => queries.query(scoped(text), [merchant, ...values]),
  insert: (into, rows) =>
    queries.insert(
      { ...into, columns: ['merchant', ...into.columns] },
      rows.map((row) => [merchant, ...row]),
    ),
});

const checked = new Set<string>();

function scoped(text: string): string {
  if (checked.has(text)) return text;
  const named =
    /\bmerchant = \$1\b/.test(text) || /^\s*insert into \w+ \(merchant,[^)]*\)\s*(values \(|select )\$1\b/.test(text);
  if (!named) throw new Error(`a query of a merchant must say "merchant = $1": ${text}`);
  checked.add(text);
  return text;
}
