/**
 * What derivation needs of a fact: a few words, the same for every API version. An address stays readable only until the
 * inbox has put its keyed hash in its place; nothing else in a reading may name a person.
 */
export interface Reading {
  /** Stripe's word for the kind of object the event speaks of. */
  readonly object: string;
  readonly id: string | null;
  readonly customer: string | null;
  readonly address: string | null;
}

export interface Unreadable {
  readonly unreadable: string;
}

export const isUnreadable = (read: Reading | Unreadable): read is Unreadable => 'unreadable' in read;
