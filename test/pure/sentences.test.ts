import { z } from 'zod';
import { rules } from '#shared/contract/rules.ts';
import { purchaseBody } from '#shared/contract/purchase.ts';
import { checked } from '#server/http/checked.ts';

const refusal = (schema: z.ZodType, value: unknown): string => {
  const result = checked(schema, value);
  return result.ok ? 'ok' : `${result.failure.code}: ${result.failure.message}`;
};

describe('a refused field', () => {
  const order = { email: 'grace@example.com', orderId: '1', amount: 79.99 };

  it.each([
    [{ amount: 0 }, 'invalid_amount: amount must be a positive number'],
    [{ amount: -1 }, 'invalid_amount: amount must be a positive number'],
    [{ amount: '79.99' }, 'invalid_amount: amount must be a positive number'],
    [{ amount: undefined }, 'invalid_amount: amount is required'],
    [{ email: undefined }, 'invalid_email: email is required'],
    [{ email: null }, 'invalid_email: email must be text'],
    [{ email: 'x'.repeat(255) }, 'invalid_email: email must have at most 254 characters'],
    [{ orderId: '' }, 'invalid_orderId: orderId must not be empty'],
    [{ items: {} }, 'invalid_items: items must be a list'],
    [{ metadata: 7 }, 'invalid_metadata: metadata must be an object'],
    [{ orderId: undefined, amount: 0 }, 'invalid_orderId: orderId is required'],
  ])('is told in a sentence: %j', (fields, sentence) => {
    expect(refusal(purchaseBody, { ...order, ...fields })).toBe(sentence);
  });

  it('is the body when it is not even an object', () => {
    expect(refusal(purchaseBody, 7)).toBe('invalid_body: the body must be an object');
  });

  it.each([
    [{ kind: 'commission', percent: 0 }, 'percent must be a positive number'],
    [{ kind: 'points' }, 'value is required'],
    [{ kind: 'points', value: 1, per: { amount: 0, currency: 'usd' } }, 'per.amount must be a positive number'],
    [
      { kind: 'points', value: 1, per: [{ amount: 100, currency: 'moon' }] },
      'per.0.currency must be a currency of ISO',
    ],
    [{ kind: 'credit', flat: [] }, 'flat must not be empty'],
    [{ kind: 'coupon' }, 'coupon is required'],
    [{ kind: 'points', value: 1, percent: 3 }, 'percent is not a field that is known here'],
  ])('of a reward is told for the kind that was meant: %j', (give, sentence) => {
    const told = refusal(z.object({ rules }), { rules: [{ on: 'payment', to: 'buyer', give }] });
    expect(told).toContain(`invalid_rule: rules.0.give.${sentence}`);
  });
});
