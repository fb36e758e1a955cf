import type { PurchaseBody, RefundBody } from '#shared/contract/purchase.ts';
import { externalIdOf, metadataClues } from './clues.ts';
import { present, textOf } from './foreign.ts';
import type { Clue, PaymentReading, ReturnReading } from '#shared/reading.ts';

/** A store's order by its own number, in the contest whose door it came through. */
export const orderAlias = (contest: string, orderId: string): string => `order:${contest}:${orderId}`;
export const orderIdOf = (alias: string): string | null => /^order:[^:]+:(.*)$/s.exec(alias)?.[1] ?? null;

export interface ReadMoney {
  readonly amount: number;
  readonly currency: string;
}

export function readPurchase(
  contest: string,
  body: PurchaseBody,
  { amount, currency }: ReadMoney,
  occurredAt: number,
): PaymentReading {
  const { stripe } = body;
  const named: (readonly [key: string, value: string | null | undefined])[] = [
    ['clickId', body.clickId],
    ['referralCode', body.referralCode],
  ];
  const clues = named.flatMap(([key, value]): Clue[] =>
    textOf(value) === null ? [] : [{ step: 'metadata', source: 'order', key, value: String(value).trim() }],
  );
  const aliases = [
    orderAlias(contest, body.orderId),
    stripe?.session,
    stripe?.invoice,
    stripe?.paymentIntent,
    stripe?.charge,
  ];
  return {
    about: 'payment',
    teller: 'order',
    aliases: present(aliases.map(textOf)),
    contest,
    state: 'paid',
    amount,
    currency,
    total: amount,
    tax: 0,
    shipping: 0,
    tips: 0,
    isSubscription: false,
    needsInvoice: false,
    committedAt: occurredAt,
    customer: null,
    externalId: textOf(body.externalCustomerId) ?? externalIdOf(body.metadata ?? {}),
    address: body.email,
    clues: [...clues, ...metadataClues(body.metadata ?? {}, 'order')],
  };
}

export const readPurchaseRefund = (contest: string, body: RefundBody, money: ReadMoney | null): ReturnReading => ({
  about: 'return',
  aliases: [orderAlias(contest, body.orderId)],
  contest,
  refund: body.refundId,
  amount: money?.amount ?? null,
  currency: money?.currency ?? null,
});
