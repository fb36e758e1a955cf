/**
 * Who told us. The same Stripe event is one fact, whichever of Stripe's doors it came through. `purchase`: a store, through the
 * purchase webhook. `merchant`: the merchant, through the API or the Dashboard.
 */
export type FactSource = 'stripe' | 'purchase' | 'merchant';

/** Where a fact stands on its way through the house. */
export const FACT_STATES = ['pending', 'done', 'unreadable', 'failed'] as const;
export type FactState = (typeof FACT_STATES)[number];

/** What makes a fact the same fact: a second delivery under this key adds nothing. */
export interface FactKey {
  readonly source: FactSource;
  /** The sender's own id, `evt_…` for Stripe. */
  readonly externalId: string;
  /** Stripe's API version of the rendering; empty where there is none. */
  readonly version: string;
}

/** What every fact says of itself before anything is understood. */
export interface FactEnvelope extends FactKey {
  readonly type: string;
  /** When it happened by the sender's clock, in milliseconds; null where the sender does not say. */
  readonly occurredAt: number | null;
}
