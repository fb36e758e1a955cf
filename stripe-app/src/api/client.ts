/**
 * The one way from a view to the backend: sign, send, parse, and name what went wrong.
 * A failure is a value; nothing here throws.
 */
import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import { fetchStripeSignature } from '@stripe/ui-extension-sdk/utils';
import * as z from 'zod';
import { SIGNATURE_HEADER, type Verb, verbs } from '../contract/app.gen';
import type { Failure } from '../contract/common.gen';

// zod would otherwise probe for `eval`, which the Dashboard's sandbox reports as a violation.
z.config({ jitless: true });

type AnswerOf<V extends Verb> = Extract<z.infer<(typeof verbs)[V]['answer']>, { success: true }>['data'];

export type Outcome<V extends Verb> =
  | { kind: 'answer'; data: AnswerOf<V> }
  | { kind: 'noPermission' }
  | { kind: 'offline' }
  | { kind: 'outdated' }
  | { kind: 'error'; requestId: string | null };

type Failed = Exclude<Outcome<Verb>, { kind: 'answer' }>;

/** What a request needs from the view's context. */
export type Asker = {
  apiBase: string;
  user: string;
  account: string;
  roles: NonNullable<ExtensionContextValue['userContext']['roles']>;
  livemode: boolean;
};

export type Limits = {
  timeoutMs: number;
  /** How long to wait before each further try. */
  pausesMs: readonly number[];
  /** Aborted when the page that asked is gone. */
  left?: AbortSignal;
};
export const LIMITS: Limits = { timeoutMs: 30_000, pausesMs: [400, 1600] };

export function askerOf({ userContext, environment }: ExtensionContextValue): Asker {
  const constants = z.object({ API_BASE: z.string() }).parse(environment.constants);
  return {
    apiBase: constants.API_BASE,
    user: userContext.id ?? '',
    account: userContext.account.id,
    roles: userContext.roles ?? [],
    livemode: environment.mode === 'live',
  };
}

/** The status says what kind of failure it is, the body only which request it was. */
function failureOf(status: number, failure: Failure | null): Failed {
  if (status === 403) return { kind: 'noPermission' };
  // A verb that is gone, or a request that no longer has the right shape: this extension is too old.
  if ([404, 405, 410, 415, 422].includes(status)) return { kind: 'outdated' };
  return { kind: 'error', requestId: failure?.requestId ?? null };
}

const worthRetrying = (status: number) => status === 429 || status >= 500;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type Attempt<V extends Verb> = { outcome: Outcome<V>; again: boolean };

/** One request. Stopped means that the service kept us waiting, or that nobody waits for it any more. */
async function attempt<V extends Verb>(verb: V, url: string, init: RequestInit, limits: Limits): Promise<Attempt<V>> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, limits.timeoutMs);
  limits.left?.addEventListener('abort', stop);
  try {
    const response = await fetch(url, { ...init, signal: abort.signal });
    const outcome = read(verb, response, await response.text());
    return { outcome, again: worthRetrying(response.status) };
  } catch {
    return abort.signal.aborted
      ? { outcome: { kind: 'error', requestId: null }, again: false }
      : { outcome: { kind: 'offline' }, again: true };
  } finally {
    clearTimeout(timer);
    limits.left?.removeEventListener('abort', stop);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read<V extends Verb>(verb: V, response: Response, text: string): Outcome<V> {
  const parsed = verbs[verb].answer.safeParse(parseJson(text));
  if (!parsed.success) return response.ok ? { kind: 'outdated' } : failureOf(response.status, null);
  if (!parsed.data.success) return failureOf(response.status, parsed.data.error);
  return { kind: 'answer', data: parsed.data.data as AnswerOf<V> };
}

/** Asks one verb about one object; a question that changes nothing is asked again after a failure that may pass. */
export async function ask<V extends Verb>(verb: V, object: string, asker: Asker, limits: Limits): Promise<Outcome<V>> {
  const signed = { action: verb, object, livemode: asker.livemode, stripe_roles: asker.roles };
  let signature: string;
  try {
    signature = await fetchStripeSignature(signed);
  } catch {
    return { kind: 'error', requestId: null };
  }
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: signature },
    // The body is the signed text itself: the same keys, in the same order.
    body: JSON.stringify({ ...signed, user_id: asker.user, account_id: asker.account }),
  };
  const url = asker.apiBase + verb;
  let result = await attempt(verb, url, init, limits);
  for (const ms of verbs[verb].writes ? [] : limits.pausesMs) {
    if (!result.again) break;
    await pause(ms);
    if (limits.left?.aborted) break;
    result = await attempt(verb, url, init, limits);
  }
  return result.outcome;
}
