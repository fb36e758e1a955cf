import type { ContestAnswer, ContestStatus, Settings } from '#shared/contract/contests.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import type { Rule } from '#shared/contract/rules.ts';
import type { ContestId, Sequence } from '#shared/ids.ts';
import type { ContestReading } from '#shared/reading.ts';
import type { ContestRow } from '#server/store/contests.ts';
import { warningsOf } from './warnings.ts';

/** What a merchant decides about a contest; the document in its row. */
export interface Definition {
  readonly name: string;
  readonly slug: string;
  readonly currency: string;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly timeZone: string;
  readonly purchaseTracking: boolean;
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  /** Where the merchant has put it; null: it follows its dates. */
  readonly put: 'draft' | 'paused' | 'archived' | null;
  /** Grows with each change. */
  readonly version: number;
}

export interface Contest {
  readonly id: ContestId;
  readonly number: Sequence;
  readonly publicKey: string;
  readonly createdAt: number;
  readonly definition: Definition;
}

export const contestOf = ({ document, ...row }: ContestRow): Contest => ({
  ...row,
  definition: JSON.parse(document) as Definition,
});

export function statusOf({ put, startsAt, endsAt }: Definition, now: number): ContestStatus {
  if (put !== null) return put;
  if (endsAt !== null && Date.parse(endsAt) <= now) return 'ended';
  return startsAt !== null && Date.parse(startsAt) > now ? 'scheduled' : 'running';
}

export function readingOf({ id, number, createdAt, definition }: Contest): ContestReading {
  const { name, version, currency, timeZone, startsAt, endsAt, put, settings, rules } = definition;
  return {
    about: 'contest',
    contest: id,
    name,
    number: rankOf(number),
    createdAt,
    version,
    currency,
    timeZone,
    startsAt: startsAt === null ? null : Date.parse(startsAt),
    endsAt: endsAt === null ? null : Date.parse(endsAt),
    status: put,
    settings,
    rules,
  };
}

const INSTANCE_BITS = 10n;
const COUNTER_BITS = 12n;

/** A sequence without its instance (sequencer.ts): milliseconds and counter fit into a number that JSON keeps exact until 2039. */
function rankOf(number: Sequence): number {
  const counter = number & ((1n << COUNTER_BITS) - 1n);
  return Number(((number >> (INSTANCE_BITS + COUNTER_BITS)) << COUNTER_BITS) | counter);
}

/** The contest as the API shows it. The secret is there only when it has just been made. */
export function answerOf(contest: Contest, publicUrl: string, now: number, purchaseSecret?: string): ContestAnswer {
  const { id, publicKey, createdAt, definition } = contest;
  const { name, slug, currency, startsAt, endsAt, timeZone, purchaseTracking, settings, rules } = definition;
  return {
    id,
    name,
    slug,
    currency,
    startsAt,
    endsAt,
    timeZone,
    purchaseTracking,
    status: statusOf(definition, now),
    settings,
    rules: [...rules],
    tracking: {
      publicKey,
      scriptUrl: `${publicUrl}/blitzrocket.js`,
      purchaseUrl: `${publicUrl}/api/webhooks/purchase/${id}`,
      stripeUrl: `${publicUrl}/api/webhooks/referral/stripe/${id}`,
      shopifyUrl: `${publicUrl}/api/webhooks/referral/shopify/${id}`,
      ...(purchaseSecret === undefined ? {} : { purchaseSecret }),
    },
    warnings: warningsOf(rules),
    createdAt: writeTime(createdAt),
  };
}
