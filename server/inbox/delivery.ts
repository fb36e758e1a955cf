import type { MerchantName, Mode } from '#shared/mode.ts';

/** Through which door something came, and what its proof is worth. */
export interface Via {
  readonly source: 'stripe';
  /** The modes that the secret which signed it may speak for. */
  readonly vouchesFor: readonly Mode[];
  /** The merchant that the door belongs to; null where the delivery itself names its account. */
  readonly merchant: MerchantName | null;
}

/** Bytes that a proof was accepted for, not yet kept. */
export interface Delivery {
  readonly via: Via;
  readonly receivedAt: number;
  readonly body: Uint8Array;
}
