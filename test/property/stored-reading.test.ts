import * as fc from 'fast-check';
import type { PaymentReading } from '#shared/reading.ts';
import { parseReading, writeReading } from '#shared/stored-reading.ts';

const text = fc.option(fc.string({ minLength: 1 }), { nil: null });
const amount = fc.integer({ min: 0, max: 1e12 });

const payment: fc.Arbitrary<PaymentReading> = fc.record({
  about: fc.constant('payment' as const),
  teller: fc.constantFrom('session', 'intent', 'charge', 'order'),
  aliases: fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
  contest: text,
  state: fc.constantFrom('paid', 'zero', 'unpaid', 'failed'),
  amount,
  currency: fc.constantFrom('usd', 'jpy'),
  total: amount,
  tax: amount,
  shipping: amount,
  tips: amount,
  isSubscription: fc.boolean(),
  needsInvoice: fc.boolean(),
  committedAt: fc.option(amount, { nil: null }),
  customer: text,
  externalId: text,
  address: text,
  clues: fc.array(
    fc.record({
      step: fc.constantFrom('client_reference_id', 'metadata'),
      source: fc.constantFrom('session', 'payment_intent', 'charge', 'order'),
      key: fc.string(),
      value: fc.string(),
    }),
  ),
});

it('gives a payment’s reading back as it was, however little of it says something', () => {
  fc.assert(fc.property(payment, (reading) => expect(parseReading(writeReading(reading))).toEqual(reading)));
});
