import type { Arrival } from '#server/store/arrivals.ts';
import type { MerchantName, Mode } from '#shared/mode.ts';

/** Through which of Stripe's doors something came, and what its proof is worth. */
export interface Via {
  /** The modes that the secret which signed it may speak for. */
  readonly vouchesFor: readonly Mode[];
  /** The merchant that the door belongs to; null where the delivery itself names its account. */
  readonly merchant: MerchantName | null;
}

/** Bytes of Stripe's that a proof was accepted for: whose they are and what they say is still in them. */
export interface SealedDelivery {
  readonly kind: 'sealed';
  readonly via: Via;
  readonly receivedAt: number;
  readonly body: Uint8Array;
}

/** What a door has read itself, because its answer depends on it. */
export interface OpenedDelivery {
  readonly kind: 'opened';
  readonly arrival: Arrival;
  readonly body: Uint8Array;
}

/** Proven, and not yet kept. */
export type Delivery = SealedDelivery | OpenedDelivery;
