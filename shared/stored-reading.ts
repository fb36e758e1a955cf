import type { Clue, PaymentReading, Reading } from './reading.ts';

/**
 * A reading as it is stored: there is one for each fact, for ever, so what says nothing is left out and a clue is a row. A
 * payment's takes half the space that way.
 */
type StoredClue = readonly [Clue['step'], Clue['source'], key: string, value: string];
type StoredPayment = Partial<Omit<PaymentReading, 'clues'>> & { readonly clues?: readonly StoredClue[] };

const SILENT: Omit<
  PaymentReading,
  'about' | 'teller' | 'aliases' | 'state' | 'amount' | 'currency' | 'total' | 'clues'
> = {
  contest: null,
  tax: 0,
  shipping: 0,
  tips: 0,
  isSubscription: false,
  needsInvoice: false,
  committedAt: null,
  customer: null,
  externalId: null,
  address: null,
};

export function writeReading(reading: Reading): string {
  if (reading.about !== 'payment') return JSON.stringify(reading);
  return JSON.stringify({
    about: reading.about,
    teller: reading.teller,
    aliases: reading.aliases,
    state: reading.state,
    amount: reading.amount,
    currency: reading.currency,
    total: said(reading.total, reading.amount),
    contest: said(reading.contest, SILENT.contest),
    tax: said(reading.tax, SILENT.tax),
    shipping: said(reading.shipping, SILENT.shipping),
    tips: said(reading.tips, SILENT.tips),
    isSubscription: said(reading.isSubscription, SILENT.isSubscription),
    needsInvoice: said(reading.needsInvoice, SILENT.needsInvoice),
    committedAt: said(reading.committedAt, SILENT.committedAt),
    customer: said(reading.customer, SILENT.customer),
    externalId: said(reading.externalId, SILENT.externalId),
    address: said(reading.address, SILENT.address),
    clues: reading.clues.length === 0 ? undefined : reading.clues.map(rowOf),
  });
}

/** JSON leaves out what is undefined. */
const said = <Value>(value: Value, silent: Value): Value | undefined => (value === silent ? undefined : value);
const rowOf = ({ step, source, key, value }: Clue): StoredClue => [step, source, key, value];

export function parseReading(text: string): Reading {
  const parsed = JSON.parse(text) as Reading | StoredPayment;
  if (parsed.about !== 'payment') return parsed as Reading;
  const { clues = [], total, ...rest } = parsed as StoredPayment;
  return {
    ...SILENT,
    ...rest,
    total: total ?? rest.amount ?? 0,
    clues: clues.map(([step, source, key, value]) => ({ step, source, key, value })),
  } as PaymentReading;
}
