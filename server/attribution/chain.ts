import type { Step } from '#shared/contract/payments.ts';
import { DAY_MS } from '#shared/time.ts';
import { plainKey } from '#server/facts/clues.ts';
import type { ClickReading, ContestReading, ParticipantReading } from '#shared/reading.ts';
import { whyNotRunning } from './contest.ts';
import { timeOfPosition } from './position.ts';
import { keys, type Reads } from './reads.ts';
import type { KeyFact } from '#shared/told.ts';
import type { PaymentState } from './state.ts';

export type Finding = 'found' | 'absent' | 'refused' | 'not_needed';

/** What somebody is shown as the reason; the Dashboard has a sentence for each. */
export interface Evidence {
  readonly source: string | null;
  readonly key: string | null;
  readonly value: string | null;
  readonly keys: readonly string[] | null;
  readonly code: string | null;
  readonly click: string | null;
  readonly at: number | null;
  readonly participant: string | null;
}

export interface ChainStep {
  readonly step: Step;
  readonly finding: Finding;
  readonly reason: string;
  readonly evidence: Evidence;
}

export interface Candidate {
  readonly step: Step;
  readonly participant: string;
  readonly code: string;
  readonly clickedAt: number | null;
  readonly evidence: Evidence;
  readonly reason: string;
}

/** What a step came to: a candidate that holds, or what is to be told instead. */
type Outcome = Candidate | Omit<ChainStep, 'step'>;
const isCandidate = (outcome: Outcome): outcome is Candidate => 'participant' in outcome;

const NO_EVIDENCE: Evidence = {
  source: null,
  key: null,
  value: null,
  keys: null,
  code: null,
  click: null,
  at: null,
  participant: null,
};

interface Asking {
  readonly state: PaymentState;
  readonly contest: ContestReading;
  readonly reads: Reads;
}

/** The order is data: who referred it is what the highest step with a valid candidate says. */
const STEPS: readonly (readonly [Step, (asking: Asking) => Outcome])[] = [
  ['external_id', (asking) => owned(asking, 'external_id', asking.state.buyer.externalId, keys.externalId)],
  ['client_reference_id', (asking) => clue(asking, 'client_reference_id')],
  ['metadata', (asking) => clue(asking, 'metadata')],
  ['customer', (asking) => owned(asking, 'customer', asking.state.buyer.customer, keys.customer)],
  ['email', (asking) => owned(asking, 'email', asking.state.buyer.address, keys.address)],
];

export interface Chain {
  readonly decided: Candidate | null;
  readonly steps: readonly ChainStep[];
}

/** Every step is evaluated and its finding kept, so that "why" can be answered; the highest valid one decides. */
export function walkChain(asking: Asking): Chain {
  const outcomes = STEPS.map(([step, evaluate]) => ({ step, outcome: evaluate(asking) }));
  const candidates = outcomes.map(({ outcome }) => outcome).filter(isCandidate);
  const stays = asking.contest.settings.attribution.sticky
    ? candidates.find(({ reason }) => reason === 'referred_before')
    : undefined;
  const decided = stays ?? candidates[0] ?? null;
  return {
    decided,
    steps: outcomes.map(({ step, outcome }) => {
      if (!isCandidate(outcome)) return { step, ...outcome };
      if (outcome === decided) return { step, finding: 'found', reason: outcome.reason, evidence: outcome.evidence };
      return { step, finding: 'not_needed', reason: whyNotNeeded(outcome, decided), evidence: outcome.evidence };
    }),
  };
}

function whyNotNeeded(candidate: Candidate, decided: Candidate | null): string {
  if (candidate.participant === decided?.participant) return 'same_referrer';
  return decided?.reason === 'referred_before' ? 'referrer_stays' : 'stronger_step';
}

const absent = (reason: string, evidence: Partial<Evidence> = {}): Outcome => ({
  finding: 'absent',
  reason,
  evidence: { ...NO_EVIDENCE, ...evidence },
});

/** An earlier payment of this buyer was attributed in this contest, and that is told under the key that joins the two. */
function owned(
  { state, contest, reads }: Asking,
  step: Step,
  id: string | null,
  keyOf: (id: string) => string,
): Outcome {
  if (id === null) return absent(step === 'customer' ? 'guest' : step === 'email' ? 'no_address' : 'nothing_there');
  const head = reads.owner(ownerKey(contest, keyOf(id)));
  const participant = head === null ? null : participantById(reads, head.value);
  if (head === null || participant === null) return absent('no_match');
  const at = timeOfPosition(head.position);
  const evidence = {
    ...NO_EVIDENCE,
    source: 'customer',
    code: participant.code,
    at,
    participant: participant.participant,
  };
  const refusal = refusalOf({ state, contest, reads }, participant);
  if (refusal !== null) return { finding: 'refused', reason: refusal, evidence };
  return {
    step,
    participant: participant.participant,
    code: participant.code,
    clickedAt: null,
    evidence,
    reason: 'referred_before',
  };
}

