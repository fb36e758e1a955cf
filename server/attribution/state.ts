import type { PaymentKind } from '#shared/contract/rules.ts';
import type { Clue, PaymentReading, ReturnReading, Teller } from '#shared/reading.ts';
import type { PaymentFact } from '#shared/told.ts';
import { compareAliases, compareText, positionOf } from './position.ts';

export interface Returned {
  readonly refund: string;
  readonly fact: string;
  readonly at: number;
  readonly amount: bigint;
}

/** What the facts of one payment say together. */
export interface PaymentState {
  readonly aliases: readonly string[];
  readonly position: string;
  readonly occurredAt: number;
  readonly committedAt: number;
  readonly contest: string | null;
  readonly status: 'paid' | 'zero' | 'unpaid' | 'failed';
  readonly waitingFor: 'payment' | 'invoice_link' | null;
  readonly amount: bigint;
  readonly currency: string;
  /** The document's total and what of it never earns, in the document's own currency. */
  readonly document: { readonly total: bigint; readonly tax: bigint; readonly shipping: bigint; readonly tips: bigint };
  readonly returned: readonly Returned[];
  /** What it is unless it is the buyer's first. */
  readonly kind: Exclude<PaymentKind, 'first'>;
  readonly buyer: {
    readonly customer: string | null;
    readonly externalId: string | null;
    readonly address: string | null;
  };
  readonly clues: readonly (Clue & { readonly at: number })[];
  readonly facts: readonly PaymentFact[];
}

/** Whose word on the amount counts, strongest first; and whose word on when the money moved. */
const AUTHORITY: readonly Teller[] = ['intent', 'charge', 'session', 'order'];
/** Which object describes what was bought: its total, tax and shipping. */
const DOCUMENT: readonly Teller[] = ['session', 'order', 'intent', 'charge'];

type Told = PaymentFact & { readonly reading: PaymentReading };
type ToldReturn = PaymentFact & { readonly reading: ReturnReading };

/** Null when nothing tells of money yet: a refund that came before its payment. */
export function stateOf(aliases: readonly string[], facts: readonly PaymentFact[]): PaymentState | null {
  const ordered = facts.toSorted((one, other) => one.at - other.at || compareText(one.id, other.id));
  const told = ordered.filter((fact): fact is Told => fact.reading.about === 'payment');
  if (told.length === 0) return null;
  const moved = told.filter(({ reading }) => reading.state === 'paid' && !isUndone(reading, told));
  const teller = strongest(AUTHORITY, moved.length > 0 ? moved : told);
  const document = strongest(DOCUMENT, told);
  const names = [...new Set(aliases)].toSorted(compareAliases);
  const occurredAt = moved.length > 0 ? movedAt(moved) : (told[0] as Told).at;
  const isSubscription = told.some(({ reading }) => reading.isSubscription);
  const first = <Value>(pick: (reading: PaymentReading) => Value | null): Value | null =>
    told.map(({ reading }) => pick(reading)).find((value) => value !== null) ?? null;
  const status = statusOf(told, moved);
  const { amount, currency } = teller.reading;
  return {
    aliases: names,
    position: positionOf(occurredAt, isSubscription, names[0] ?? ''),
    occurredAt,
    committedAt: first(({ committedAt }) => committedAt) ?? occurredAt,
    contest: first(({ contest }) => contest),
    status,
    waitingFor: waitingFor(status, told),
    amount: status === 'paid' ? BigInt(amount) : 0n,
    currency,
    document: {
      total: BigInt(document.reading.total),
      tax: BigInt(document.reading.tax),
      shipping: BigInt(document.reading.shipping),
      tips: BigInt(told.reduce((most, { reading }) => Math.max(most, reading.tips), 0)),
    },
    returned: returnsOf(ordered, BigInt(amount), currency),
    kind: isSubscription ? 'subscription' : 'one_off',
    buyer: {
      customer: first(({ customer }) => customer),
      externalId: first(({ externalId }) => externalId),
      address: first(({ address }) => address),
    },
    clues: told.flatMap(({ reading, at }) => reading.clues.map((clue) => ({ ...clue, at }))),
    facts: ordered,
  };
}

/** A charge that failed undoes what was heard of that charge, and of nothing else. */
const isUndone = (reading: PaymentReading, told: readonly Told[]): boolean =>
  reading.teller === 'charge' &&
  told.some(
    ({ reading: other }) =>
      other.teller === 'charge' && other.state === 'failed' && other.aliases[0] === reading.aliases[0],
  );

function statusOf(told: readonly Told[], moved: readonly Told[]): PaymentState['status'] {
  if (moved.length > 0) return 'paid';
  if (told.some(({ reading }) => reading.state === 'zero')) return 'zero';
  return told.some(({ reading }) => reading.state === 'failed') ? 'failed' : 'unpaid';
}

function waitingFor(status: PaymentState['status'], told: readonly Told[]): PaymentState['waitingFor'] {
  if (status === 'unpaid') return 'payment';
  // An invoice's intent or charge counts when its invoice, its session or its order is known, so that it counts once.
  const isLinked = told.some(
    ({ reading }) => reading.teller === 'session' || reading.teller === 'order' || !reading.needsInvoice,
  );
  return status === 'paid' && !isLinked ? 'invoice_link' : null;
}

function strongest(order: readonly Teller[], told: readonly Told[]): Told {
  for (const teller of order) {
    const found = told.find(({ reading }) => reading.teller === teller);
    if (found !== undefined) return found;
  }
  throw new Error('a payment is told by a teller that nobody ranks');
}

/** The earliest word of the strongest kind: an intent or a late success, then a charge, then a session, then an order. */
function movedAt(moved: readonly Told[]): number {
  const isLateSuccess = ({ type }: Told) => type === 'checkout.session.async_payment_succeeded';
  const groups = [
    moved.filter((fact) => fact.reading.teller === 'intent' || isLateSuccess(fact)),
    ...(['charge', 'session', 'order'] as const).map((teller) =>
      moved.filter(({ reading }) => reading.teller === teller),
    ),
  ];
  const group = groups.find(({ length }) => length > 0) ?? moved;
  return Math.min(...group.map(({ at }) => at));
}

/** Each refund once, by its id, in the order of time; together never more than was received. */
function returnsOf(ordered: readonly PaymentFact[], received: bigint, currency: string): Returned[] {
  let left = received;
  const seen = new Set<string>();
  return ordered
    .filter((fact): fact is ToldReturn => fact.reading.about === 'return')
    .flatMap(({ id, at, reading }) => {
      if (seen.has(reading.refund) || (reading.currency !== null && reading.currency !== currency)) return [];
      seen.add(reading.refund);
      const asked = reading.amount === null ? left : BigInt(reading.amount);
      const amount = asked < left ? asked : left;
      left -= amount;
      return [{ refund: reading.refund, fact: id, at, amount }];
    });
}
