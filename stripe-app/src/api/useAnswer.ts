import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import { useEffect, useRef, useState } from 'react';
import type { Verb } from '../contract/app.gen';
import { ask, askerOf, LIMITS, type Outcome } from './client';

const SLOW_AFTER_MS = 8_000;
const ASK_AGAIN_OFFLINE_MS = 10_000;

export type Asking<V extends Verb> = {
  /** Null until the first answer. */
  outcome: Outcome<V> | null;
  /** A question is under way; an answer that is there stays on screen meanwhile. */
  asking: boolean;
  slow: boolean;
  again: () => void;
};

/** What the backend says of the object on this page. */
export function useAnswer<V extends Verb>(verb: V, context: ExtensionContextValue): Asking<V> {
  const { userContext, environment } = context;
  const object = environment.objectContext?.id ?? '';
  const page = [verb, object, userContext.account.id, environment.mode].join(' ');

  // Kept with its page: an answer is never shown on another one.
  const [kept, setKept] = useState<{ page: string; outcome: Outcome<V> } | null>(null);
  const [asking, setAsking] = useState(true);
  const [slow, setSlow] = useState(false);
  const [round, setRound] = useState(0);
  const latest = useRef(context);
  latest.current = context;

  useEffect(() => {
    const leaving = new AbortController();
    setAsking(true);
    setSlow(false);
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    void ask(verb, object, askerOf(latest.current), { ...LIMITS, left: leaving.signal }).then((outcome) => {
      if (leaving.signal.aborted) return;
      clearTimeout(timer);
      setKept({ page, outcome });
      setAsking(false);
    });
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [verb, object, page, round]);

  const outcome = kept?.page === page ? kept.outcome : null;

  const offline = outcome?.kind === 'offline' && !asking;
  useEffect(() => {
    if (!offline) return undefined;
    const timer = setTimeout(() => setRound((last) => last + 1), ASK_AGAIN_OFFLINE_MS);
    return () => clearTimeout(timer);
  }, [offline]);

  const again = () => {
    // A failure gives way to the spinner, so that the press is seen to do something.
    setKept((last) => (last?.outcome.kind === 'answer' ? last : null));
    setRound((last) => last + 1);
  };
  return { outcome, asking, slow, again };
}
