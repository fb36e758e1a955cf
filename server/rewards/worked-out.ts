import { PAYMENT_KINDS, type RuleInput } from '#shared/contract/rules.ts';

type Text = Pick<RuleInput, 'on' | 'when' | 'give' | 'tiers' | 'caps'>;

const PAID: ReadonlySet<string> = new Set([...PAYMENT_KINDS, 'payment']);
const PAYS_OUT: ReadonlySet<string> = new Set(['points', 'entries', 'commission']);

const CONDITIONS = {
  products: 'the condition on products',
  prices: 'the condition on prices',
  countries: 'the condition on countries',
  newCustomer: 'the condition on new customers',
  group: 'the condition on a group of participants',
  buyerEnrolled: 'the condition on buyers who take part',
  lead: 'the condition on a lead',
} as const;

/**
 * What a rule asks for that is kept and not worked out yet, in a merchant's words. A rule with any of it awards nothing, and
 * says so: half of a rule would be another rule than the merchant wrote.
 */
export function partsNotWorkedOut({ on, when, give, tiers, caps }: Text): string[] {
  const conditions = (Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]).filter(
    (name) => when?.[name] !== undefined,
  );
  return [
    ...(PAID.has(on) ? [] : [`what happens at "${on}"`]),
    ...conditions.map((name) => CONDITIONS[name]),
    ...(PAYS_OUT.has(give.kind) ? [] : [`a reward of the kind "${give.kind}"`]),
    ...('awardCurrency' in give && give.awardCurrency === 'contest' ? ['a reward in the contest’s currency'] : []),
    ...(tiers === undefined ? [] : ['tiers']),
    ...(caps === undefined ? [] : ['caps']),
  ];
}

export const isWorkedOut = (rule: Text): boolean => partsNotWorkedOut(rule).length === 0;
