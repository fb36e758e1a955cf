import { createHash } from 'node:crypto';
import type { PurchaseBody, RefundBody } from '#shared/contract/purchase.ts';
import { decimalsOf, isCurrency } from '#shared/currency.ts';
import { failure, type Failure, refused, type Result, success } from '#shared/failure.ts';
import { fromDecimal } from '#shared/money.ts';
import type { PaymentReading, ReturnReading } from '#shared/reading.ts';
import { writeReading } from '#shared/stored-reading.ts';
import { type ReadMoney, readPurchase, readPurchaseRefund } from '#server/facts/from-purchase.ts';
import type { Arrival } from '#server/store/arrivals.ts';
import type { MatchKey } from '#server/store/keyring.ts';
import type { Merchant } from '#server/store/merchants.ts';
import type { Contest } from './contest.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Names the order in the contest; the same for every delivery of it. */
export const purchaseIdOf = (contest: string, orderId: string): string =>
  `purchase_${hashOf(`${contest}\n${orderId}`).slice(0, 24)}`;

/** Order ids are whatever a store likes; a key is made of their hash. */
export const orderKey = (contest: string, orderId: string): string => `${contest}/${hashOf(orderId).slice(0, 40)}`;
const refundKey = (contest: string, { orderId, refundId }: RefundBody): string =>
  `${orderKey(contest, orderId)}/${hashOf(refundId).slice(0, 40)}`;

/** A decimal amount of a currency, in minor units. */
export function readMoney(amount: number, code: string): Result<ReadMoney> {
  const currency = code.trim().toLowerCase();
  if (!isCurrency(currency)) {
    return field('currency', `currency must be a code of ISO 4217, like USD; "${code.slice(0, 20)}" is none`);
  }
  const read = fromDecimal(amount, currency);
  if (typeof read === 'object') return success({ amount: Number(read.minor), currency });
  const decimals = decimalsOf(currency);
  const problems = {
    not_positive: 'amount must be a positive number',
    too_large: 'amount is too large',
    too_many_decimals: `amount must have at most ${decimals} decimals in ${currency.toUpperCase()}`,
  };
  return field('amount', problems[read]);
}

const field = (path: string, message: string): Result<never> =>
  refused(failure(`invalid_${path}`, message, { details: [{ path, message }] }));

interface Told {
  readonly merchant: Merchant;
  readonly contest: string;
  readonly bytes: Uint8Array;
  readonly receivedAt: number;
  readonly matchKey: MatchKey;
}

/** A purchase as it will be kept. An order that says no time of its own occurs when it is told. */
export function purchaseArrival(
  told: Told,
  body: PurchaseBody,
  money: ReadMoney,
): Arrival & { readonly read: PaymentReading } {
  const occurredAt = body.occurredAt == null ? told.receivedAt : Date.parse(body.occurredAt);
  const plain = readPurchase(told.contest, body, money, occurredAt);
  const read = { ...plain, address: told.matchKey(body.email) };
  return { ...arrival(told, 'purchase', orderKey(told.contest, body.orderId), occurredAt, read), read };
}

export function refundArrival(told: Told, body: RefundBody, money: ReadMoney | null): Arrival {
  const occurredAt = body.occurredAt == null ? told.receivedAt : Date.parse(body.occurredAt);
  return arrival(
    told,
    'purchase.refund',
    refundKey(told.contest, body),
    occurredAt,
    readPurchaseRefund(told.contest, body, money),
  );
}

function arrival(
  told: Told,
  type: string,
  externalId: string,
  occurredAt: number,
  reading: PaymentReading | ReturnReading,
): Arrival {
  const { account, mode } = told.merchant;
  return {
    account,
    mode,
    source: 'purchase',
    type,
    externalId,
    version: '',
    occurredAt,
    receivedAt: told.receivedAt,
    body: told.bytes,
    reading: writeReading(reading),
    unreadable: null,
  };
}

/** Null: the contest takes purchases of that time. */
export function whyNotTaken({ definition }: Contest, occurredAt: number): Failure | null {
  if (!definition.purchaseTracking) {
    return failure(
      'purchase_tracking_disabled',
      'Purchase tracking is off for this contest. Turn it on in its tracking settings.',
    );
  }
  const startsAt = definition.startsAt === null ? null : Date.parse(definition.startsAt);
  const endsAt = definition.endsAt === null ? null : Date.parse(definition.endsAt);
  if (definition.put === 'draft' || (startsAt !== null && occurredAt < startsAt)) {
    return failure(
      'contest_not_started',
      'This contest has not started at the time of the order, so the purchase was not recorded.',
    );
  }
  if (definition.put === 'archived' || (endsAt !== null && occurredAt >= endsAt)) {
    return failure(
      'contest_ended',
      'This contest had ended at the time of the order, so the purchase was not recorded.',
    );
  }
  return null;
}
