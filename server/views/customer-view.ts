import type { ChainStep, CustomerAnswer, CustomerPayment, Participant, Referral } from '#shared/contract/app.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import { leftOf } from '#server/attribution/attribute.ts';
import { shareOf } from '#shared/money.ts';
import { landingLink, linkParamOf } from '#server/contests/link.ts';
import { contestFrom, wholeContest } from './contests.ts';
import {
  countClicks,
  countParticipants,
  isNamedCustomer,
  participantOfCustomer,
  paymentsOfCustomer,
  paymentsReferredBy,
  standings,
} from '#server/store/customers.ts';
import { participantById } from '#server/store/participants.ts';
import { publicPaymentId } from '#server/store/payments.ts';
import { statusOf } from './awards-view.ts';
import { balancesOf, type Bought, boughtOf, commissionOf, sumsOf } from './bought.ts';
import { shownChain } from './chain-view.ts';
import { contestOf, type Looking } from './payment-view.ts';
import { buyerOf, calledBy, participantsOf, shownParticipant } from './people.ts';

const SHOWN = 10;

export async function customerView(looking: Looking, customer: string): Promise<CustomerAnswer> {
  const { scope, contest, livemode } = looking;
  const payments = await paymentsOfCustomer(scope, customer);
  const bought = await boughtOf(scope, payments);
  const referral = await referralOf(looking, bought);
  const own = await ownParticipation(looking, customer, bought);
  if (own !== null && (referral === null || (await isReferrer(scope, own)))) {
    return participantView(looking, own, { referral, payments: payments.length });
  }
  if (referral === null) return { state: 'neither', contest, livemode, payments: payments.length };
  const first = bought.findLast(({ decision }) => decision.who.decided !== null);
  return {
    state: 'referred',
    contest: first === undefined ? contest : contestOf(looking, first.decision),
    livemode,
    referral,
  };
}

/** By the customer that the merchant named, or by the address of one of their payments: a buyer is enrolled by that. */
async function ownParticipation(
  { scope }: Looking,
  customer: string,
  bought: readonly Bought[],
): Promise<string | null> {
  const named = await participantOfCustomer(scope, customer);
  return named ?? bought.map(({ decision }) => decision.who.buyer).find((id) => id !== null) ?? null;
}

/** Who was enrolled in passing, by buying, is a buyer first; who was named by the merchant, or has referred somebody, refers. */
async function isReferrer(scope: Looking['scope'], participant: string): Promise<boolean> {
  return (await isNamedCustomer(scope, participant)) || (await paymentsReferredBy(scope, participant)).length > 0;
}

/** By whom the first attributed payment says; what others were given to is not this referral. */
async function referralOf(looking: Looking, bought: readonly Bought[]): Promise<Referral | null> {
  const first = bought.findLast(({ decision }) => decision.who.decided !== null);
  const referrer = first?.decision.who.decided?.participant;
  if (first === undefined || referrer === undefined) return null;
  const people = await participantsOf(looking.store, looking.scope, [referrer]);
  const participant = people.get(referrer);
  if (participant === undefined) return null;
  const theirs = bought.filter(({ decision }) => decision.who.decided?.participant === referrer);
  return {
    participant,
    since: writeTime(first.decision.state.occurredAt),
    decidedBy: decidedBy(first, participant),
    earns: earnsOf(theirs),
    revenue: sumsOf(theirs.map(({ counted }) => counted)),
    commission: balancesOf(
      theirs.flatMap(({ entries }) => commissionOf(entries, referrer)),
      looking.now,
    ),
    payments: theirs.slice(0, SHOWN).map((one) => shownPayment(one, referrer, looking.now)),
    paymentCount: theirs.length,
  };
}

function decidedBy({ decision }: Bought, participant: Participant): ChainStep {
  const found = shownChain(decision.who.chain, () => calledBy(participant)).find(({ finding }) => finding === 'found');
  if (found === undefined) throw new Error('an attributed payment without a step that decided');
  return found;
}

