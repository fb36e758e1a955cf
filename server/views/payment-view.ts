import type { Contest, Fact, NextTime, Participant, PaymentAnswer, WaitingReason } from '#shared/contract/app.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import type { Teller } from '#shared/reading.ts';
import { shareOf } from '#shared/money.ts';
import type { PaymentState } from '#server/attribution/state.ts';
import { type Decision, decide, stateOfPayment } from '#server/ledger/decide.ts';
import { basisOf } from '#server/rewards/rate.ts';
import { entriesOfPayment } from '#server/store/entries.ts';
import { type PaymentId, publicPaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { shownAwards } from './awards-view.ts';
import { shownChain } from './chain-view.ts';
import { buyerOf, calledBy, participantsOf } from './people.ts';
import { shownRules } from './rules-view.ts';

export interface Looking {
  readonly store: Store;
  readonly scope: Scope;
  readonly livemode: boolean;
  readonly now: number;
  /** Where no contest claims the payment: the one that the merchant is told about. */
  readonly contest: Contest;
}

type Known = Extract<PaymentAnswer, { state: 'attributed' }>;

/** Decided as the ledger decides it, so that what is shown can't disagree with what stands. */
export async function paymentView(looking: Looking, id: PaymentId): Promise<PaymentAnswer> {
  const { store, scope } = looking;
  const state = await stateOfPayment(scope, id);
  if (state === null) return { state: 'unknown' };
  const decision = await decide(scope, state);
  const entries = await entriesOfPayment(scope, id);
  const decided = decision.who.decided?.participant;
  const named = [
    ...(decided === undefined ? [] : [decided]),
    ...decision.who.chain.flatMap(({ evidence }) => evidence.participant ?? []),
    ...entries.map(({ participant }) => participant),
  ];
  const people = await participantsOf(store, scope, named);
  const referrer = people.get(decided ?? '') ?? null;
  const waiting = waitingReason(state);
  if (waiting !== null) return waitingView(looking, id, { decision, referrer, reason: waiting });
  const known: Omit<Known, 'state' | 'participant'> = {
    payment: publicPaymentId(id),
    contest: contestOf(looking, decision),
    livemode: looking.livemode,
    kind: decision.who.kind,
    money: moneyOf(decision),
    occurredAt: writeTime(state.occurredAt),
    buyer: await buyerOf(store, scope, state),
    chain: shownChain(decision.who.chain, (participant) => nameIn(people, participant)),
    awards: shownAwards(entries, (participant) => people.get(participant) ?? NOBODY, looking.now),
    rules: shownRules(decision.outcomes, state),
    facts: factsOf(state),
  };
  if (referrer !== null) return { state: 'attributed', ...known, participant: referrer };
  return { state: 'not_attributed', ...known, nextTime: { way: wayOf(state), name: null, script: null } };
}

const NOBODY = { name: null, maskedEmail: null, stripeCustomer: null };

function nameIn(people: ReadonlyMap<string, Participant>, id: string): string {
  const participant = people.get(id);
  return participant === undefined ? id : calledBy(participant);
}

export function contestOf({ contest }: Pick<Looking, 'contest'>, { who }: Decision): Contest {
  if (who.contest === null) return contest;
  const { contest: id, name, settings } = who.contest;
  return { id, name, windowDays: settings.attribution.windowDays };
}

/** A payment that failed earns nothing until one like it succeeds: to whoever looks, it waits for that. */
const waitingReason = ({ status, waitingFor }: PaymentState): WaitingReason | null =>
  waitingFor ?? (status === 'failed' ? 'payment' : null);

function waitingView(
  looking: Looking,
  id: PaymentId,
  { decision, referrer, reason }: { decision: Decision; referrer: Participant | null; reason: WaitingReason },
): PaymentAnswer {
  const { state, who } = decision;
  const referredAt = who.decided?.evidence.at ?? null;
  return {
    state: 'waiting',
    payment: publicPaymentId(id),
    contest: contestOf(looking, decision),
    livemode: looking.livemode,
    reason,
    since: writeTime(state.facts[0]?.at ?? state.occurredAt),
    // Nothing asks Stripe by itself yet: only an event can end the waiting.
    nextCheckAt: null,
    paid: { amount: Number(state.amount), currency: state.currency },
    occurredAt: writeTime(state.occurredAt),
    participant: referrer,
    referredAt: referrer === null || referredAt === null ? null : writeTime(referredAt),
    facts: factsOf(state),
  };
}

function moneyOf({ state, who }: Decision): Known['money'] {
  const { currency } = state;
  const money = (minor: bigint) => ({ amount: Number(minor), currency });
  const counted = basisOf(state, who.contest);
  const refunded = state.returned.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    paid: money(state.amount),
    refunded: money(refunded),
    notCounted: notCounted(state, counted),
    counted: money(counted),
  };
}

/** Each part's share of what was paid; the last takes the unit that rounding leaves, so that the sum is exact. */
function notCounted({ amount, currency, document }: PaymentState, counted: bigint): Known['money']['notCounted'] {
  const all = [
    { what: 'tax', minor: document.tax },
    { what: 'shipping', minor: document.shipping },
    { what: 'tips', minor: document.tips },
  ] as const;
  const parts = all.filter(({ minor }) => minor > 0n);
  let left = amount - counted;
  if (left <= 0n) return [];
  return parts.map(({ what, minor }, index) => {
    const share = index === parts.length - 1 ? left : shareOf(amount, minor, document.total);
    left -= share;
    return { what, money: { amount: Number(share), currency } };
  });
}

const SOURCES: Readonly<Record<string, Fact['source']>> = { stripe: 'stripe', purchase: 'store', merchant: 'merchant' };

/** Of what happened in one second: the money first, then what it was for, then what went back. */
const TOLD_FIRST: readonly string[] = ['charge', 'intent', 'session', 'order'] satisfies Teller[];

function placeOf({ reading }: PaymentState['facts'][number]): number {
  if (reading.about === 'payment') return TOLD_FIRST.indexOf(reading.teller);
  return TOLD_FIRST.length + (reading.about === 'return' ? 1 : 0);
}

/** Events carry whole seconds: facts of one second come in by chance, and are told by what they are. */
const inOrderOfTelling = (facts: PaymentState['facts']) =>
  facts.toSorted((one, other) => one.at - other.at || placeOf(one) - placeOf(other));

const factsOf = ({ facts }: PaymentState): Fact[] =>
  inOrderOfTelling(facts).map(({ id, type, source, at }) => ({
    id,
    type,
    source: SOURCES[source] ?? 'api',
    at: writeTime(at),
  }));

function wayOf({ facts, kind }: PaymentState): NextTime['way'] {
  const tellers = new Set(facts.flatMap(({ reading }) => (reading.about === 'payment' ? [reading.teller] : [])));
  if (tellers.has('order')) return 'order';
  if (tellers.has('session')) return 'checkout_session';
  return kind === 'subscription' ? 'subscription' : 'payment_intent';
}
