import {
  type ChainStep,
  type Evidence,
  RuleReason,
  StepName,
  StepReason,
  WaitingReason,
} from '../src/contract/app.gen';
import { formatFor } from '../src/parts/format';
import { RULE_SENTENCE, ruleName, workedOut } from '../src/parts/rules';
import { chainSummary, howDecided, howReferred, sentenceFor, stepTitle, type Telling } from '../src/parts/sentences';
import { WAITING } from '../src/parts/Waiting';
import { adasClick, chainOf, commissionRule, evidence, pointsRule, step, usd } from './fixtures/parts';
import { attributed, notAttributed } from './fixtures/payments';

const format = formatFor('en-US', () => new Date('2026-11-19T15:40:00Z'));
const telling: Telling = { format, occurredAt: '2026-11-10T15:25:00Z', windowDays: 30, decided: adasClick };
const readable = (text: string) => text.replace(/[\u2068\u2069]/g, '').replace(/\u00a0/g, ' ');

const NOV_3 = '2026-11-03T15:25:00Z';
const alan: Partial<Evidence> = { participant: 'Alan Turing', at: NOV_3, value: 'ALAN-2K9' };

const STEPS: Record<StepReason, [step: StepName, seen: Partial<Evidence>, says: string]> = {
  decided_by_merchant: ['override', alan, 'You set Alan Turing as the referrer on Nov 3.'],
  marked_not_referred: ['override', { at: NOV_3 }, 'You marked this as not referred on Nov 3.'],
  click: [
    'metadata',
    adasClick.evidence,
    'Ada Lovelace’s link was clicked on Nov 3, 3:25 PM, 7 days before the payment and inside the 30-day window. Checkout carried it under blitzrocket_click.',
  ],
  code: [
    'client_reference_id',
    alan,
    'It named Alan Turing’s code ALAN-2K9. Checkout carried it as the client reference ID.',
  ],
  promotion_code_redeemed: ['promotion_code', alan, 'The buyer used ALAN-2K9, which belongs to Alan Turing.'],
  referred_before: [
    'customer',
    alan,
    'Alan Turing referred this customer on Nov 3. In this contest the first referrer stays.',
  ],
  lead: ['email', alan, 'A lead with this address came by Alan Turing’s link on Nov 3, 3:25 PM.'],
  nothing_there: ['override', {}, 'You haven’t set a referrer for this payment or customer.'],
  no_match: [
    'client_reference_id',
    { value: 'cart_8841' },
    'It held cart_8841. That isn’t a click or a code of yours.',
  ],
  keys_without_match: [
    'metadata',
    { keys: ['cart_id', 'plan'] },
    '2 keys read: cart_id, plan. None is a click or a code.',
  ],
  not_a_referrers_code: [
    'promotion_code',
    { value: 'SPRING20' },
    'SPRING20 was used. It doesn’t belong to a referrer.',
  ],
  guest: ['customer', {}, 'Guest checkout, so there is no customer to look up.'],
  no_address: ['email', {}, 'No email address came with this payment.'],
  address_shared_by_many: ['email', {}, 'Twenty or more customers use this address, so it can’t tell who this is.'],
  outside_window: [
    'metadata',
    { ...alan, at: '2026-10-01T15:25:00Z' },
    'Alan Turing’s link was clicked on Oct 1, 40 days before the payment. The window is 30 days.',
  ],
  after_the_payment: [
    'email',
    { ...alan, at: '2026-11-10T15:29:00Z' },
    'A lead with this address came by Alan Turing’s link on Nov 10, 3:29 PM, 4 minutes after the payment. What comes later can’t have caused it.',
  ],
  not_new: [
    'metadata',
    alan,
    'It belongs to Alan Turing. This contest counts new customers only, and this one had paid before.',
  ],
  self_referral: [
    'metadata',
    alan,
    'It belongs to Alan Turing, who is the buyer. Nobody can refer themselves in this contest.',
  ],
  not_running: ['metadata', alan, 'It belongs to Alan Turing. The contest wasn’t running when this was paid.'],
  paused: ['metadata', alan, 'It belongs to Alan Turing, who was paused when this was paid.'],
  blocked: ['metadata', alan, 'It belongs to Alan Turing, who is blocked in this contest.'],
  same_referrer: ['email', alan, 'It names Alan Turing too.'],
  stronger_step: [
    'promotion_code',
    alan,
    'It belongs to Alan Turing. In this contest a click wins over a promotion code.',
  ],
  other_touch: [
    'session_binding',
    alan,
    'Alan Turing’s link was clicked on Nov 3, 3:25 PM. This contest goes by another click of the same buyer.',
  ],
  referrer_stays: [
    'metadata',
    alan,
    'It belongs to Alan Turing. In this contest the first referrer of a customer stays.',
  ],
  other_contest: [
    'metadata',
    { contest: 'Spring referrals' },
    'This belongs to Spring referrals, another contest of yours.',
  ],
};

test.each(StepReason.options)('a step says why: %s', (reason) => {
  const [name, seen, says] = STEPS[reason];
  expect(readable(sentenceFor(step(name, { reason, evidence: evidence(seen) }), telling))).toBe(says);
});

test.each(StepReason.options)('a step that knows little still says a whole sentence: %s', (reason) => {
  for (const name of StepName.options) {
    const said = sentenceFor(step(name, { reason }), { ...telling, windowDays: null, decided: null });
    expect(said).toMatch(/^\S.*[^ ,]\.$/);
    expect(said).not.toMatch(/undefined|null|NaN| {2}|\.\./);
  }
});

