import { writeTime } from '#shared/contract/conventions.ts';
import type { WireMoney } from '#shared/contract/money.ts';
import type { AwardAnswer, AwardStatus, EntryAnswer, ExplainAnswer, PaymentAnswer } from '#shared/contract/payments.ts';
import { orderIdOf } from '#server/facts/from-purchase.ts';
import { compareText } from '#server/attribution/position.ts';
import { leftOf } from '#server/attribution/attribute.ts';
import type { PaymentState } from '#server/attribution/state.ts';
import { basisOf, type RuleOutcome } from '#server/rewards/rate.ts';
import { type Entry, entriesOfPayment } from '#server/store/entries.ts';
import { type PaymentId, publicPaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import { type Decision, decide, stateOfPayment } from './decide.ts';

/** A payment as it stands now: decided by the functions that wrote the ledger, with the entries that they wrote. */
export interface Explained {
  readonly id: PaymentId;
  readonly decision: Decision;
  readonly entries: readonly Entry[];
}

/** Null when there is no such payment, or nothing yet that tells of money. */
export async function explained(scope: Scope, id: PaymentId): Promise<Explained | null> {
  const state = await stateOfPayment(scope, id);
  if (state === null) return null;
  return { id, decision: await decide(scope, state), entries: await entriesOfPayment(scope, id) };
}

export async function paymentAnswerOf(scope: Scope, id: PaymentId, now: number): Promise<PaymentAnswer | null> {
  const found = await explained(scope, id);
  return found === null ? null : answerOf(found, now);
}

export async function explain(scope: Scope, id: PaymentId, now: number): Promise<ExplainAnswer | null> {
  const found = await explained(scope, id);
  if (found === null) return null;
  const { decision, entries } = found;
  return {
    payment: answerOf(found, now),
    facts: decision.state.facts.map(({ id: fact, source, type, at }) => ({
      id: fact,
      source,
      type,
      occurredAt: writeTime(at),
    })),
    chain: decision.who.chain.map(({ step, finding, reason, evidence }) => ({
      step,
      finding,
      reason,
      evidence: seen(evidence),
    })),
    rules: decision.outcomes.map(ruleAnswerOf),
    awards: awardsOf(found, now),
    entries: entries.map(entryAnswerOf),
  };
}

function answerOf(found: Explained, now: number): PaymentAnswer {
  const { id, decision } = found;
  const { state, who } = decision;
  const { decided, contest } = who;
  return {
    id: publicPaymentId(id),
    aliases: state.aliases.map((alias) => orderIdOf(alias) ?? alias),
    buyer: { customer: state.buyer.customer, externalId: state.buyer.externalId, participant: who.buyer },
    amount: wire(state.amount, state.currency),
    basis: wire(basisOf(state, contest), state.currency),
    refunded: wire(state.amount - leftOf(state), state.currency),
    kind: who.kind,
    status: statusOf(state),
    ...(state.waitingFor === null ? {} : { waitingFor: state.waitingFor }),
    occurredAt: writeTime(state.occurredAt),
    attribution:
      decided === null || contest === null
        ? null
        : {
            participant: decided.participant,
            contest: contest.contest,
            code: decided.code,
            step: decided.step,
            evidence: seen(decided.evidence),
          },
    awards: awardsOf(found, now),
  };
}

const wire = (amount: bigint, currency: string): WireMoney => ({ amount: Number(amount), currency });

/** Evidence without what was not there, its time as everybody writes times. */
const seen = (evidence: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(evidence)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, name === 'at' ? writeTime(Number(value)) : value]),
  );

export function statusOf(state: PaymentState): PaymentAnswer['status'] {
  if (state.waitingFor !== null) return 'waiting';
  if (state.status === 'failed') return 'failed';
  if (state.status !== 'paid' || state.amount === 0n) return 'zero';
  const left = leftOf(state);
  if (left === state.amount) return 'paid';
  return left === 0n ? 'refunded' : 'partially_refunded';
}

function ruleAnswerOf({ rule, applied, reason, arithmetic }: RuleOutcome): ExplainAnswer['rules'][number] {
  return {
    rule: rule.id,
    version: rule.version,
    applied,
    reason,
    arithmetic:
      arithmetic === null
        ? null
        : {
            of: wire(arithmetic.of, arithmetic.currency),
            result: Number(arithmetic.result),
            currency: arithmetic.resultCurrency,
            takenBack: Number(arithmetic.takenBack),
            month: arithmetic.month,
            availableAt: writeTime(arithmetic.availableAt),
          },
  };
}

/** What stands now, for whom and by which rule: the sum of the entries of award and refunds, in the order of the rules. */
export function awardsOf({ decision, entries }: Pick<Explained, 'decision' | 'entries'>, now: number): AwardAnswer[] {
  const rules = decision.outcomes.map(({ rule }) => rule.id);
  const place = ({ rule }: AwardAnswer) => (rules.includes(rule) ? rules.indexOf(rule) : rules.length);
  const groups = Map.groupBy(entries, ({ participant, role, rule, kind, currency }) =>
    JSON.stringify([participant, role, rule, kind, currency]),
  );
  const awards = [...groups.values()].flatMap((theirs) => {
    const [first] = theirs;
    if (first === undefined) return [];
    const amount = theirs.reduce((sum, entry) => sum + entry.amount, 0n);
    const availableAt = theirs.find(({ cause }) => cause === 'award')?.availableAt ?? first.availableAt;
    return [
      {
        participant: first.participant,
        role: first.role,
        rule: first.rule ?? '',
        kind: first.kind,
        amount: Number(amount),
        currency: first.currency,
        status: awardStatus(amount, availableAt, now),
        availableAt: availableAt === null ? null : writeTime(Number(availableAt)),
      },
    ];
  });
  return awards.toSorted((one, other) => place(one) - place(other) || compareText(one.participant, other.participant));
}

function awardStatus(amount: bigint, availableAt: bigint | null, now: number): AwardStatus {
  if (amount === 0n) return 'reversed';
  return availableAt !== null && availableAt > BigInt(now) ? 'pending' : 'approved';
}

const entryId = (number: bigint): string => `entry_${number.toString(36)}`;

export function entryAnswerOf(entry: Entry): EntryAnswer {
  return {
    id: entryId(entry.number),
    contest: entry.contest,
    participant: entry.participant,
    kind: entry.kind,
    amount: Number(entry.amount),
    currency: entry.currency,
    payment: entry.payment === null ? null : publicPaymentId(entry.payment),
    lead: null,
    rule: entry.rule === null ? null : { id: entry.rule, version: Number(entry.ruleVersion ?? 1n) },
    reason: entry.reason,
    note: entry.note,
    reverses: entry.reverses === null ? null : entryId(entry.reverses),
    rate: null,
    at: writeTime(Number(entry.at)),
    availableAt: entry.availableAt === null ? null : writeTime(Number(entry.availableAt)),
    recordedAt: writeTime(Number(entry.recordedAt)),
  };
}
