import { PAYMENT_KINDS, type Rule } from '#shared/contract/rules.ts';
import { partsNotWorkedOut } from '#server/rewards/worked-out.ts';

/** What is saved, but will not do what it seems to, in a merchant's words. */
export function warningsOf(rules: readonly Rule[]): string[] {
  const unworked = rules.flatMap((rule, place) => {
    const parts = partsNotWorkedOut(rule);
    return parts.length === 0
      ? []
      : [`${nameOf(rule, place)} uses ${listed(parts)}: it is saved, and awards nothing yet.`];
  });
  return [...unworked, ...doubled(rules)];
}

function doubled(rules: readonly Rule[]): string[] {
  return rules.flatMap((one, place) =>
    rules.slice(place + 1).flatMap((other, further) => {
      if (!canPayTwice(one, other)) return [];
      const names = `${nameOf(one, place)} and ${nameOf(other, place + 1 + further).replace(/^R/, 'r')}`;
      return [`${names} can both pay the ${one.to} a commission for the same payment: the two are added up.`];
    }),
  );
}

function canPayTwice(one: Rule, other: Rule): boolean {
  return (
    one.give.kind === 'commission' &&
    other.give.kind === 'commission' &&
    one.to === other.to &&
    isOneEvent(one.on, other.on) &&
    !excludeEachOther(one, other)
  );
}

const isOneEvent = (one: string, other: string): boolean =>
  one === other || (one === 'payment' && isPayment(other)) || (other === 'payment' && isPayment(one));

const isPayment = (on: string): boolean => (PAYMENT_KINDS as readonly string[]).includes(on);

/** Conditions of which one payment can only meet one. A payment can hold several products, so those are not among them. */
function excludeEachOther({ when: one = {} }: Rule, { when: other = {} }: Rule): boolean {
  const apart = (a?: readonly string[], b?: readonly string[]) =>
    a !== undefined && b !== undefined && a.every((value) => !b.includes(value));
  const differ = (a?: string | boolean, b?: string | boolean) => a !== undefined && b !== undefined && a !== b;
  const isOver = (until?: string, from?: string) =>
    until !== undefined && from !== undefined && Date.parse(until) <= Date.parse(from);
  return (
    apart(one.currencies, other.currencies) ||
    apart(one.countries, other.countries) ||
    differ(one.newCustomer, other.newCustomer) ||
    differ(one.group, other.group) ||
    differ(one.buyerEnrolled, other.buyerEnrolled) ||
    isOver(one.until, other.from) ||
    isOver(other.until, one.from)
  );
}

const nameOf = (rule: Rule, place: number): string =>
  rule.name === undefined ? `Rule ${place + 1} (${rule.on} → ${rule.to})` : `Rule ${place + 1} “${rule.name}”`;

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
