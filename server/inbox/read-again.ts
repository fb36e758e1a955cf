import { readStripeEvent } from '#server/facts/from-stripe.ts';
import { isForeign } from '#server/facts/foreign.ts';
import { isUnreadable } from '#server/facts/reading.ts';
import { parseJson } from '#server/ops/json.ts';
import { bodyOf } from '#server/store/facts.ts';
import { keepReading, markUnreadable, type Waiting } from '#server/store/queue.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { writeReading } from './envelope.ts';

/** Reads a fact from its body as it was received, where reading it at the door did not succeed. */
export async function readAgain(store: Store, scope: Scope, fact: Waiting): Promise<void> {
  const body = await bodyOf(scope, store.keyring, fact.seq);
  if (body === null) return markUnreadable(scope, fact.seq, 'erased');
  const parsed = parseJson(body);
  if (!parsed.ok || !isForeign(parsed.value))
    throw new Error(`${fact.externalId} was kept, and now its body can't be parsed`);
  const read = readStripeEvent(parsed.value);
  if (isUnreadable(read)) return markUnreadable(scope, fact.seq, read.unreadable);
  return keepReading(scope, fact.seq, writeReading(read, store.matchKey));
}
