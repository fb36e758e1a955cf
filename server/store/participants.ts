import { createHash } from 'node:crypto';
import { failure, refused, type Result, success } from '#shared/failure.ts';
import { type Sequence, sequence } from '#shared/ids.ts';
import type { Queries } from './database.ts';
import type { Keyring } from './keyring.ts';
import type { Merchant } from './merchants.ts';
import { keepOwnFact } from './own-facts.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { Store } from './store.ts';

/** Who somebody is, outside the hash: sealed at rest. */
export interface Person {
  readonly email: string | null;
  readonly name: string | null;
}

export interface Participant extends Person {
  readonly id: string;
  readonly number: Sequence;
  readonly contest: string;
  readonly code: string;
  readonly address: string;
  readonly externalId: string | null;
  readonly stripeCustomer: string | null;
  readonly group: string | null;
  readonly joinedAt: number;
}

export interface NewParticipant {
  readonly contest: string;
  readonly email: string;
  readonly name?: string | undefined;
  readonly code?: string | undefined;
  readonly externalId?: string | undefined;
  readonly stripeCustomer?: string | undefined;
  readonly group?: string | undefined;
  readonly via: 'merchant' | 'purchase';
  readonly now: number;
}

/**
 * Enrols somebody, in the transaction that it is given, and tells it as a fact. A known address gives the participant who is
 * there. The id follows from contest and address: whoever enrols a person first, and however often, it is the same.
 */
export async function enrol(
  store: Store,
  queries: Queries,
  merchant: Merchant,
  joining: NewParticipant,
): Promise<Result<{ participant: Participant; isNew: boolean }>> {
  const scope = scopeOf(queries, merchant.id);
  const address = store.matchKey(joining.email);
  const known = await participantByAddress(scope, store.keyring, joining.contest, address);
  if (known !== null) return success({ participant: known, isNew: false });
  const id = participantIdOf(joining.contest, address);
  const code = joining.code ?? (await freeCode(scope, id));
  if (joining.code !== undefined && (await codeIsTaken(scope, joining.code))) {
    return refused(
      failure('code_taken', `The code ${joining.code} belongs to somebody else. Choose another, or leave it out.`),
    );
  }
  const person: Person = { email: joining.email.trim(), name: joining.name ?? null };
  const rows = await scope.insert({ table: 'participant', columns: COLUMNS, suffix: FREE }, [
    [
      joining.contest,
      id,
      store.nextSequence(),
      code,
      code.toLowerCase(),
      address,
      store.keyring.seal(Buffer.from(JSON.stringify(person)), contextOf(id)),
      joining.externalId ?? null,
      joining.stripeCustomer ?? null,
      joining.group ?? null,
      BigInt(joining.now),
    ],
  ]);
  // Somebody else was first with the address or the code, just now: look again.
  if (rows.length === 0) return enrol(store, queries, merchant, joining);
  await keepOwnFact(store, queries, merchant, {
    source: 'merchant',
    type: 'participant.joined',
    externalId: id,
    version: '1',
    occurredAt: joining.now,
    receivedAt: joining.now,
    body: { ...person, code },
    reading: {
      about: 'participant',
      contest: joining.contest,
      participant: id,
      code,
      address,
      customer: joining.stripeCustomer ?? null,
      externalId: joining.externalId ?? null,
      group: joining.group ?? null,
      via: joining.via,
    },
  });
  const participant = await participantById(scope, store.keyring, id);
  if (participant === null) throw new Error('a participant who was just enrolled is not there');
  return success({ participant, isNew: true });
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const participantIdOf = (contest: string, address: string): string =>
  `part_${hashOf(`${contest}\n${address}`).slice(0, 24)}`;

/** The purchase webhook's word for somebody's participation; stable for ever, because it follows from the participant's id. */
export const entryIdOf = (participant: string): string => `entry_${hashOf(participant).slice(0, 24)}`;

/** Without letters and digits that are taken for one another when read out. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

async function freeCode(scope: Scope, id: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const bytes = createHash('sha256').update(`${id}/${attempt}`).digest().subarray(0, 8);
    const code = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
    if (!(await codeIsTaken(scope, code))) return code;
  }
}

async function codeIsTaken(scope: Scope, code: string): Promise<boolean> {
  const rows = await scope.query('select id from participant where merchant = $1 and code_key = $2', [
    code.toLowerCase(),
  ]);
  return rows.length > 0;
}

const COLUMNS = [
  'contest',
  'id',
  'number',
  'code',
  'code_key',
  'address',
  'sealed',
  'external_id',
  'stripe_customer',
  'member_group',
  'joined_at',
] as const;
const FREE = 'on conflict do nothing returning id';
const SELECT = `select ${COLUMNS.join(', ')} from participant where merchant = $1`;

interface Row {
  readonly contest: string;
  readonly id: string;
  readonly number: bigint;
  readonly code: string;
  readonly address: string;
  readonly sealed: Uint8Array;
  readonly external_id: string | null;
  readonly stripe_customer: string | null;
  readonly member_group: string | null;
  readonly joined_at: bigint;
}

export async function participantById(scope: Scope, keyring: Keyring, id: string): Promise<Participant | null> {
  const [row] = await scope.query<Row>(`${SELECT} and id = $2`, [id]);
  return row === undefined ? null : participantOf(keyring, row);
}

export async function participantByAddress(
  scope: Scope,
  keyring: Keyring,
  contest: string,
  address: string,
): Promise<Participant | null> {
  const [row] = await scope.query<Row>(`${SELECT} and contest = $2 and address = $3`, [contest, address]);
  return row === undefined ? null : participantOf(keyring, row);
}

/** In the order in which they joined, after the given number. */
export async function listParticipants(
  scope: Scope,
  keyring: Keyring,
  page: { contest: string; after: Sequence | null; address: string | null; code: string | null; limit: number },
): Promise<Participant[]> {
  const rows = await scope.query<Row>(
    `${SELECT} and contest = $2 and number > $3 and ($4 = '' or address = $4) and ($5 = '' or code_key = $5)
     order by number limit $6`,
    [page.contest, page.after ?? 0n, page.address ?? '', page.code?.toLowerCase() ?? '', BigInt(page.limit)],
  );
  return rows.map((row) => participantOf(keyring, row));
}

const contextOf = (id: string): string => `participant/${id}`;

function participantOf(keyring: Keyring, row: Row): Participant {
  const person = JSON.parse(keyring.open(row.sealed, contextOf(row.id)).toString()) as Person;
  return {
    ...person,
    id: row.id,
    number: sequence(row.number),
    contest: row.contest,
    code: row.code,
    address: row.address,
    externalId: row.external_id,
    stripeCustomer: row.stripe_customer,
    group: row.member_group,
    joinedAt: Number(row.joined_at),
  };
}
