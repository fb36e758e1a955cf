import { positionAt } from '#server/attribution/position.ts';
import { keys } from '#server/attribution/reads.ts';
import {
  addAliases,
  addPayment,
  markPayment,
  markReaders,
  mergePayments,
  paymentsOf,
  tell,
} from '#server/store/payments.ts';
import type { Waiting } from '#server/store/queue.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import type { ClickReading, ContestReading, ParticipantReading } from '#shared/reading.ts';
import { parseReading } from '#shared/stored-reading.ts';
import { withdraw } from './derive.ts';

/**
 * Takes a fact in: joins it to its payment, or tells it under the keys that it speaks of, and marks whoever has to be
 * derived again. Nothing is decided here.
 */
export async function apply(store: Store, scope: Scope, fact: Waiting): Promise<void> {
  if (fact.reading === null) throw new Error(`${fact.externalId} has no reading`);
  const reading = parseReading(fact.reading);
  switch (reading.about) {
    case 'payment':
    case 'return':
      return join(store, scope, fact, reading.aliases);
    case 'click':
    case 'participant':
    case 'contest':
      return publish(scope, fact, reading);
    case 'other':
      return;
  }
}

async function join(store: Store, scope: Scope, fact: Waiting, aliases: readonly string[]): Promise<void> {
  const [first] = aliases;
  if (first === undefined) return;
  await tell(scope, [keys.alias(first)], timeOf(fact), fact.seq);
  const [survivor, ...absorbed] = await paymentsOf(scope, aliases);
  const payment = survivor ?? store.nextSequence();
  if (survivor === undefined) await addPayment(scope, payment);
  for (const other of absorbed) {
    await withdraw(scope, other);
    await mergePayments(scope, payment, other);
    await markPayment(scope, other);
  }
  await addAliases(scope, payment, aliases);
  await markPayment(scope, payment);
}

type Speaking = ClickReading | ParticipantReading | ContestReading;

async function publish(scope: Scope, fact: Waiting, reading: Speaking): Promise<void> {
  const { under, from } = spokenOf(reading, timeOf(fact));
  await tell(scope, under, timeOf(fact), fact.seq);
  for (const key of under) await markReaders(scope, key, from);
}

/** Under which keys a fact is heard, and from which position on it may change a decision. */
function spokenOf(reading: Speaking, at: number): { under: string[]; from: string } {
  const always = positionAt(0);
  switch (reading.about) {
    case 'click':
      return { under: [keys.click(reading.click)], from: always };
    case 'participant':
      return {
        under: [keys.code(reading.code), keys.participant(reading.participant), keys.address(reading.address)],
        from: always,
      };
    case 'contest':
      return { under: [keys.contests], from: reading.version === 1 ? always : positionAt(at) };
  }
}

/** What says no time of its own comes first: it must not depend on when it arrived. */
const timeOf = (fact: Waiting): number => fact.occurredAt ?? 0;
