import type { AwardKind } from '#shared/contract/payments.ts';
import type { Give, Rule } from '#shared/contract/rules.ts';
import type { Line } from '#shared/entry.ts';
import { divide, type Rounding, shareOf } from '#shared/money.ts';
import type { ContestReading } from '#shared/reading.ts';
import { addMonths, DAY_MS } from '#shared/time.ts';
import type { Attribution } from '#server/attribution/attribute.ts';
import { timeOfPosition } from '#server/attribution/position.ts';
import type { PaymentState } from '#server/attribution/state.ts';
import { isWorkedOut } from './worked-out.ts';

export interface Arithmetic {
  /** The counted money that the rule saw. */
  readonly of: bigint;
  readonly currency: string;
  readonly result: bigint;
  readonly resultCurrency: string | null;
  readonly takenBack: bigint;
  readonly month: { readonly number: number; readonly of: number } | null;
  readonly availableAt: number;
}

/** What a rule came to. */
export interface RuleOutcome {
  readonly rule: Rule;
  readonly applied: boolean;
  readonly reason: string;
  /** What the reason compares with. */
  readonly limit: { readonly amount: number; readonly currency: string } | null;
  readonly arithmetic: Arithmetic | null;
  readonly lines: readonly Line[];
}

/** The money that earns: what was received, without the shares of tax, shipping and tips in what was bought. */
export function basisOf(state: PaymentState, contest: Pick<ContestReading, 'settings'> | null): bigint {
  const { total, tax, shipping, tips } = state.document;
  if (contest?.settings.amountBasis === 'gross' || total === 0n) return state.amount;
  return shareOf(state.amount, total - tax - shipping - tips, total);
}

/** Every rule of the contest, as of the payment, independently: those that match, and why the others do not. */
export function rate(state: PaymentState, who: Attribution): RuleOutcome[] {
  const { contest } = who;
  if (contest === null || !who.isCounting) return [];
  return contest.rules.map((rule) => ratedBy(rule, state, who, basisOf(state, contest)));
}

function ratedBy(rule: Rule, state: PaymentState, who: Attribution, basis: bigint): RuleOutcome {
  const nothing = { rule, applied: false, limit: null, arithmetic: null, lines: [] };
  const refusal = whyNot(rule, state, who, basis);
  if (refusal !== null) return { ...nothing, ...refusal };
  const granted = grantOf(rule.give, rule.round, basis, state.currency);
  if (granted === null) return { ...nothing, reason: 'other_currency' };
  const participant = rule.to === 'referrer' ? who.decided?.participant : who.buyer;
  if (participant === undefined || participant === null) return { ...nothing, reason: 'no_referrer' };
  const lines = linesOf(rule, state, { participant, ...granted });
  const availableAt = state.occurredAt + rule.holdDays * DAY_MS;
  return {
    rule,
    applied: true,
    reason: 'applied',
    limit: null,
    arithmetic: {
      of: basis,
      currency: state.currency,
      result: granted.amount,
      resultCurrency: granted.currency,
      takenBack: granted.amount - lines.reduce((sum, { amount }) => sum + amount, 0n),
      month: monthOf(rule, state, who),
      availableAt,
    },
    lines,
  };
}

type Refusal = Partial<Pick<RuleOutcome, 'limit'>> & { readonly reason: string };

/** Null: it applies. The first condition that fails is the reason. */
function whyNot(rule: Rule, state: PaymentState, who: Attribution, basis: bigint): Refusal | null {
  if (rule.on !== 'payment' && rule.on !== who.kind) return { reason: 'other_kind' };
  if (!isWorkedOut(rule)) return { reason: 'not_worked_out' };
  if (rule.to === 'referrer' && who.decided === null) return { reason: 'no_referrer' };
  if (rule.to === 'buyer' && who.buyer === null) return { reason: 'buyer_not_enrolled' };
  if (isOver(rule, state, who)) return { reason: 'duration_over' };
  const { amount, currencies, from, until } = rule.when ?? {};
  if (currencies !== undefined && !currencies.includes(state.currency)) return { reason: 'other_currency' };
  if (from !== undefined && state.occurredAt < Date.parse(from)) return { reason: 'outside_dates' };
  if (until !== undefined && state.occurredAt >= Date.parse(until)) return { reason: 'outside_dates' };
  return outsideAmount(amount?.min, amount?.max, state.currency, basis);
}