/** By the latest payment's commission rule, and the months, or payments, in which it earned. */
function earnsOf(bought: readonly Bought[]): Referral['earns'] {
  const applied = bought.flatMap(({ decision }) =>
    decision.outcomes.filter(
      ({ rule, applied: did }) => did && rule.to === 'referrer' && rule.give.kind === 'commission',
    ),
  );
  const [latest] = applied;
  if (latest === undefined) return null;
  const months = applied
    .filter(({ rule }) => rule.id === latest.rule.id)
    .map(({ arithmetic }) => arithmetic?.month?.number);
  return {
    for: latest.rule.for,
    monthsEarned: typeof latest.rule.for === 'string' ? months.length : new Set(months).size,
  };
}

function shownPayment({ id, decision, counted, entries }: Bought, referrer: string, now: number): CustomerPayment {
  const { aliases, occurredAt } = decision.state;
  const earned = commissionOf(entries, referrer);
  const amount = earned.reduce((sum, entry) => sum + entry.amount, 0n);
  return {
    payment: publicPaymentId(id),
    object:
      aliases.find((alias) => alias.startsWith('pi_')) ?? aliases.find((alias) => alias.startsWith('ch_')) ?? null,
    occurredAt: writeTime(occurredAt),
    counted,
    commission: sumsOf(earned.map((entry) => ({ amount: Number(entry.amount), currency: entry.currency ?? '' }))),
    status: earned.length === 0 ? null : statusOf(amount, earned.at(-1)?.availableAt ?? null, now),
  };
}

type AsBuyer = Extract<CustomerAnswer, { state: 'participant' }>['asBuyer'];

async function participantView(looking: Looking, id: string, asBuyer: AsBuyer): Promise<CustomerAnswer> {
  const { store, scope, livemode, now } = looking;
  const participant = await participantById(scope, store.keyring, id);
  if (participant === null) throw new Error('a participant who was just found is not there');
  const contest = await wholeContest(scope, participant.contest);
  const { definition } = contest;
  const bought = await boughtOf(scope, await paymentsReferredBy(scope, id));
  const points = await standings(scope, participant.contest, 'points');
  const entries = await standings(scope, participant.contest, 'entries');
  const people = await peopleOf(looking, bought);
  const own = points.find((standing) => standing.participant === id)?.amount ?? 0n;
  return {
    state: 'participant',
    contest: contestFrom(contest),
    livemode,
    participant: shownParticipant(participant),
    since: writeTime(participant.joinedAt),
    link: landingLink(definition, participant.code) ?? `?${linkParamOf(definition)}=${participant.code}`,
    points: Number(own),
    entries: Number(entries.find((standing) => standing.participant === id)?.amount ?? 0n),
    rank:
      own === 0n
        ? null
        : {
            position: 1 + points.filter(({ amount }) => amount > own).length,
            of: await countParticipants(scope, participant.contest),
          },
    clicks: await countClicks(scope, participant.code),
    balance: balancesOf(
      bought.flatMap((one) => commissionOf(one.entries, id)),
      now,
    ),
    people: people.slice(0, SHOWN),
    peopleCount: people.length,
    peopleWhoPaid: people.length,
    asBuyer,
  };
}

/** Of the counted money, what has not gone back. */
function leftOfCounted({ decision: { state }, counted }: Bought): { amount: number; currency: string } {
  if (state.amount === 0n) return counted;
  return { amount: Number(shareOf(BigInt(counted.amount), leftOf(state), state.amount)), currency: counted.currency };
}

type ReferredPerson = Extract<CustomerAnswer, { state: 'participant' }>['people'][number];

/** Each customer once, by revenue. Who paid as a guest is recognised by the position of the buyer's first payment. */
async function peopleOf({ store, scope }: Looking, bought: readonly Bought[]): Promise<ReferredPerson[]> {
  const people: ReferredPerson[] = [];
  for (const theirs of Map.groupBy(bought, ({ decision }) => decision.who.root).values()) {
    const [latest] = theirs;
    if (latest === undefined) continue;
    const person = await buyerOf(store, scope, latest.decision.state);
    people.push({ ...person, payments: theirs.length, revenue: sumsOf(theirs.map(leftOfCounted)) });
  }
  return people.toSorted((one, other) => (other.revenue[0]?.amount ?? 0) - (one.revenue[0]?.amount ?? 0));
}
