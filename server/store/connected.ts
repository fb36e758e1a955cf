import type { FactSource } from '#shared/fact.ts';
import type { Scope } from './scope.ts';

/** Whether anything ever came from there. */
export async function hasFactsOf(scope: Scope, source: FactSource): Promise<boolean> {
  const rows = await scope.query('select seq from fact where merchant = $1 and source = $2 limit 1', [source]);
  return rows.length > 0;
}
