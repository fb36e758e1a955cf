import { type Attribution, attribute } from '#server/attribution/attribute.ts';
import { type Reads, keys } from '#server/attribution/reads.ts';
import { type PaymentState, stateOf } from '#server/attribution/state.ts';
import { type RuleOutcome, rate } from '#server/rewards/rate.ts';
import { aliasesOf, factsOfPayment, factsUnder, headOf, type PaymentId } from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Head, KeyFact } from '#shared/told.ts';

/** What a payment's facts come to today, and everything that was looked at for it. */
export interface Decision {
  readonly state: PaymentState;
  readonly who: Attribution;
  readonly outcomes: readonly RuleOutcome[];
  readonly consulted: readonly string[];
}

/** Null when nothing tells of money: a refund that came before its payment. */
export async function stateOfPayment(scope: Scope, payment: PaymentId): Promise<PaymentState | null> {
  const aliases = await aliasesOf(scope, payment);
  return stateOf(aliases, await factsOfPayment(scope, aliases.map(keys.alias)));
}

/** The same for deriving and for explaining, so that an explanation can't disagree with the ledger. */
export async function decide(scope: Scope, state: PaymentState): Promise<Decision> {
  const fetched = new FetchedReads();
  for (;;) {
    const who = attribute(state, fetched);
    const missing = fetched.takeMissing();
    if (missing.facts.length + missing.heads.length === 0) {
      return { state, who, outcomes: rate(state, who), consulted: fetched.consulted() };
    }
    for (const [key, facts] of await factsUnder(scope, missing.facts)) fetched.putFacts(key, facts);
    for (const { key, what } of missing.heads) fetched.putHead(key, await headOf(scope, key, what, state.position));
  }
}

type What = 'root' | 'participant';

/** Answers what has been fetched, and notes what has not: the decision is asked again when nothing is missing. */
class FetchedReads implements Reads {
  readonly #facts = new Map<string, readonly KeyFact[]>();
  readonly #heads = new Map<string, Head | null>();
  #missingFacts = new Set<string>();
  #missingHeads = new Map<string, { readonly key: string; readonly what: What }>();

  facts(key: string): readonly KeyFact[] {
    const found = this.#facts.get(key);
    if (found === undefined) this.#missingFacts.add(key);
    return found ?? [];
  }

  root(key: string): Head | null {
    return this.#head(key, 'root');
  }

  owner(key: string): Head | null {
    return this.#head(key, 'participant');
  }

  #head(key: string, what: What): Head | null {
    const found = this.#heads.get(key);
    if (found === undefined) this.#missingHeads.set(key, { key, what });
    return found ?? null;
  }

  takeMissing(): { facts: string[]; heads: { readonly key: string; readonly what: What }[] } {
    const missing = { facts: [...this.#missingFacts], heads: [...this.#missingHeads.values()] };
    this.#missingFacts = new Set();
    this.#missingHeads = new Map();
    return missing;
  }

  putFacts(key: string, facts: readonly KeyFact[]): void {
    this.#facts.set(key, facts);
  }

  putHead(key: string, head: Head | null): void {
    this.#heads.set(key, head);
  }

  /** Everything that was looked at, found or not. */
  consulted(): string[] {
    return [...new Set([...this.#facts.keys(), ...this.#heads.keys()])];
  }
}
