/** Stripe's two worlds. Nothing ever crosses from one to the other. */
export const MODES = ['live', 'test'] as const;
export type Mode = (typeof MODES)[number];

export const modeOf = (livemode: boolean): Mode => (livemode ? 'live' : 'test');
export const isMode = (text: string): text is Mode => text === 'live' || text === 'test';

/** How the outside names a merchant: a Stripe account in one mode. */
export interface MerchantName {
  readonly account: string;
  readonly mode: Mode;
}
