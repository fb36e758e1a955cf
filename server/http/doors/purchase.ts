import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import {
  purchaseAnswer,
  type PurchaseAnswer,
  type PurchaseBody,
  purchaseBody,
  refundAnswer,
  type RefundBody,
  refundBody,
} from '#shared/contract/purchase.ts';
import { failure, type Failure, refused, type Result, success } from '#shared/failure.ts';
import { isContestId } from '#shared/ids.ts';
import { orderAlias } from '#server/facts/from-purchase.ts';
import {
  orderKey,
  purchaseArrival,
  purchaseIdOf,
  readMoney,
  refundArrival,
  whyNotTaken,
} from '#server/contests/purchases.ts';
import { type Contest, contestOf } from '#server/contests/contest.ts';
import type { Inbox } from '#server/inbox/inbox.ts';
import { isKept } from '#server/inbox/keep.ts';
import { currencyOfPayment, pointsOf, tryOut } from '#server/ledger/points.ts';
import { parseJson } from '#server/ops/json.ts';
import type { Arrival } from '#server/store/arrivals.ts';
import { contestById, merchantOfContest, secretsOf } from '#server/store/contests.ts';
import { findFact, isSpreading, isUnderWay } from '#server/store/facts.ts';
import type { Merchant } from '#server/store/merchants.ts';
import { entryIdOf, participantByAddress, participantIdOf } from '#server/store/participants.ts';
import { paymentsOf } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { verifyContestSecret } from '#server/verify/contest-secret.ts';
import { createLimiter } from '../limits.ts';
import { checked } from '../checked.ts';
import { data, fail, type Reply } from '../reply.ts';
import type { WebhookRoute } from '../route.ts';
import { NOT_FOUND } from '../serve.ts';

export interface PurchaseDoors {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly now: () => number;
}

type Asked = Parameters<WebhookRoute['handle']>[0];

/** A proven post to a contest of a known merchant. */
interface Post<Body> {
  readonly merchant: Merchant;
  readonly scope: Scope;
  readonly contest: Contest;
  readonly bytes: Buffer;
  readonly body: Body;
  readonly receivedAt: number;
  readonly isDryRun: boolean;
}

/** Derived within this time, or answered as pending: a checkout must not wait for us. */
const DERIVE_MS = 2_000;
const LOOK_EVERY_MS = 3;

/** The documented purchase webhook: proven, kept, derived, answered. */
export function purchaseDoors(doors: PurchaseDoors): WebhookRoute[] {
  const perContest = createLimiter({ perSecond: 100, burst: 500 }, doors.now);
  const perAddress = createLimiter({ perSecond: 1, burst: 20 }, doors.now);
  const enter = async <Schema extends z.ZodType>(
    asked: Asked,
    schema: Schema,
  ): Promise<Result<Post<z.infer<Schema>>>> => {
    const known = await contestAsked(doors, asked);
    if (!known.ok) return known;
    const proven = await prove(doors, asked, known.value, perAddress);
    if (!proven.ok) return proven;
    const parsed = parseJson(asked.body);
    if (!parsed.ok) return parsed;
    const body = checked(schema, parsed.value);
    if (!body.ok) return body;
    const dryRun = readDryRun(asked.query['dryRun']);
    if (!dryRun.ok) return dryRun;
    return success({
      ...known.value,
      bytes: asked.body,
      body: body.value as z.infer<Schema>,
      receivedAt: doors.now(),
      isDryRun: dryRun.value,
    });
  };
  const common = { kind: 'webhook', door: 'other', method: 'POST' } as const;
  const security = ['purchaseBearer', 'purchaseHeader', 'purchaseQuery', 'purchaseSignature'];
  return [
    {
      ...common,
      path: '/api/webhooks/purchase/:contestId',
      summary: 'A purchase in a store: points for the buyer, and for who referred them',
      describe: { body: purchaseBody, answer: purchaseAnswer, security },
      handle: async (asked) => {
        const post = await enter(asked, purchaseBody);
        return post.ok
          ? takePurchase(doors, post.value, () => overLimit(perContest.take(post.value.contest.id)))
          : fail(post.failure);
      },
    },
    {
      ...common,
      path: '/api/webhooks/purchase/:contestId/refund',
      summary: 'Money of a purchase went back',
      describe: { body: refundBody, answer: refundAnswer, security },
      handle: async (asked) => {
        const post = await enter(asked, refundBody);
        return post.ok
          ? takeRefund(doors, post.value, () => overLimit(perContest.take(post.value.contest.id)))
          : fail(post.failure);
      },
    },
  ];
}

