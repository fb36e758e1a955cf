import { explainAnswer, ledgerQuery, entryAnswer, paymentAnswer, paymentsQuery } from '#shared/contract/payments.ts';
import { z } from 'zod';
import { entryAnswerOf, explain, paymentAnswerOf } from '#server/ledger/explain.ts';
import { orderAlias } from '#server/facts/from-purchase.ts';
import { contestIds } from '#server/store/contests.ts';
import { listEntries } from '#server/store/entries.ts';
import { listPayments, paymentById, paymentsOf, readPaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { contestIn } from './contests.ts';
import { readCursor, readTextCursor, writeCursor, writeTextCursor } from '../cursor.ts';
import { data, fail, list } from '../reply.ts';
import { apiRoute } from '../route.ts';
import { NOT_FOUND } from '../serve.ts';
import { sequence } from '#shared/ids.ts';

export interface PaymentRoutes {
  readonly store: Store;
  readonly now: () => number;
}

export const paymentRoutes = (doors: PaymentRoutes) => [listRoute(doors), explainRoute(doors), ledgerRoute(doors)];

const listRoute = ({ store, now }: PaymentRoutes) =>
  apiRoute({
    method: 'GET',
    path: '/api/v1/payments',
    summary: 'Payments, latest first; by any of its names with `alias`',
    scope: 'read',
    query: paymentsQuery,
    body: null,
    answer: paymentAnswer,
    isList: true,
    handle: async ({ caller, query }) => {
      const scope = store.of(caller.merchant.id);
      if (query.alias !== undefined) {
        const found = await paymentsNamed(scope, query.alias);
        const answers = await Promise.all(found.map((id) => paymentAnswerOf(scope, id, now())));
        return list(
          answers.filter((answer) => answer !== null),
          null,
        );
      }
      const before = readTextCursor(query.cursor);
      if (!before.ok) return fail(before.failure);
      const rows = await listPayments(scope, { before: before.value, customer: null, limit: query.limit + 1 });
      const shown = rows.slice(0, query.limit);
      const answers = await Promise.all(shown.map(({ id }) => paymentAnswerOf(scope, id, now())));
      const last = shown.at(-1);
      return list(
        answers.filter((answer) => answer !== null),
        rows.length > shown.length && last !== undefined ? writeTextCursor(last.position) : null,
      );
    },
  });

const explainRoute = ({ store, now }: PaymentRoutes) =>
  apiRoute({
    method: 'GET',
    path: '/api/v1/payments/:id/explain',
    summary: 'Who referred it, what it earned, and how we know',
    scope: 'read',
    query: z.object({}),
    body: null,
    answer: explainAnswer,
    isList: false,
    handle: async ({ caller, params }) => {
      const scope = store.of(caller.merchant.id);
      const id = readPaymentId(params['id'] ?? '');
      const explained = id === null ? null : await explain(scope, await survivorOf(scope, id), now());
      return explained === null ? fail(NOT_FOUND) : data(explained);
    },
  });

const ledgerRoute = ({ store }: PaymentRoutes) =>
  apiRoute({
    method: 'GET',
    path: '/api/v1/contests/:id/ledger',
    summary: 'The entries of a contest, oldest first',
    scope: 'read',
    query: ledgerQuery,
    body: null,
    answer: entryAnswer,
    isList: true,
    find: contestIn(store),
    handle: async ({ caller, found, query }) => {
      const scope = store.of(caller.merchant.id);
      const after = readCursor(query.cursor);
      if (!after.ok) return fail(after.failure);
      const payment = query.payment === undefined ? null : (readPaymentId(query.payment) ?? NO_PAYMENT);
      const rows = await listEntries(scope, {
        contest: found.id,
        after: after.value,
        participant: query.participant ?? null,
        payment,
        limit: query.limit + 1,
      });
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      return list(
        shown.map(entryAnswerOf),
        rows.length > shown.length && last !== undefined ? writeCursor(sequence(last.number)) : null,
      );
    },
  });

/** Matches no payment: what was asked for can't be one. */
const NO_PAYMENT = 0n;

/** An id that was given out before two payments turned out to be one still leads to it. */
async function survivorOf(scope: Scope, id: bigint): Promise<bigint> {
  const row = await paymentById(scope, id);
  return row?.mergedInto == null ? id : survivorOf(scope, row.mergedInto);
}

/** By Stripe's names as they are; a store's order id in whichever contest has it. */
async function paymentsNamed(scope: Scope, alias: string): Promise<bigint[]> {
  const contests = await contestIds(scope);
  return paymentsOf(scope, [alias, ...contests.map((contest) => orderAlias(contest, alias))]);
}
