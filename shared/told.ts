import type { ClickReading, ContestReading, ParticipantReading, PaymentReading, ReturnReading } from './reading.ts';

/** A fact of one payment, with the time and the id that order it. Ids come from the outside, arrival does not matter. */
export interface PaymentFact {
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly source: string;
  readonly reading: PaymentReading | ReturnReading;
}

/** A fact that speaks under a key. */
export interface KeyFact {
  readonly id: string;
  readonly at: number;
  readonly reading: ClickReading | ParticipantReading | ContestReading;
}

/** The head of a buyer's key before a position: what earlier payments settled. */
export interface Head {
  readonly position: string;
  readonly value: string;
}
