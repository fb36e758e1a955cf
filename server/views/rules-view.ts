import { type Give as ShownGive, type RuleOutcome as ShownRule, RuleReason } from '#shared/contract/app.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import type { Give, Rule } from '#shared/contract/rules.ts';
import type { PaymentState } from '#server/attribution/state.ts';
import type { RuleOutcome } from '#server/rewards/rate.ts';

export const shownRules = (outcomes: readonly RuleOutcome[], state: PaymentState): ShownRule[] =>
  outcomes.map((outcome) => shownRule(outcome, state));

function shownRule({ rule, applied, reason, limit, arithmetic }: RuleOutcome, { currency }: PaymentState): ShownRule {
  return {
    rule: rule.id,
    version: rule.version,
    name: rule.name ?? null,
    on: rule.on,
    to: rule.to,
    kind: kindOf(rule),
    give: shownGive(rule.give, currency),
    for: rule.for,
    holdDays: rule.holdDays,
    applied,
    reason: RuleReason.parse(reason),
    limit,
    arithmetic:
      arithmetic === null
        ? null
        : {
            of: { amount: Number(arithmetic.of), currency: arithmetic.currency },
            result: Number(arithmetic.result),
            currency: arithmetic.resultCurrency,
            takenBack: Number(arithmetic.takenBack),
            round: rule.round,
            month: arithmetic.month,
            availableAt: writeTime(arithmetic.availableAt),
          },
  };
}

const kindOf = ({ give }: Rule): ShownRule['kind'] => (give.kind === 'discount' ? 'coupon' : give.kind);

/** What it says for the payment's currency, or for its first one where it says nothing for that. */
function shownGive(give: Give, currency: string): ShownGive {
  const inCurrency = <Value extends { currency: string }>(values: readonly Value[]): Value | undefined =>
    values.find((value) => value.currency === currency) ?? values[0];
  if ('percent' in give) return { how: 'percent', percent: give.percent };
  if ('flat' in give) {
    const flat = inCurrency(give.flat);
    return { how: 'flat', amount: flat?.amount ?? 0, currency: flat?.currency ?? null };
  }
  if ('coupon' in give) return { how: 'flat', amount: 1, currency: null };
  const per = give.per === undefined ? undefined : inCurrency([give.per].flat());
  return per === undefined
    ? { how: 'flat', amount: Math.round(give.value), currency: null }
    : { how: 'per', value: give.value, per };
}
