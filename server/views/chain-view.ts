import {
  type ChainStep as ShownStep,
  type Evidence as ShownEvidence,
  StepName,
  StepReason,
} from '#shared/contract/app.ts';
import { writeTime } from '#shared/contract/conventions.ts';
import type { ChainStep } from '#server/attribution/chain.ts';

const NOTHING: ShownEvidence = {
  source: null,
  key: null,
  value: null,
  keys: null,
  code: null,
  click: null,
  at: null,
  participant: null,
  contest: null,
};

/** A place that may hold something which nothing reads yet: to call it empty would be untrue. */
const NOT_READ: ReadonlySet<StepName> = new Set(['promotion_code']);

/** The places in their order, with what was found in each. */
export function shownChain(chain: readonly ChainStep[], nameOf: (participant: string) => string): ShownStep[] {
  const isDecided = chain.some(({ finding }) => finding === 'found');
  const nearest = isDecided ? undefined : chain.find(({ finding }) => finding === 'refused');
  return StepName.options.flatMap((name): ShownStep[] => {
    const step = chain.find((one) => one.step === name);
    if (step === undefined) {
      if (NOT_READ.has(name)) return [];
      return [{ step: name, finding: 'absent', reason: 'nothing_there', evidence: NOTHING, nearestMiss: false }];
    }
    return [
      {
        step: name,
        finding: step.finding,
        reason: reasonOf(step),
        evidence: shownEvidence(step, nameOf),
        nearestMiss: step === nearest,
      },
    ];
  });
}

/** Where a step looks for an earlier payment, it says that there is none; a value is held by the others only. */
const OF_EARLIER_PAYMENTS: ReadonlySet<string> = new Set(['customer', 'email']);

function reasonOf({ step, reason }: ChainStep): StepReason {
  // It is the contest that was paused; the extension's word `paused` is about a referrer.
  if (reason === 'paused') return 'not_running';
  return reason === 'no_match' && OF_EARLIER_PAYMENTS.has(step) ? 'nothing_there' : StepReason.parse(reason);
}

function shownEvidence({ evidence }: ChainStep, nameOf: (participant: string) => string): ShownEvidence {
  const { source, key, value, keys, code, click, at, participant } = evidence;
  return {
    source: source as ShownEvidence['source'],
    key,
    value,
    keys: keys === null ? null : [...keys],
    code,
    click,
    at: at === null ? null : writeTime(at),
    participant: participant === null ? null : nameOf(participant),
    contest: null,
  };
}