const RULES: Record<RuleReason, string> = {
  applied: 'it applied.',
  capped: 'it was cut to what the limit of $10.00 left.',
  other_kind: 'this is a first payment, not a plan change.',
  other_product: 'nothing in this payment is one of its products.',
  below_minimum: 'the payment is below the minimum of $10.00.',
  above_maximum: 'the payment is above the maximum of $10.00.',
  other_currency: 'it doesn’t cover this payment’s currency.',
  other_country: 'it doesn’t cover the buyer’s country.',
  not_new_customer: 'it’s for new customers, and this one had paid before.',
  other_group: 'the referrer isn’t in its group.',
  buyer_not_enrolled: 'the buyer isn’t in the contest.',
  outside_dates: 'the payment lies outside its dates.',
  duration_over: 'its 12 months were over.',
  no_referrer: 'nobody referred this payment.',
  cap_reached: 'its limit of $10.00 was already reached.',
  nothing_left: 'nothing of the payment counts.',
  not_worked_out: 'a part of it isn’t worked out by BlitzRocket yet.',
};

test.each(RuleReason.options)('a rule says why: %s', (reason) => {
  const rule = commissionRule({ on: 'change', reason, limit: usd(1000) });
  expect(RULE_SENTENCE[reason](rule, { kind: 'first' }, format)).toBe(RULES[reason]);
});

test.each(WaitingReason.options)('waiting says for what, and why: %s', (reason) => {
  const { title, missing, why } = WAITING[reason];
  expect(title).toMatch(/^Waiting for [a-z ]+$/);
  expect(missing).toMatch(/^[A-Z].*[a-z]$/);
  expect(why).toMatch(/^[A-Z].*\.$/);
});

test.each<[ChainStep, string]>([
  [adasClick, 'Click on Nov 3, carried by Checkout metadata'],
  [
    step('metadata', { evidence: evidence({ source: 'order', code: 'ADA-7Q4' }) }),
    'Code ADA-7Q4, carried by the order',
  ],
  [
    step('client_reference_id', { evidence: evidence({ value: 'br_ADA' }) }),
    'Code br_ADA, carried by the client reference ID',
  ],
  [step('override', { evidence: evidence({ at: NOV_3 }) }), 'Set by you on Nov 3'],
  [
    step('external_id', { evidence: evidence({ at: NOV_3 }) }),
    'Referred before on Nov 3, recognized by external customer ID',
  ],
  [
    step('session_binding', { evidence: evidence({ at: NOV_3 }) }),
    'Click on Nov 3, reported by the script on your page',
  ],
  [step('promotion_code', { evidence: evidence({ value: 'SPRING20' }) }), 'Promotion code SPRING20'],
  [
    step('customer', { evidence: evidence({ at: NOV_3 }) }),
    'Referred before on Nov 3, recognized as a Stripe customer',
  ],
  [step('email'), 'Referred before, recognized by email'],
])('the line under the title says how: %#', (decided, says) => {
  expect(readable(howDecided(decided, telling))).toBe(says);
});

test('a customer’s line says since when and by what', () => {
  expect(readable(howReferred('2026-01-12T09:00:00Z', adasClick, telling))).toBe('Since Jan 12, by a click on Nov 3');
  expect(readable(howReferred('2026-01-12T09:00:00Z', step('email', { reason: 'referred_before' }), telling))).toBe(
    'Since Jan 12',
  );
});

test('a step is named after what was seen there', () => {
  expect(stepTitle(adasClick)).toBe('Click in Checkout metadata');
  expect(stepTitle(step('metadata'))).toBe('Click or code in metadata');
  expect(readable(stepTitle(step('promotion_code', { evidence: evidence({ value: 'SPRING20' }) })))).toBe(
    'Promotion code SPRING20',
  );
});

test('the chain is summed up in one line', () => {
  expect(chainSummary(attributed().chain)).toBe('1 thing decided, 1 lost, 6 had nothing');
  expect(chainSummary(notAttributed().chain)).toBe('1 was refused, 7 had nothing');
  expect(chainSummary(chainOf())).toBe('8 had nothing');
});

test('a rule without a name is called after what it gives', () => {
  expect(ruleName(commissionRule(), format)).toBe('20% for 12 months');
  expect(ruleName(pointsRule(), format)).toBe('1 point per $1.00');
  const flat = commissionRule({ give: { how: 'flat', amount: 500, currency: 'usd' }, for: 'first' });
  expect(ruleName(flat, format)).toBe('$5.00 commission on the first payment');
});

test('the arithmetic is one line', () => {
  const [percent, per] = [commissionRule(), pointsRule()];
  expect(percent.arithmetic && workedOut(percent, percent.arithmetic, format)).toBe('20% of $99.00 is $19.80');
  expect(per.arithmetic && workedOut(per, per.arithmetic, format)).toBe(
    '$99.00 at 1 point per $1.00, rounded to the nearest point, is 99 points',
  );
});

test('the merchant’s own decision comes before everything, in any contest', () => {
  const decided = step('override', { finding: 'found', reason: 'marked_not_referred' });
  const lost = step('metadata', { reason: 'stronger_step', evidence: evidence(alan) });
  expect(readable(sentenceFor(lost, { ...telling, decided }))).toBe(
    'It belongs to Alan Turing. Your own decision comes first.',
  );
});