/** A trial that is misspelt must not become a sale. */
function readDryRun(text: string | undefined): Result<boolean> {
  if (text === undefined || /^(false|0)?$/i.test(text)) return success(false);
  if (/^(true|1)$/i.test(text)) return success(true);
  return refused(failure('invalid_dryRun', 'dryRun must be true or false'));
}

interface Known {
  readonly merchant: Merchant;
  readonly scope: Scope;
  readonly contest: Contest;
}

async function contestAsked({ store }: PurchaseDoors, { params }: Asked): Promise<Result<Known>> {
  const id = params['contestId'] ?? '';
  const merchant = isContestId(id) ? await merchantOfContest(store.database, id) : null;
  if (merchant === null) return refused(NOT_FOUND);
  const scope = store.of(merchant.id);
  const row = isContestId(id) ? await contestById(scope, id) : null;
  return row === null ? refused(NOT_FOUND) : success({ merchant, scope, contest: contestOf(row) });
}

async function prove(
  { store, now }: PurchaseDoors,
  { body, headers, query, address }: Asked,
  { merchant, contest }: Known,
  perAddress: ReturnType<typeof createLimiter>,
): Promise<Result<null>> {
  if (contest.definition.settings.purchaseAuth === 'open') {
    const refusal = overLimit(perAddress.take(`${contest.id} ${address}`));
    return refusal === null ? success(null) : refused(refusal);
  }
  const of = { merchant: merchant.id, contest: contest.id, kind: 'purchase' } as const;
  const secrets = await secretsOf(store.database, store.keyring, of, now());
  return verifyContestSecret({ body, headers, urlSecret: query['secret'] ?? null }, secrets, now());
}

const overLimit = (retryAfterSeconds: number | null): Failure | null =>
  retryAfterSeconds === null
    ? null
    : failure('rate_limited', 'This contest gets more posts than it may. Send it again later.', { retryAfterSeconds });

async function takePurchase(
  doors: PurchaseDoors,
  post: Post<PurchaseBody>,
  limit: () => Failure | null,
): Promise<Reply> {
  const { scope, contest, body, receivedAt, merchant, bytes } = post;
  const money = readMoney(body.amount, body.currency);
  if (!money.ok) return fail(money.failure);
  const told = { merchant, contest: contest.id, bytes, receivedAt, matchKey: doors.store.matchKey };
  const arrival = purchaseArrival(told, body, money.value);
  const before = await findFact(scope, { source: 'purchase', externalId: arrival.externalId, version: '' });
  if (before === null) {
    const refusal = whyNotTaken(contest, arrival.occurredAt ?? receivedAt) ?? (post.isDryRun ? null : limit());
    if (refusal !== null) return fail(refusal);
  }
  if (post.isDryRun)
    return before === null ? data(await wouldBe(doors, post, arrival)) : data(await recordedBefore(doors, post));
  const outcome = await doors.inbox.keep({ kind: 'opened', arrival, body: bytes });
  if (!isKept(outcome)) return fail(outcome);
  return data(outcome === 'new' ? await recorded(doors, post) : await recordedBefore(doors, post));
}

async function recorded(doors: PurchaseDoors, post: Post<PurchaseBody>): Promise<PurchaseAnswer> {
  const { scope, contest, body } = post;
  const isDerived = await derived(doors, post, orderKey(contest.id, body.orderId), body.email);
  const ids = await idsOf(doors, post);
  const message = 'Purchase recorded successfully';
  if (!isDerived) return { ...ids, pointsAwarded: 0, referrerPoints: 0, alreadyExists: false, message, pending: true };
  const [payment] = await paymentsOf(scope, [orderAlias(contest.id, body.orderId)]);
  return { ...ids, ...(await pointsOf(scope, contest.id, payment)), alreadyExists: false, message };
}

async function recordedBefore(doors: PurchaseDoors, post: Post<PurchaseBody>): Promise<PurchaseAnswer> {
  // The first one may be on its way still: its buyer is enrolled when it has been worked through.
  await derived(doors, post, orderKey(post.contest.id, post.body.orderId), post.body.email);
  return {
    ...(await idsOf(doors, post)),
    pointsAwarded: 0,
    referrerPoints: 0,
    alreadyExists: true,
    message: 'Purchase already recorded',
    ...(post.isDryRun ? { dryRun: true } : {}),
  };
}

