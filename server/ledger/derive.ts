import { buyerKeys } from '#server/attribution/reads.ts';
import { ownerKey } from '#server/attribution/chain.ts';
import type { PaymentState } from '#server/attribution/state.ts';
import { appendRevisions, balancesOf, entriesOfPayment } from '#server/store/entries.ts';
import {
  headOf,
  markReaders,
  paymentById,
  type PaymentId,
  placePayment,
  publicPaymentId,
  type ReaderRow,
  readersOf,
  replaceReaders,
} from '#server/store/payments.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Head } from '#shared/told.ts';
import { type Decision, decide, stateOfPayment } from './decide.ts';
import { difference } from './difference.ts';

export interface Deriving {
  readonly now: () => number;
  readonly nextNumber: () => bigint;
  /** Makes a participant of the buyer, where a rule gives them something and the contest enrols by itself. */
  readonly enrolBuyer: (scope: Scope, contest: string, state: PaymentState) => Promise<void>;
}

/** Decides a payment anew from its facts and from what stands before it, and appends the difference to the ledger. */
export async function derive(deriving: Deriving, scope: Scope, id: PaymentId): Promise<void> {
  const payment = await paymentById(scope, id);
  if (payment === null) return;
  const state = payment.mergedInto === null ? await stateOfPayment(scope, id) : null;
  // Withdrawn before it reads: a payment that has moved would else read what it said itself from its old place.
  if (payment.position !== null && payment.position !== state?.position) await withdraw(scope, id);
  const decision = state === null ? null : await decide(scope, state);
  if (decision !== null) {
    await publishReads(scope, id, decision);
    await placePayment(scope, id, {
      position: decision.state.position,
      customer: decision.state.buyer.customer,
      participant: decision.who.decided?.participant ?? null,
    });
    await enrolWhereEarned(deriving, scope, decision);
  }
  await writeDifference(deriving, scope, id, decision, payment.mergedInto === null ? 'decided_again' : 'moved');
}

/** Takes back what a payment told others: it has moved, or it is part of another one now. */
export async function withdraw(scope: Scope, id: PaymentId): Promise<void> {
  const before = await readersOf(scope, id);
  await changingHeads(scope, before, null, () => replaceReaders(scope, id, null, []));
  await placePayment(scope, id, { position: null, customer: null, participant: null });
}

async function publishReads(scope: Scope, id: PaymentId, decision: Decision): Promise<void> {
  const { position } = decision.state;
  const before = await readersOf(scope, id);
  const after = readerRows(decision);
  if (sameRows(before, after)) return;
  await changingHeads(scope, [...before, ...after], position, () => replaceReaders(scope, id, position, after));
}

/** Every key that was consulted, and under the buyer's own keys what later payments build on. */
function readerRows({ state, who, consulted }: Decision): ReaderRow[] {
  const buyer = buyerKeys(state.buyer);
  const owned = new Set(
    who.contest === null ? [] : buyer.map((key) => ownerKey(who.contest as { contest: string }, key)),
  );
  const participant = who.decided?.participant ?? null;
  return [...new Set([...consulted, ...buyer, ...owned])].toSorted().map((key) => ({
    key,
    root: who.isStanding && buyer.includes(key) ? who.root : null,
    participant: owned.has(key) ? participant : null,
  }));
}

const sameRows = (before: readonly ReaderRow[], after: readonly ReaderRow[]): boolean =>
  JSON.stringify(before.map(({ key, root, participant }) => [key, root, participant])) ===
  JSON.stringify(after.map(({ key, root, participant }) => [key, root, participant]));

/** When the earliest word under a key changes, whoever stands behind it has to look again. */
async function changingHeads(
  scope: Scope,
  rows: readonly ReaderRow[],
  own: string | null,
  change: () => Promise<void>,
): Promise<void> {
  const watched = new Map<string, { readonly key: string; readonly what: 'root' | 'participant' }>();
  for (const { key, root, participant } of rows) {
    if (root !== null) watched.set(`root ${key}`, { key, what: 'root' });
    if (participant !== null) watched.set(`participant ${key}`, { key, what: 'participant' });
  }
  const heads = async () => {
    const found: (Head | null)[] = [];
    // One after the other: a transaction is one conversation with the database.
    for (const { key, what } of watched.values()) found.push(await headOf(scope, key, what, null));
    return found;
  };
  const before = await heads();
  await change();
  const after = await heads();
  for (const [index, { key }] of [...watched.values()].entries()) {
    const [was, is] = [before[index] ?? null, after[index] ?? null];
    if (was?.position === is?.position && was?.value === is?.value) continue;
    const from = [was, is]
      .filter((head): head is Head => head !== null)
      .map(({ position }) => position)
      .toSorted()[0];
    // Not itself: it has just been decided. A blank stands right behind its position and before every other one.
    if (from !== undefined) await markReaders(scope, key, from === own ? `${from} ` : from);
  }
}

async function enrolWhereEarned(deriving: Deriving, scope: Scope, { state, who, outcomes }: Decision): Promise<void> {
  const { contest } = who;
  if (contest === null || !contest.settings.autoEnrol || state.buyer.address === null || who.buyer !== null) return;
  const isOwnDoor = state.contest !== null;
  if (isOwnDoor || outcomes.some(({ reason }) => reason === 'buyer_not_enrolled')) {
    await deriving.enrolBuyer(scope, contest.contest, state);
  }
}

async function writeDifference(
  { now, nextNumber }: Deriving,
  scope: Scope,
  id: PaymentId,
  decision: Decision | null,
  withdrawn: string,
): Promise<void> {
  const standing = await entriesOfPayment(scope, id);
  const lines = decision?.outcomes.flatMap(({ lines: theirs }) => theirs) ?? [];
  const revisions = difference(publicPaymentId(id), lines, balancesOf(standing));
  if (revisions.length === 0) return;
  await appendRevisions(scope, revisions, standing, {
    payment: id,
    contest: decision?.who.contest?.contest ?? null,
    recordedAt: now(),
    nextNumber,
    withdrawn,
  });
}