type Limit = { readonly amount: number; readonly currency: string } | undefined;

function outsideAmount(min: Limit, max: Limit, currency: string, basis: bigint): Refusal | null {
  if ([min, max].some((limit) => limit !== undefined && limit.currency !== currency))
    return { reason: 'other_currency' };
  if (min !== undefined && basis < BigInt(min.amount)) return { reason: 'below_minimum', limit: min };
  if (max !== undefined && basis > BigInt(max.amount)) return { reason: 'above_maximum', limit: max };
  return null;
}

/** Months are counted from the buyer's first payment, in UTC. */
function isOver(rule: Rule, state: PaymentState, who: Attribution): boolean {
  if (rule.for === 'lifetime') return false;
  if (rule.for === 'first') return who.root !== state.position;
  return state.occurredAt >= addMonths(timeOfPosition(who.root), rule.for.months);
}

function monthOf(rule: Rule, state: PaymentState, who: Attribution): Arithmetic['month'] {
  if (typeof rule.for === 'string') return null;
  const first = timeOfPosition(who.root);
  let number = 1;
  while (state.occurredAt >= addMonths(first, number)) number += 1;
  return { number, of: rule.for.months };
}

interface Grant {
  readonly kind: AwardKind;
  readonly amount: bigint;
  readonly currency: string | null;
}

/** Values and percentages have a few decimals at most: whole numbers of millionths are exact. */
const MILLION = 1_000_000n;
const millionths = (value: number): bigint => BigInt(Math.round(value * 1_000_000));

/** Null: it says nothing for this currency. */
function grantOf(give: Give, rounding: Rounding, basis: bigint, currency: string): Grant | null {
  switch (give.kind) {
    case 'points':
    case 'entries': {
      const whole = millionths(give.value);
      if (give.per === undefined) return { kind: give.kind, amount: divide(whole, MILLION, rounding), currency: null };
      const per = [give.per].flat().find((one) => one.currency === currency);
      if (per === undefined) return null;
      return { kind: give.kind, amount: divide(basis * whole, BigInt(per.amount) * MILLION, rounding), currency: null };
    }
    case 'commission':
    case 'credit': {
      if ('percent' in give) {
        return {
          kind: give.kind,
          amount: divide(basis * millionths(give.percent), 100n * MILLION, rounding),
          currency,
        };
      }
      const flat = give.flat.find((one) => one.currency === currency);
      return flat === undefined ? null : { kind: give.kind, amount: BigInt(flat.amount), currency };
    }
    case 'coupon':
    case 'discount':
      return { kind: 'coupon', amount: 1n, currency: null };
  }
}

/** The award, and for each refund what it takes back: cumulatively, so that the last one is exact. */
function linesOf(rule: Rule, state: PaymentState, grant: Grant & { readonly participant: string }): Line[] {
  const line = (cause: string, amount: bigint, at: number): Line => ({
    participant: grant.participant,
    role: rule.to,
    kind: grant.kind,
    currency: grant.currency,
    rule: rule.id,
    ruleVersion: rule.version,
    cause,
    amount,
    at,
    availableAt: state.occurredAt + rule.holdDays * DAY_MS,
  });
  let returned = 0n;
  let taken = 0n;
  const refunds = state.returned.map(({ refund, amount, at }) => {
    returned += amount;
    const due = shareOf(grant.amount, returned, state.amount);
    const back = due - taken;
    taken = due;
    return line(`refund ${refund}`, -back, at);
  });
  return [line('award', grant.amount, state.occurredAt), ...refunds].filter(({ amount }) => amount !== 0n);
}
