import type { FactSource } from '#shared/fact.ts';
import type { Scope } from './scope.ts';

/** The contest that was made last: the one that a merchant with several is looking after now. */
export async function latestContest(scope: Scope): Promise<{ id: string; document: string } | null> {
  const [row] = await scope.query<{ id: string; document: string }>(
    'select id, document from contest where merchant = $1 order by number desc limit 1',
  );
  return row ?? null;
}

/** Whether anything ever came from there. */
export async function hasFactsOf(scope: Scope, source: FactSource): Promise<boolean> {
  const rows = await scope.query('select seq from fact where merchant = $1 and source = $2 limit 1', [source]);
  return rows.length > 0;
}

export async function contestDocument(scope: Scope, id: string): Promise<string | null> {
  const [row] = await scope.query<{ document: string }>(
    'select document from contest where merchant = $1 and id = $2',
    [id],
  );
  return row?.document ?? null;
}
