import { isDeepStrictEqual } from 'node:util';
import { defaultHoldDays, type Rule, type RuleInput } from '#shared/contract/rules.ts';
import { decimalsOf } from '#shared/currency.ts';
import { failure, type FailureDetail, refused, type Result, success } from '#shared/failure.ts';
import { newRuleId } from './names.ts';

/** One point for each whole unit of the contest's currency, to the buyer. */
export const defaultRules = (currency: string): RuleInput[] => [
  {
    on: 'payment',
    to: 'buyer',
    give: { kind: 'points', value: 1, per: { amount: 10 ** decimalsOf(currency), currency } },
    round: 'nearest',
    for: 'lifetime',
  },
];

/** The rules as they will stand: those that were there keep their identity, and their version while their text is the same. */
export function adoptRules(given: readonly RuleInput[], standing: readonly Rule[], currency: string): Result<Rule[]> {
  const known = new Map(standing.map((rule) => [rule.id, rule]));
  const problems = given.flatMap((rule, place) => [
    ...identityProblems(given, place, known),
    ...problemsOf(rule, currency).map(({ path, message }) => problem(`rules.${place}.${path}`, message)),
  ]);
  const [first] = problems;
  if (first !== undefined) return refused(failure('invalid_rule', first.message, { details: problems }));
  return success(given.map((rule) => adopted(rule, rule.id === undefined ? undefined : known.get(rule.id))));
}

function adopted(given: RuleInput, before: Rule | undefined): Rule {
  const holdDays = given.holdDays ?? defaultHoldDays(given.give.kind);
  if (before === undefined) return { ...given, id: newRuleId(), version: 1, holdDays };
  const same: Rule = { ...given, id: before.id, version: before.version, holdDays };
  return isDeepStrictEqual(same, before) ? same : { ...same, version: before.version + 1 };
}

const problem = (path: string, sentence: string): FailureDetail => ({ path, message: `${path} ${sentence}` });

function identityProblems(
  given: readonly RuleInput[],
  place: number,
  known: ReadonlyMap<string, Rule>,
): FailureDetail[] {
  const id = given[place]?.id;
  if (id === undefined) return [];
  const path = `rules.${place}.id`;
  if (!known.has(id)) return [problem(path, 'is not the id of a rule of this contest; leave it out for a new rule')];
  return given.findIndex((rule) => rule.id === id) < place ? [problem(path, 'is the id of an earlier rule too')] : [];
}

/** What can't work. Paths are those within the rule; the message goes on where the path ends. */
function problemsOf(rule: RuleInput, currency: string): FailureDetail[] {
  const { give, when } = rule;
  const missing = `must have a value for ${currency}, the contest’s currency`;
  const lacks = (flat: readonly { currency: string }[]) => !flat.some((value) => value.currency === currency);
  const found: FailureDetail[] = [];
  if ('flat' in give && lacks(give.flat)) found.push({ path: 'give.flat', message: missing });
  rule.tiers?.steps.forEach((step, place) => {
    const path = `tiers.steps.${place}`;
    const wanted = stepOf(give);
    if (wanted === null || !(wanted in step)) {
      const message =
        wanted === null ? `can’t apply: a ${give.kind} has no tiers` : `must give a ${wanted}, as the rule does`;
      found.push({ path, message });
    } else if ('flat' in step && lacks(step.flat)) found.push({ path: `${path}.flat`, message: missing });
  });
  const { min, max } = when?.amount ?? {};
  if (min !== undefined && max !== undefined && min.currency === max.currency && min.amount > max.amount) {
    found.push({ path: 'when.amount.max', message: 'must not be less than min: nothing would match' });
  }
  if (when?.from !== undefined && when.until !== undefined && Date.parse(when.from) >= Date.parse(when.until)) {
    found.push({ path: 'when.until', message: 'must be after from: nothing would match' });
  }
  return found;
}

/** What a step of the rule's tiers has to say in place of the rule. */
function stepOf(give: RuleInput['give']): 'value' | 'percent' | 'flat' | null {
  if ('value' in give) return 'value';
  if ('percent' in give) return 'percent';
  return 'flat' in give ? 'flat' : null;
}
