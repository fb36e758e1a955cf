import type { Settings } from './contract/contests.ts';
import type { Rule } from './contract/rules.ts';

/**
 * What derivation needs of a fact: a few words, the same for every API version. An address stays readable only until the
 * inbox has put its keyed hash in its place; nothing else in a reading may name a person.
 */
export type Reading =
  | PaymentReading
  | ReturnReading
  | ClickReading
  | ParticipantReading
  | ContestReading
  | OtherReading;

/** Understood, and nothing that derivation uses. */
export interface OtherReading {
  readonly about: 'other';
  /** Stripe's word for the kind of object the event speaks of. */
  readonly object: string;
  readonly id: string | null;
  readonly customer: string | null;
  readonly address: string | null;
}

/** Which object tells of the payment. It decides whose word on the amount counts. */
export type Teller = 'session' | 'intent' | 'charge' | 'order';

/** Where somebody may have put a click or a code, and what stood there. */
export interface Clue {
  readonly step: 'client_reference_id' | 'metadata';
  readonly source: 'session' | 'payment_intent' | 'charge' | 'order';
  readonly key: string;
  readonly value: string;
}

export interface PaymentReading {
  readonly about: 'payment';
  readonly teller: Teller;
  /** Everything that names this payment; two or more names join what was told under each. */
  readonly aliases: readonly string[];
  /** The contest whose own door told it; null: open to all contests of the merchant. */
  readonly contest: string | null;
  /** Whether this fact says that money moved. */
  readonly state: 'paid' | 'zero' | 'unpaid' | 'failed';
  /** Money that moved, or is to move. */
  readonly amount: number;
  readonly currency: string;
  /** The document's total, in its own currency, and what of it never earns. */
  readonly total: number;
  readonly tax: number;
  readonly shipping: number;
  readonly tips: number;
  readonly isSubscription: boolean;
  /** An invoice's payment that does not say which invoice: it waits for the link. */
  readonly needsInvoice: boolean;
  /** When the buyer committed to it, where the object says so. */
  readonly committedAt: number | null;
  readonly customer: string | null;
  readonly externalId: string | null;
  readonly address: string | null;
  /** All that could be a click or a code: which keys count is the contest's to say. */
  readonly clues: readonly Clue[];
}

/** Money that went back. `amount` null: all that was left. */
export interface ReturnReading {
  readonly about: 'return';
  readonly aliases: readonly string[];
  readonly refund: string;
  readonly contest: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
}

export interface ClickReading {
  readonly about: 'click';
  readonly contest: string;
  readonly click: string;
  readonly code: string;
}

export interface ParticipantReading {
  readonly about: 'participant';
  readonly contest: string;
  readonly participant: string;
  readonly code: string;
  readonly address: string;
  readonly customer: string | null;
  readonly externalId: string | null;
  readonly group: string | null;
  /** Added by the merchant, or in the course of a purchase: matched against earlier payments too. */
  readonly via: 'merchant' | 'purchase';
}

/** A contest as it stands from this fact's time on; its first version from its start, or from always. */
export interface ContestReading {
  readonly about: 'contest';
  readonly contest: string;
  readonly name: string;
  /** Ties between contests: who was created last. */
  readonly number: number;
  readonly createdAt: number;
  readonly version: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly status: 'draft' | 'paused' | 'archived' | null;
  readonly settings: Settings;
  readonly rules: readonly Rule[];
}

export interface Unreadable {
  readonly unreadable: string;
}

export const isUnreadable = (read: Reading | Unreadable): read is Unreadable => 'unreadable' in read;
