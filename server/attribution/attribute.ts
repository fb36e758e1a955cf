import type { PaymentKind } from '#shared/contract/rules.ts';
import { STEPS } from '#shared/contract/payments.ts';
import type { ContestReading } from '#shared/reading.ts';
import { type Candidate, type Chain, type ChainStep, participantOfBuyer, walkChain } from './chain.ts';
import { contestsAt, whyNotRunning } from './contest.ts';
import { buyerKeys, type Reads } from './reads.ts';
import type { PaymentState } from './state.ts';

/** Who referred a payment, in which contest, who its buyer is, and what was found on the way there. */
export interface Attribution {
  readonly contest: ContestReading | null;
  readonly decided: Candidate | null;
  readonly chain: readonly ChainStep[];
  /** Money was received: rules are asked. */
  readonly isCounting: boolean;
  /** Something of it is left: a wholly refunded payment is nobody's first. */
  readonly isStanding: boolean;
  /** Position of the buyer's first counting payment: its own when there is no earlier one. */
  readonly root: string;
  readonly kind: PaymentKind;
  /** The buyer's participation in the contest, if there is one. */
  readonly buyer: string | null;
}

export function attribute(state: PaymentState, reads: Reads): Attribution {
  const contests = contestsAt(reads, state.occurredAt).filter(
    ({ contest }) => state.contest === null || contest === state.contest,
  );
  const claims = contests.map((contest) => ({ contest, chain: walkChain({ state, contest, reads }) }));
  const claim = claims.toSorted((one, other) => byStrength(one, other, state.occurredAt))[0] ?? null;
  // Without evidence a contest claims a payment only while it runs, or when the payment came through its own door.
  const holds =
    claim !== null && (claim.chain.decided !== null || whyNotRunning(claim.contest, state.occurredAt) === null);
  const contest = claim !== null && (holds || state.contest !== null) ? claim.contest : null;
  const isCounting = state.status === 'paid' && state.waitingFor === null && state.amount > 0n;
  const isStanding = isCounting && leftOf(state) > 0n;
  const root = rootOf(state, reads);
  return {
    contest,
    decided: contest === null ? null : (claim?.chain.decided ?? null),
    chain: claim?.chain.steps ?? [],
    isCounting,
    isStanding,
    root,
    kind: isStanding && root === state.position ? 'first' : state.kind,
    buyer:
      contest === null || state.buyer.address === null
        ? null
        : (participantOfBuyer(reads, contest.contest, state.buyer.address)?.participant ?? null),
  };
}

export const leftOf = (state: PaymentState): bigint =>
  state.amount - state.returned.reduce((sum, { amount }) => sum + amount, 0n);

/** The strongest key that already has a payment says who the buyer is; otherwise a new buyer begins here. */
function rootOf(state: PaymentState, reads: Reads): string {
  const heads = buyerKeys(state.buyer).map((key) => reads.root(key));
  return heads.find((head) => head !== null)?.value ?? state.position;
}

interface Claim {
  readonly contest: ContestReading;
  readonly chain: Chain;
}

/**
 * With evidence before without; then the higher step, the later click, the contest that started last, the newest one. But a
 * contest that was created only afterwards takes over no payment for which it has no evidence either: what the buyer was
 * given in the one that ran then stays.
 */
function byStrength(one: Claim, other: Claim, occurredAt: number): number {
  return (
    stepRank(one) - stepRank(other) ||
    cameLater(one, occurredAt) - cameLater(other, occurredAt) ||
    (other.chain.decided?.clickedAt ?? 0) - (one.chain.decided?.clickedAt ?? 0) ||
    (other.contest.startsAt ?? 0) - (one.contest.startsAt ?? 0) ||
    other.contest.number - one.contest.number
  );
}

/** Stripe tells times in whole seconds. */
const SECOND_MS = 1000;

const cameLater = ({ chain, contest }: Claim, occurredAt: number): number =>
  chain.decided === null && contest.createdAt >= occurredAt + SECOND_MS ? 1 : 0;

const stepRank = ({ chain }: Claim): number =>
  chain.decided === null ? STEPS.length : STEPS.indexOf(chain.decided.step);
