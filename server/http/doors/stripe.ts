import { z } from 'zod';
import { failure } from '#shared/failure.ts';
import { isContestId } from '#shared/ids.ts';
import type { Mode } from '#shared/mode.ts';
import type { Via } from '#server/inbox/delivery.ts';
import type { Inbox } from '#server/inbox/inbox.ts';
import { isKept, type Outcome } from '#server/inbox/keep.ts';
import { merchantOfContest, secretsOf } from '#server/store/contests.ts';
import type { Store } from '#server/store/store.ts';
import { type SigningSecret, signingSecret, verifyStripeSignature } from '#server/verify/stripe-signature.ts';
import { createLimiter, type Limiter } from '../limits.ts';
import { data, fail, type Reply } from '../reply.ts';
import type { WebhookRoute } from '../route.ts';
import { NOT_FOUND } from '../serve.ts';

export interface WebhookSecret {
  readonly secret: string;
  /** A test endpoint's secret speaks for test events alone; a live one for both, because Stripe delivers both there. */
  readonly vouchesFor: readonly Mode[];
}

export interface StripeDoors {
  readonly inbox: Inbox;
  readonly store: Store;
  readonly now: () => number;
  readonly webhookSecrets: readonly WebhookSecret[];
}

const RECEIVED = data({ received: true });

const described: NonNullable<WebhookRoute['describe']> = {
  body: z.looseObject({ id: z.string(), object: z.literal('event'), type: z.string() }).meta({ id: 'StripeEvent' }),
  answer: z.object({ received: z.literal(true) }),
  security: ['stripeSignature'],
};

/** The two addresses that Stripe posts events to. Both answer when the event is on disk, and never wait for attribution. */
export function stripeDoors(doors: StripeDoors): WebhookRoute[] {
  return [
    {
      kind: 'webhook',
      door: 'stripe',
      method: 'POST',
      path: '/api/webhooks/stripe',
      summary: 'Stripe Connect events of every merchant',
      describe: described,
      handle: connectDoor(doors),
    },
    {
      kind: 'webhook',
      door: 'stripe',
      method: 'POST',
      path: '/api/webhooks/referral/stripe/:contestId',
      summary: 'Stripe events of one contest, signed with its own secret',
      describe: described,
      handle: contestDoor(doors, createLimiter({ perSecond: 100, burst: 500 }, doors.now)),
    },
  ];
}

function connectDoor({ inbox, now, webhookSecrets }: StripeDoors): WebhookRoute['handle'] {
  const secrets = webhookSecrets.map(({ secret, vouchesFor }) => {
    const via: Via = { vouchesFor, merchant: null };
    return { ...signingSecret(secret), via };
  });
  return async ({ body, headers }) => {
    const receivedAt = now();
    const verified = verifyStripeSignature(body, one(headers['stripe-signature']), secrets, receivedAt);
    if (!verified.ok) return fail(verified.failure);
    return replyOf(await inbox.keep({ kind: 'sealed', via: verified.value.via, receivedAt, body }));
  };
}

function contestDoor({ inbox, store, now }: StripeDoors, limiter: Limiter): WebhookRoute['handle'] {
  return async ({ body, headers, params }) => {
    const contest = params['contestId'] ?? '';
    const merchant = isContestId(contest) ? await merchantOfContest(store.database, contest) : null;
    if (merchant === null || !isContestId(contest)) return fail(NOT_FOUND);
    const receivedAt = now();
    const saved = await secretsOf(
      store.database,
      store.keyring,
      { merchant: merchant.id, contest, kind: 'stripe' },
      receivedAt,
    );
    const secrets: SigningSecret[] = saved.map(signingSecret);
    const verified = verifyStripeSignature(body, one(headers['stripe-signature']), secrets, receivedAt);
    if (!verified.ok) return fail(secrets.length === 0 ? NO_SECRET : verified.failure);
    const retryAfterSeconds = limiter.take(contest);
    if (retryAfterSeconds !== null) {
      return fail(
        failure('rate_limited', 'This contest gets more events than it may. Send again later.', { retryAfterSeconds }),
      );
    }
    const { account, mode } = merchant;
    return replyOf(
      await inbox.keep({ kind: 'sealed', via: { vouchesFor: [mode], merchant: { account, mode } }, receivedAt, body }),
    );
  };
}

const NO_SECRET = failure(
  'signature_mismatch',
  'This contest has no Stripe signing secret yet. Save the endpoint’s secret (whsec_…) in its tracking settings, then send again.',
);

const replyOf = (outcome: Outcome): Reply => (isKept(outcome) ? RECEIVED : fail(outcome));

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;
