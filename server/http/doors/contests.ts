import { z } from 'zod';
import {
  contestAnswer,
  contestBody,
  contestPatch,
  purchaseSecretAnswer,
  signingSecretsAnswer,
  signingSecretsBody,
} from '#shared/contract/contests.ts';
import { page } from '#shared/contract/conventions.ts';
import { isContestId } from '#shared/ids.ts';
import { changeContest, createContest, rotatePurchaseSecret } from '#server/contests/change.ts';
import { answerOf, type Contest, contestOf } from '#server/contests/contest.ts';
import type { Inbox } from '#server/inbox/inbox.ts';
import type { ApiCaller } from '#server/store/api-keys.ts';
import { contestById, listContests, replaceSecrets, secretsOf } from '#server/store/contests.ts';
import type { Store } from '#server/store/store.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { created, data, fail, list } from '../reply.ts';
import { apiRoute, type Params } from '../route.ts';

export interface ContestDoors {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly now: () => number;
  readonly publicUrl: string;
}

const NO_QUERY = z.object({});

/** The contest of a path, if it is the caller's. */
export const contestIn =
  (store: Store) =>
  async ({ caller, params }: { caller: ApiCaller; params: Params }): Promise<Contest | null> => {
    const id = params['id'] ?? '';
    const row = isContestId(id) ? await contestById(store.of(caller.merchant.id), id) : null;
    return row === null ? null : contestOf(row);
  };

export const contestRoutes = (doors: ContestDoors) => [
  createRoute(doors),
  listRoute(doors),
  showRoute(doors),
  changeRoute(doors),
  ...secretRoutes(doors),
];

const createRoute = ({ store, inbox, now, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'POST',
    path: '/api/v1/contests',
    summary: 'Create a contest',
    scope: 'write',
    query: NO_QUERY,
    body: contestBody,
    answer: contestAnswer,
    isList: false,
    statuses: [201],
    handle: async ({ caller, body }) => {
      const made = await createContest(store, caller.merchant, body, now());
      if (!made.ok) return fail(made.failure);
      inbox.wake();
      return created(answerOf(made.value.contest, publicUrl, now(), made.value.purchaseSecret));
    },
  });

const listRoute = ({ store, now, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'GET',
    path: '/api/v1/contests',
    summary: 'The merchant’s contests, newest first',
    scope: 'read',
    query: page,
    body: null,
    answer: contestAnswer,
    isList: true,
    handle: async ({ caller, query }) => {
      const before = readCursor(query.cursor);
      if (!before.ok) return fail(before.failure);
      const rows = await listContests(store.of(caller.merchant.id), { before: before.value, limit: query.limit + 1 });
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const nextCursor = rows.length > shown.length && last !== undefined ? writeCursor(last.number) : null;
      return list(
        shown.map((row) => answerOf(contestOf(row), publicUrl, now())),
        nextCursor,
      );
    },
  });

const showRoute = ({ store, now, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'GET',
    path: '/api/v1/contests/:id',
    summary: 'One contest',
    scope: 'read',
    query: NO_QUERY,
    body: null,
    answer: contestAnswer,
    isList: false,
    find: contestIn(store),
    handle: async ({ found }) => data(answerOf(found, publicUrl, now())),
  });

const changeRoute = ({ store, inbox, now, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'PATCH',
    path: '/api/v1/contests/:id',
    summary: 'Change what is sent; rules are replaced as a whole, settings are merged',
    scope: 'write',
    query: NO_QUERY,
    body: contestPatch,
    answer: contestAnswer,
    isList: false,
    find: contestIn(store),
    handle: async ({ caller, found, body }) => {
      const changed = await changeContest(store, caller.merchant, found.id, body, now());
      if (!changed.ok) return fail(changed.failure);
      inbox.wake();
      return data(answerOf(changed.value, publicUrl, now()));
    },
  });

const secretRoutes = ({ store, now }: ContestDoors) => [
  apiRoute({
    method: 'PUT',
    path: '/api/v1/contests/:id/signing-secrets',
    summary: 'Replace the secrets that Stripe or Shopify sign this contest’s deliveries with; only counts are answered',
    scope: 'write',
    query: NO_QUERY,
    body: signingSecretsBody,
    answer: signingSecretsAnswer,
    isList: false,
    find: contestIn(store),
    handle: async ({ caller, found, body }) => {
      const of = { merchant: caller.merchant.id, contest: found.id };
      const { database, keyring } = store;
      const counts = { stripe: 0, shopify: 0 };
      for (const kind of ['stripe', 'shopify'] as const) {
        const sent = body[kind];
        if (sent !== undefined) await replaceSecrets(database, keyring, { ...of, kind }, [...new Set(sent)], now());
        counts[kind] = (await secretsOf(database, keyring, { ...of, kind }, now())).length;
      }
      return data(counts);
    },
  }),
  apiRoute({
    method: 'POST',
    path: '/api/v1/contests/:id/purchase-secret',
    summary: 'Make a new secret for the purchase webhook; the old one stays valid for 24 hours',
    scope: 'write',
    query: NO_QUERY,
    body: z.object({}),
    answer: purchaseSecretAnswer,
    isList: false,
    find: contestIn(store),
    handle: async ({ caller, found }) =>
      data({ purchaseSecret: await rotatePurchaseSecret(store, caller.merchant, found.id, now()) }),
  }),
];
