import type { PaymentState } from '#server/attribution/state.ts';
import { keys } from '#server/attribution/reads.ts';
import { isForeign } from '#server/facts/foreign.ts';
import { personOf } from '#server/facts/person.ts';
import { parseJson } from '#server/ops/json.ts';
import { bodiesUnder } from '#server/store/facts.ts';
import { merchantById } from '#server/store/merchants.ts';
import { enrol } from '#server/store/participants.ts';
import { deferPayment, spreadRange, takeMarked } from '#server/store/payments.ts';
import type { Waiting } from '#server/store/queue.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { apply } from './apply.ts';
import { derive, type Deriving } from './derive.ts';

/** What the inbox does with facts: takes them in, and derives whatever they touched, a bounded number at a time. */
export interface Derivation {
  apply(scope: Scope, fact: Waiting): Promise<void>;
  /** Says how much was done; nothing: there is nothing to derive. */
  deriveMarked(scope: Scope, limit: number): Promise<number>;
  /** Deriving the first that is marked has failed: it holds up nobody, and is tried again. */
  putOff(scope: Scope, dueAt: (tries: number) => number): Promise<void>;
}

export function createDerivation(store: Store, now: () => number): Derivation {
  const deriving: Deriving = {
    now,
    nextNumber: store.nextSequence,
    enrolBuyer: (scope, contest, state) => enrolBuyer(store, scope, contest, state),
  };
  return {
    apply: (scope, fact) => apply(store, scope, fact),
    deriveMarked: async (scope, limit) => {
      const marked = await takeMarked(scope, limit, now());
      for (const { payment } of marked) await derive(deriving, scope, payment);
      return marked.length > 0 ? marked.length : spreadRange(scope, limit);
    },
    putOff: async (scope, dueAt) => {
      for (const marked of await takeMarked(scope, 1, now())) await deferPayment(scope, marked, dueAt(marked.tries));
    },
  };
}

/** A reading names nobody: who it was stands in the sealed body of one of the payment's facts. */
async function enrolBuyer(store: Store, scope: Scope, contest: string, state: PaymentState): Promise<void> {
  const merchant = await merchantById(scope.queries, scope.merchant);
  if (merchant === null) throw new Error('a merchant whose payment is derived is not there');
  for (const { source, body } of await bodiesUnder(scope, store.keyring, state.aliases.map(keys.alias))) {
    const parsed = parseJson(body);
    const person = parsed.ok && isForeign(parsed.value) ? personOf(source, parsed.value) : null;
    if (person?.email == null || store.matchKey(person.email) !== state.buyer.address) continue;
    const { email, name } = person;
    await enrol(store, scope.queries, merchant, {
      contest,
      email,
      name: name ?? undefined,
      via: 'purchase',
      now: state.occurredAt,
    });
    return;
  }
}