async function wouldBe(
  { store }: PurchaseDoors,
  { scope, contest, body }: Post<PurchaseBody>,
  arrival: ReturnType<typeof purchaseArrival>,
): Promise<PurchaseAnswer> {
  const points = await tryOut(scope, { id: contest.id, autoEnrol: contest.definition.settings.autoEnrol }, arrival);
  const buyer = await participantByAddress(scope, store.keyring, contest.id, store.matchKey(body.email));
  return {
    purchaseId: purchaseIdOf(contest.id, body.orderId),
    entryId: buyer === null ? null : entryIdOf(buyer.id),
    ...points,
    alreadyExists: false,
    message: 'Purchase would be recorded',
    dryRun: true,
  };
}

/** The same ids for every delivery of an order, whatever else a later one says: they follow from the first. */
async function idsOf({ store }: PurchaseDoors, { scope, contest, body }: Post<PurchaseBody>) {
  const key = { source: 'purchase', externalId: orderKey(contest.id, body.orderId), version: '' } as const;
  const first = await findFact(scope, key);
  const address = first?.reading?.about === 'payment' ? first.reading.address : null;
  const buyer = address === null ? null : await participantByAddress(scope, store.keyring, contest.id, address);
  return { purchaseId: purchaseIdOf(contest.id, body.orderId), entryId: buyer === null ? null : entryIdOf(buyer.id) };
}

/**
 * Whether the fact has been worked through, in the time that a store waits. A new buyer is enrolled by it: that is told as
 * a fact of its own, and only then does the payment earn. Looked at in the order in which one follows from the other, so that
 * nothing slips through between two looks.
 */
async function derived(
  doors: PurchaseDoors,
  { scope, contest }: Known,
  externalId: string,
  email: string | null,
): Promise<boolean> {
  const deadline = doors.now() + DERIVE_MS;
  const fact = { source: 'purchase', externalId, version: '' } as const;
  const address = email === null ? null : doors.store.matchKey(email);
  const isUnderWayStill = async () => {
    if (await isUnderWay(scope, fact)) return true;
    if (address === null) return false;
    const joining = { source: 'merchant', externalId: participantIdOf(contest.id, address), version: '1' } as const;
    return (
      (await isUnderWay(scope, joining)) ||
      (await isSpreading(scope, `address:${address}`)) ||
      (await isUnderWay(scope, fact))
    );
  };
  while (await isUnderWayStill()) {
    if (doors.now() >= deadline) return false;
    await setTimeout(LOOK_EVERY_MS);
  }
  return true;
}

async function takeRefund(doors: PurchaseDoors, post: Post<RefundBody>, limit: () => Failure | null): Promise<Reply> {
  const { scope, contest, body, merchant, bytes, receivedAt } = post;
  const [payment] = await paymentsOf(scope, [orderAlias(contest.id, body.orderId)]);
  if (
    payment === undefined &&
    (await findFact(scope, { source: 'purchase', externalId: orderKey(contest.id, body.orderId), version: '' })) ===
      null
  ) {
    return fail(
      failure(
        'not_found',
        'This contest knows no purchase with that orderId. Send the purchase first, then its refund.',
      ),
    );
  }
  const currency = payment === undefined ? null : await currencyOfPayment(scope, payment);
  const money = body.amount == null ? success(null) : readMoney(body.amount, currency ?? 'usd');
  if (!money.ok) return fail(money.failure);
  const told = { merchant, contest: contest.id, bytes, receivedAt, matchKey: doors.store.matchKey };
  const arrival: Arrival = refundArrival(told, body, money.value);
  const key = { source: 'purchase', externalId: arrival.externalId, version: '' } as const;
  const ids = { purchaseId: purchaseIdOf(contest.id, body.orderId), refundId: body.refundId };
  const repeated = { ...ids, alreadyExists: true, message: 'Refund already recorded' };
  if (post.isDryRun) {
    const isKnown = (await findFact(scope, key)) !== null;
    return data({
      ...(isKnown ? repeated : { ...ids, alreadyExists: false, message: 'Refund would be recorded' }),
      dryRun: true,
    });
  }
  const refusal = limit();
  if (refusal !== null) return fail(refusal);
  const outcome = await doors.inbox.keep({ kind: 'opened', arrival, body: bytes });
  if (!isKept(outcome)) return fail(outcome);
  if (outcome === 'known') return data(repeated);
  const isDone = await derived(doors, post, arrival.externalId, null);
  return data({
    ...ids,
    alreadyExists: false,
    message: 'Refund recorded successfully',
    ...(isDone ? {} : { pending: true }),
  });
}
