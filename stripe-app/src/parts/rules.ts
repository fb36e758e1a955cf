import type {
  Arithmetic,
  AttributedPayment,
  Award,
  AwardKind,
  Duration,
  PaymentKind,
  RuleOutcome,
  RuleReason,
} from '../contract/app.gen';
import { type Format, isolate } from './format';

/** The kind of a payment, after the contest's name. */
export const KIND: Record<PaymentKind, string> = {
  first: 'first payment',
  subscription: 'new subscription',
  renewal: 'renewal',
  change: 'plan change',
  one_off: 'one-time payment',
};

const KINDS: AwardKind[] = ['commission', 'credit', 'coupon', 'points', 'entries'];
type Given = { kind: AwardKind; role: Award['role'] };

/** Money first, and the referrer before the buyer: the order of awards, and of the sums that explain them. */
export const byWeight = (one: Given, other: Given) =>
  KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || other.role.localeCompare(one.role);

/** The rules of a payment in the order of its awards. */
export const inOrder = (rules: RuleOutcome[]) =>
  [...rules].sort((one, other) => byWeight({ kind: one.kind, role: one.to }, { kind: other.kind, role: other.to }));

const UNIT: Record<AwardKind, [one: string, many: string]> = {
  points: ['point', 'points'],
  entries: ['entry', 'entries'],
  commission: ['commission', 'commission'],
  credit: ['credit', 'credit'],
  coupon: ['coupon', 'coupons'],
};

/** "$19.80 commission", "99 points". */
export function amountOf(kind: AwardKind, amount: number, currency: string | null, format: Format): string {
  const [one, many] = UNIT[kind];
  if (currency !== null) return `${format.money({ amount, currency })} ${one}`;
  return `${format.count(amount)} ${amount === 1 ? one : many}`;
}

/** The value alone, for a column of sums. */
export const valueOf = (kind: AwardKind, amount: number, currency: string | null, format: Format) =>
  currency === null ? amountOf(kind, amount, currency, format) : format.money({ amount, currency });

function lasting(duration: Duration): string {
  if (duration === 'first') return ' on the first payment';
  return duration === 'lifetime' ? '' : ` for ${duration.months} months`;
}

/** The merchant's own name for the rule, or what it gives: "20% for 12 months", "1 point per $1.00". */
export function ruleName(rule: RuleOutcome, format: Format): string {
  if (rule.name !== null) return isolate(rule.name);
  const { give, kind } = rule;
  const [one, many] = UNIT[kind];
  if (give.how === 'percent') return `${format.percent(give.percent)}${lasting(rule.for)}`;
  if (give.how === 'flat') return `${amountOf(kind, give.amount, give.currency, format)}${lasting(rule.for)}`;
  return `${format.count(give.value)} ${give.value === 1 ? one : many} per ${format.money(give.per)}${lasting(rule.for)}`;
}

const ON: Record<string, string> = {
  first: 'a first payment',
  subscription: 'a new subscription',
  renewal: 'a renewal',
  change: 'a plan change',
  one_off: 'a one-time payment',
  payment: 'a payment',
  lead: 'a lead',
  signup: 'a sign-up',
};

const atLimit = (rule: RuleOutcome, format: Format) => (rule.limit ? ` of ${format.money(rule.limit)}` : '');

type Why = (rule: RuleOutcome, payment: Pick<AttributedPayment, 'kind'>, format: Format) => string;

