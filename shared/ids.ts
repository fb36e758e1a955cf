/** A value that only its own constructor can make: a `FactId` never goes where a `ContestId` is wanted. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
declare const brand: unique symbol;

/** Our own number of a merchant (one Stripe account in one mode). It leads every key of the store. */
export type MerchantId = Brand<bigint, 'MerchantId'>;
export const merchantId = (value: bigint): MerchantId => value as MerchantId;

/** Place of a fact in its merchant's intake: later deliveries have larger ones, on every instance. */
export type Sequence = Brand<bigint, 'Sequence'>;
export const sequence = (value: bigint): Sequence => value as Sequence;

export type ContestId = Brand<string, 'ContestId'>;
const CONTEST_ID = /^c[a-z0-9]{24}$/;
export const isContestId = (text: string): text is ContestId => CONTEST_ID.test(text);