/** Attribution is kept for each contest by itself. */
export const ownerKey = (contest: { readonly contest: string }, buyerKey: string): string =>
  `owner:${contest.contest}:${buyerKey}`;

const KNOWN_KEYS = [
  'blitzrocket_click',
  'blitzrocket_code',
  'referral_code',
  'ref',
  'rd_click_id',
  'refportClickId',
  'clickId',
].map(plainKey);

/** The clues of a step, in the order in which they were told: the first that holds is its candidate. */
function clue(asking: Asking, step: 'client_reference_id' | 'metadata'): Outcome {
  const { state, contest } = asking;
  const ofStep = state.clues.filter((one) => one.step === step);
  const wanted = new Set([...KNOWN_KEYS, ...contest.settings.attribution.keys.map(plainKey)]);
  const read = step === 'metadata' ? ofStep.filter(({ key }) => wanted.has(plainKey(key))) : ofStep;
  if (read.length === 0) {
    const others = [...new Set(ofStep.map(({ key }) => key))].slice(0, 20);
    return others.length === 0 ? absent('nothing_there') : absent('keys_without_match', { keys: others });
  }
  const outcomes = read.map((one) => token(asking, step, one));
  return (
    outcomes.find(isCandidate) ??
    outcomes.find((one) => !isCandidate(one) && one.finding === 'refused') ??
    (outcomes[0] as Outcome)
  );
}

interface Named {
  readonly source: string;
  readonly key: string;
  readonly value: string;
  readonly at: number;
}

/** A click, or a code, of this merchant; a shop's own cart id in the same place is no error. */
function token(asking: Asking, step: Step, { source, key, value, at }: Named): Outcome {
  const { contest, reads } = asking;
  const seen = { source, key, value };
  const click = clickOf(reads, value);
  const code = click?.reading.code ?? value.replace(/^br_/, '');
  const participant = participantByCode(reads, code, contest.contest);
  if (click !== null && click.reading.contest !== contest.contest) return absent('no_match', seen);
  if (participant === null) return absent('no_match', { ...seen, click: click?.reading.click ?? null });
  const evidence: Evidence = {
    ...NO_EVIDENCE,
    ...seen,
    code: participant.code,
    click: click?.reading.click ?? null,
    at: click?.at ?? at,
    participant: participant.participant,
  };
  const refusal = refusalOf(asking, participant) ?? (click === null ? null : refusedClick(asking, click.at));
  if (refusal !== null) return { finding: 'refused', reason: refusal, evidence };
  return {
    step,
    participant: participant.participant,
    code: participant.code,
    clickedAt: click?.at ?? null,
    evidence,
    reason: click === null ? 'code' : 'click',
  };
}

type ClickFact = KeyFact & { readonly reading: ClickReading };

function clickOf(reads: Reads, value: string): ClickFact | null {
  const id = value.replace(/^refp_id_/, '');
  return reads.facts(keys.click(id)).find((fact): fact is ClickFact => fact.reading.about === 'click') ?? null;
}

const participantsIn = (facts: readonly KeyFact[]): ParticipantReading[] =>
  facts
    .map(({ reading }) => reading)
    .filter((reading): reading is ParticipantReading => reading.about === 'participant');

const participantByCode = (reads: Reads, code: string, contest: string): ParticipantReading | null =>
  participantsIn(reads.facts(keys.code(code))).find((one) => one.contest === contest) ?? null;

export const participantById = (reads: Reads, id: string): ParticipantReading | null =>
  participantsIn(reads.facts(keys.participant(id)))[0] ?? null;

/** The buyer's own participation in a contest, by address. */
export const participantOfBuyer = (reads: Reads, contest: string, address: string): ParticipantReading | null =>
  participantsIn(reads.facts(keys.address(address))).find((one) => one.contest === contest) ?? null;

const AFTER_TOLERANCE_MS = 3_600_000;

function refusedClick({ state, contest }: Asking, clickedAt: number): string | null {
  const { windowDays } = contest.settings.attribution;
  if (clickedAt > state.committedAt + AFTER_TOLERANCE_MS) return 'after_the_payment';
  return windowDays !== null && state.committedAt - clickedAt > windowDays * DAY_MS ? 'outside_window' : null;
}

/** What holds for every candidate, whichever step named it. */
function refusalOf({ state, contest }: Asking, participant: ParticipantReading): string | null {
  const notRunning = whyNotRunning(contest, state.occurredAt);
  if (notRunning !== null) return notRunning;
  return contest.settings.attribution.selfReferral === 'refuse' && isBuyer(state, participant) ? 'self_referral' : null;
}

function isBuyer({ buyer }: PaymentState, participant: ParticipantReading): boolean {
  const own = [participant.address, participant.customer, participant.externalId];
  const theirs = [buyer.address, buyer.customer, buyer.externalId];
  return own.some((id, index) => id !== null && id === theirs[index]);
}
