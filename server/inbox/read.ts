import { readStripeEvent } from '#server/facts/from-stripe/event.ts';
import { isForeign } from '#server/facts/foreign.ts';
import { isUnreadable } from '#shared/reading.ts';
import { parseJson } from '#server/ops/json.ts';
import type { BodyReader } from '#server/store/facts.ts';
import { keepReading, markUnreadable, type Waiting } from '#server/store/queue.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { storedReading } from './envelope.ts';

/** Reads a fact from its body as it was received. Null: it is unreadable. */
export async function read(store: Store, scope: Scope, bodies: BodyReader, fact: Waiting): Promise<string | null> {
  const body = await bodies.bodyOf(scope, fact.seq);
  if (body === null) return unreadable(scope, fact, 'erased');
  const parsed = parseJson(body);
  if (!parsed.ok || !isForeign(parsed.value))
    throw new Error(`${fact.externalId} was kept, and now its body can't be parsed`);
  const understood = readStripeEvent(parsed.value);
  if (isUnreadable(understood)) return unreadable(scope, fact, understood.unreadable);
  const reading = storedReading(understood, store.matchKey);
  await keepReading(scope, fact.seq, reading);
  return reading;
}

async function unreadable(scope: Scope, fact: Waiting, reason: string): Promise<null> {
  await markUnreadable(scope, fact.seq, reason);
  return null;
}
