import { factAnswer, type FactAnswer, factsQuery } from '#shared/contract/facts.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import { type FactRow, listFacts } from '#server/store/facts.ts';
import type { Store } from '#server/store/store.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { fail, list } from '../reply.ts';
import { apiRoute } from '../route.ts';

export const factRoutes = (store: Store) => [
  apiRoute({
    method: 'GET',
    path: '/api/v1/facts',
    summary: 'What this merchant’s doors were told, newest first',
    scope: 'read',
    query: factsQuery,
    body: null,
    answer: factAnswer,
    isList: true,
    handle: async ({ caller, query }) => {
      const before = readCursor(query.cursor);
      if (!before.ok) return fail(before.failure);
      const rows = await listFacts(store.of(caller.merchant.id), {
        before: before.value,
        state: query.state ?? null,
        limit: query.limit + 1,
      });
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      return list(shown.map(answerOf), rows.length > shown.length && last !== undefined ? writeCursor(last.seq) : null);
    },
  }),
];

const answerOf = (fact: FactRow): FactAnswer => ({
  id: fact.id,
  source: fact.source,
  type: fact.type,
  externalId: fact.externalId,
  state: fact.state,
  reason: fact.reason,
  occurredAt: fact.occurredAt === null ? null : writeTime(fact.occurredAt),
  receivedAt: writeTime(fact.receivedAt),
});
