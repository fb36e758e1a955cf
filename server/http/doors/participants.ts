import { z } from 'zod';
import { writeTime } from '#shared/contract/conventions.ts';
import {
  clickAnswer,
  clickBody,
  participantAnswer,
  type ParticipantAnswer,
  participantBody,
  participantsQuery,
  standingAnswer,
  type StandingAnswer,
} from '#shared/contract/participants.ts';
import { failure } from '#shared/failure.ts';
import { recordClick } from '#server/contests/clicks.ts';
import { landingLink } from '#server/contests/link.ts';
import type { Contest } from '#server/contests/contest.ts';
import { revenueOf } from '#server/ledger/referred.ts';
import type { ApiCaller } from '#server/store/api-keys.ts';
import { enrol, listParticipants, type Participant, participantById } from '#server/store/participants.ts';
import { referredBy, standingOf } from '#server/store/standing.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { created, data, fail, list } from '../reply.ts';
import { apiRoute, type Params } from '../route.ts';
import { type ContestDoors, contestIn } from './contests.ts';

const NO_QUERY = z.object({});
const PARTICIPANTS = '/api/v1/contests/:id/participants';
const FUTURE_MS = 60_000;

export const participantRoutes = (doors: ContestDoors) => [
  enrolRoute(doors),
  listRoute(doors),
  showRoute(doors),
  clickRoute(doors),
];

const enrolRoute = ({ store, inbox, now, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'POST',
    path: PARTICIPANTS,
    summary: 'Enrol somebody; a known address answers 200 with the participant who is there',
    scope: 'write',
    query: NO_QUERY,
    body: participantBody,
    answer: participantAnswer,
    isList: false,
    statuses: [200, 201],
    find: contestIn(store),
    handle: async ({ caller, found, body }) => {
      const joining = { ...body, contest: found.id, via: 'merchant', now: now() } as const;
      const enrolled = await store.database.transaction((queries) => enrol(store, queries, caller.merchant, joining));
      if (!enrolled.ok) return fail(enrolled.failure);
      const { participant, isNew } = enrolled.value;
      if (isNew) inbox.wake();
      return (isNew ? created : data)(answerOf(participant, found, publicUrl));
    },
  });

const listRoute = ({ store, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'GET',
    path: PARTICIPANTS,
    summary: 'The participants, in the order in which they joined',
    scope: 'read',
    query: participantsQuery,
    body: null,
    answer: participantAnswer,
    isList: true,
    find: contestIn(store),
    handle: async ({ caller, found, query }) => {
      const after = readCursor(query.cursor);
      if (!after.ok) return fail(after.failure);
      const rows = await listParticipants(store.of(caller.merchant.id), store.keyring, {
        contest: found.id,
        after: after.value,
        address: query.email === undefined ? null : store.matchKey(query.email),
        code: query.code ?? null,
        limit: query.limit + 1,
      });
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const nextCursor = rows.length > shown.length && last !== undefined ? writeCursor(last.number) : null;
      return list(
        shown.map((participant) => answerOf(participant, found, publicUrl)),
        nextCursor,
      );
    },
  });

const showRoute = ({ store, now, publicUrl }: ContestDoors) =>
  apiRoute({
    method: 'GET',
    path: `${PARTICIPANTS}/:participant`,
    summary: 'One participant, with what they have',
    scope: 'read',
    query: NO_QUERY,
    body: null,
    answer: standingAnswer,
    isList: false,
    find: participantIn({ store }),
    handle: async ({ caller, found: { contest, participant } }) => {
      const scope = store.of(caller.merchant.id);
      const standing = await standingOf(scope, participant.id, now());
      const { buyers, payments } = await referredBy(scope, participant.id);
      const commission = standing.commission.map((sums) => ({ ...sums }));
      const answer: StandingAnswer = {
        ...answerOf(participant, contest, publicUrl),
        ...standing,
        commission,
        referred: { buyers, revenue: await revenueOf(scope, payments) },
      };
      return data(answer);
    },
  });

const clickRoute = ({ store, inbox, now }: ContestDoors) =>
  apiRoute({
    method: 'POST',
    path: '/api/v1/contests/:id/clicks',
    summary: 'Record a click that your own server has seen, or import one',
    scope: 'write',
    query: NO_QUERY,
    body: clickBody,
    answer: clickAnswer,
    isList: false,
    statuses: [201],
    find: contestIn(store),
    handle: async ({ caller, found, body }) => {
      const at = body.at === undefined ? now() : Date.parse(body.at);
      if (at > now() + FUTURE_MS) {
        const message = 'at must not lie in the future';
        return fail(failure('invalid_at', message, { details: [{ path: 'at', message }] }));
      }
      const told = { contest: found.id, code: body.code, at, url: body.url ?? null };
      const click = await recordClick(store, caller.merchant, told, now());
      inbox.wake();
      return created({ click });
    },
  });

/** The participant of a path, if the contest is the caller's and the participant the contest's. */
const participantIn =
  ({ store }: Pick<ContestDoors, 'store'>) =>
  async (asked: {
    caller: ApiCaller;
    params: Params;
  }): Promise<{ contest: Contest; participant: Participant } | null> => {
    const contest = await contestIn(store)(asked);
    const id = asked.params['participant'] ?? '';
    if (contest === null || !/^part_\w+$/.test(id)) return null;
    const participant = await participantById(store.of(asked.caller.merchant.id), store.keyring, id);
    return participant === null || participant.contest !== contest.id ? null : { contest, participant };
  };

function answerOf(participant: Participant, { definition }: Contest, publicUrl: string): ParticipantAnswer {
  const { id, contest, email, name, code, externalId, stripeCustomer, group, joinedAt } = participant;
  return {
    id,
    contest,
    email,
    name,
    code,
    link: landingLink(definition, code),
    shortLink: `${publicUrl}/r/${definition.slug}/${code}`,
    externalId,
    stripeCustomer,
    group,
    joinedAt: writeTime(joinedAt),
  };
}
