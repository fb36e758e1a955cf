import type { RuleInput } from '#shared/contract/rules.ts';

/** Parts of a rule that are kept, and not worked out yet: a rule with one of them awards nothing, and says so. */
export function isWorkedOut(rule: Pick<RuleInput, 'tiers' | 'caps' | 'give' | 'when' | 'on'>): boolean {
  const { products, prices, countries, newCustomer, group, buyerEnrolled, lead } = rule.when ?? {};
  const conditions = [products, prices, countries, newCustomer, group, buyerEnrolled, lead];
  return (
    rule.tiers === undefined &&
    rule.caps === undefined &&
    conditions.every((condition) => condition === undefined) &&
    !['credit', 'coupon', 'discount'].includes(rule.give.kind) &&
    !('awardCurrency' in rule.give && rule.give.awardCurrency === 'contest') &&
    !(rule.on === 'lead' || rule.on === 'signup' || rule.on.startsWith('custom:'))
  );
}
