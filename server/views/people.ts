import type { Participant as ShownParticipant, Person as ShownPerson } from '#shared/contract/app.ts';
import { keys } from '#server/attribution/reads.ts';
import type { PaymentState } from '#server/attribution/state.ts';
import { isForeign } from '#server/facts/foreign.ts';
import { personOf } from '#server/facts/person.ts';
import { bodiesUnder } from '#server/store/facts.ts';
import { type Participant, participantById } from '#server/store/participants.ts';
import type { Scope } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';

/** "a•••@example.com": enough for whoever knows the person, and for nobody else. */
export function maskedEmail(email: string | null): string | null {
  const at = email?.lastIndexOf('@') ?? -1;
  return email === null || at < 1 ? null : `${String.fromCodePoint(email.codePointAt(0) ?? 0)}•••${email.slice(at)}`;
}

export const shownParticipant = (participant: Participant): ShownParticipant => ({
  id: participant.id,
  name: participant.name,
  maskedEmail: maskedEmail(participant.email),
  stripeCustomer: participant.stripeCustomer,
  code: participant.code,
});

/** What one word says of somebody. */
export const calledBy = ({ name, maskedEmail: masked, code }: ShownParticipant): string => name ?? masked ?? code;

/** Everybody who is named in what a payment is shown with. */
export async function participantsOf(
  store: Store,
  scope: Scope,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, ShownParticipant>> {
  const found = await Promise.all([...new Set(ids)].map((id) => participantById(scope, store.keyring, id)));
  return new Map(found.flatMap((one) => (one === null ? [] : [[one.id, shownParticipant(one)] as const])));
}

/** Readings name nobody: who paid stands in the sealed bodies. */
export async function buyerOf(store: Store, scope: Scope, state: PaymentState): Promise<ShownPerson> {
  const told = await bodiesUnder(scope, store.keyring, state.aliases.map(keys.alias));
  const people = told.flatMap(({ source, body }) => {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isForeign(value) ? [personOf(source, value)] : [];
  });
  return {
    name: people.find(({ name }) => name !== null)?.name ?? null,
    maskedEmail: maskedEmail(people.find(({ email }) => email !== null)?.email ?? null),
    stripeCustomer: state.buyer.customer,
  };
}
