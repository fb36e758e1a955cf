import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import { type ReactElement, useMemo } from 'react';
import type { Outcome } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import type { Verb } from '../contract/app.gen';
import { FormatProvider, formatFor } from './format';
import { type Blank, BlankView } from './States';

type AnswerOf<V extends Verb> = Extract<Outcome<V>, { kind: 'answer' }>['data'];
type Shown<V extends Verb> = Exclude<AnswerOf<V>, { state: 'not_connected' | 'unknown' }>;

type Props<V extends Verb> = {
  about: V;
  context: ExtensionContextValue;
  children: (data: Shown<V>, asking: boolean, again: () => void) => ReactElement;
};

function blankFor(outcome: Outcome<Verb> | null, slow: boolean): Blank | null {
  if (outcome === null) return { state: 'loading', slow };
  if (outcome.kind === 'error') return { state: 'error', requestId: outcome.requestId };
  if (outcome.kind !== 'answer') return { state: outcome.kind };
  const { data } = outcome;
  if (data.state === 'unknown') return { state: 'unknown' };
  if (data.state === 'not_connected') return { state: data.missing === 'contest' ? 'empty' : 'notConnected' };
  return null;
}

/** Asks about the object on this page and draws the answer, or why there is none. */
export function Answered<V extends Verb>({ about, context, children }: Props<V>) {
  const { locale, roles } = context.userContext;
  const { outcome, asking, slow, again } = useAnswer(about, context);
  const format = useMemo(() => formatFor(locale), [locale]);
  const blank = blankFor(outcome, slow);
  return (
    <FormatProvider value={format}>
      {blank || outcome?.kind !== 'answer' ? (
        <BlankView blank={blank ?? { state: 'loading', slow }} about={about} roles={roles} retry={again} />
      ) : (
        children(outcome.data as Shown<V>, asking, again)
      )}
    </FormatProvider>
  );
}