/** One line per reason code; each has a test of its name. */
export const RULE_SENTENCE: Record<RuleReason, Why> = {
  applied: () => 'it applied.',
  capped: (rule, _, format) => `it was cut to what the limit${atLimit(rule, format)} left.`,
  other_kind: (rule, { kind }) => `this is ${ON[kind]}, not ${ON[rule.on] ?? 'what the rule asks for'}.`,
  other_product: () => 'nothing in this payment is one of its products.',
  below_minimum: (rule, _, format) => `the payment is below the minimum${atLimit(rule, format)}.`,
  above_maximum: (rule, _, format) => `the payment is above the maximum${atLimit(rule, format)}.`,
  other_currency: () => 'it doesn’t cover this payment’s currency.',
  other_country: () => 'it doesn’t cover the buyer’s country.',
  not_new_customer: () => 'it’s for new customers, and this one had paid before.',
  other_group: () => 'the referrer isn’t in its group.',
  buyer_not_enrolled: () => 'the buyer isn’t in the contest.',
  outside_dates: () => 'the payment lies outside its dates.',
  duration_over: (rule) =>
    typeof rule.for === 'object' ? `its ${rule.for.months} months were over.` : 'it’s for the first payment only.',
  no_referrer: () => 'nobody referred this payment.',
  cap_reached: (rule, _, format) => `its limit${atLimit(rule, format)} was already reached.`,
  nothing_left: () => 'nothing of the payment counts.',
  not_worked_out: () => 'a part of it isn’t worked out by BlitzRocket yet.',
};

const ROUNDING = {
  nearest: 'rounded to the nearest',
  down: 'rounded down to the',
  up: 'rounded up to the',
} as const;

/** "20% of $99.00 is $19.80": one rule worked out, as one line. */
export function workedOut(rule: RuleOutcome, sum: Arithmetic, format: Format): string {
  const { give, kind } = rule;
  const result = valueOf(kind, sum.result, sum.currency, format);
  if (give.how === 'percent') return `${format.percent(give.percent)} of ${format.money(sum.of)} is ${result}`;
  if (give.how === 'flat') return `A fixed ${amountOf(kind, sum.result, sum.currency, format)}`;
  const [one, many] = UNIT[kind];
  const rate = `${format.count(give.value)} ${give.value === 1 ? one : many} per ${format.money(give.per)}`;
  return `${format.money(sum.of)} at ${rate}, ${ROUNDING[sum.round]} ${one}, is ${result}`;
}

/** The same without the way there: the whole is told where it is opened. */
export function inShort(rule: RuleOutcome, sum: Arithmetic, format: Format): string {
  const { kind, give } = rule;
  const told = give.how === 'per' ? valueOf(kind, sum.result, sum.currency, format) : workedOut(rule, sum, format);
  if (sum.takenBack === 0) return told;
  const back = sum.currency === null ? format.count(sum.takenBack) : valueOf(kind, sum.takenBack, sum.currency, format);
  return `${told}, ${back} taken back`;
}

/** The rules that gave nothing, each with its reason; one of two with the same name says whose it is. */
export function whyNot(rules: RuleOutcome[], payment: Pick<AttributedPayment, 'kind'>, format: Format): string[] {
  const named = (rule: RuleOutcome) => `“${ruleName(rule, format)}”`;
  return inOrder(rules)
    .filter((rule) => rule.arithmetic === null)
    .map((rule) => {
      const twin = rules.some((other) => other.to !== rule.to && named(other) === named(rule));
      const whose = twin ? ` for the ${rule.to}` : '';
      return `${named(rule)}${whose}: ${RULE_SENTENCE[rule.reason](rule, payment, format)}`;
    });
}

/** What stands under the sum: which rule, which month, how long it is held. */
export function ruleNote(rule: RuleOutcome, sum: Arithmetic, format: Format): string {
  const month = sum.month ? ` This is month ${sum.month.number} of ${sum.month.of}.` : '';
  const hold =
    rule.holdDays > 0 && sum.availableAt
      ? ` Held ${rule.holdDays} days, so it can be paid from ${format.day(sum.availableAt)}.`
      : '';
  const cut = rule.reason === 'capped' ? ` It was cut to what the limit${atLimit(rule, format)} left.` : '';
  return `Rule “${ruleName(rule, format)}”, version ${rule.version}.${month}${cut}${hold}`;
}
