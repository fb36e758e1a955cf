import { Link } from '@stripe/ui-extension-sdk/ui';
import { useState } from 'react';
import type { ChainStep } from '../contract/app.gen';
import { type Mark, Quiet, Stack, Step } from './layout';
import { placesWithNothing, sentenceFor, stepTitle, type Telling } from './sentences';

const MARK_OF: Record<ChainStep['finding'], Mark> = {
  found: 'won',
  refused: 'refused',
  not_needed: 'lost',
  absent: 'nothing',
};
const WORDED = { found: 'won', refused: 'refused', not_needed: 'lost', absent: undefined } as const;

/** In order of interest: what decided, what was refused (the nearest miss first), what lost, what held something else. */
function interest(step: ChainStep): number {
  if (step.finding === 'found') return 0;
  if (step.finding === 'refused') return step.nearestMiss ? 1 : 2;
  if (step.finding === 'not_needed') return 3;
  return sawSomething(step) ? 4 : 5;
}

const sawSomething = ({ evidence }: ChainStep) => evidence.value !== null || (evidence.keys?.length ?? 0) > 0;

const Told = ({ step, telling }: { step: ChainStep; telling: Telling }) => (
  <Step mark={MARK_OF[step.finding]} title={stepTitle(step)} word={WORDED[step.finding]}>
    {sentenceFor(step, telling)}
  </Step>
);

/** The places where a referrer may be named, and what was found in each. `open`: all of them at once. */
export function Chain({ chain, telling, open }: { chain: ChainStep[]; telling: Telling; open: boolean }) {
  const [all, setAll] = useState(false);
  const told = [...chain].sort((a, b) => interest(a) - interest(b));
  const quiet = told.filter((step) => step.finding === 'absent' && !sawSomething(step));
  return (
    <Stack>
      {told
        .filter((step) => open || all || !quiet.includes(step))
        .map((step) => (
          <Told key={step.step} step={step} telling={telling} />
        ))}
      {!open && quiet.length > 0 && (
        <>
          {!all && (
            <Quiet>{`Nothing found in ${quiet.length} other ${quiet.length === 1 ? 'place' : 'places'}: ${placesWithNothing(quiet)}.`}</Quiet>
          )}
          {/* It stays when it was pressed: with it would go the focus. */}
          <Link onPress={() => setAll(!all)}>{all ? 'Show fewer steps' : `Show all ${chain.length} steps`}</Link>
        </>
      )}
    </Stack>
  );
}
