import type { AwardKind } from './contract/payments.ts';

export type Role = 'referrer' | 'buyer';

/** One amount that should stand in the ledger: for whom, by which rule, and what caused it. */
export interface Line {
  readonly participant: string;
  readonly role: Role;
  readonly kind: AwardKind;
  readonly currency: string | null;
  readonly rule: string;
  readonly ruleVersion: number;
  /** `award`, or `refund <id>`. */
  readonly cause: string;
  readonly amount: bigint;
  readonly at: number;
  readonly availableAt: number;
}

/** What stands in a slot: the sum of its entries, and the number of the last one. */
export interface Balance {
  readonly n: bigint;
  readonly amount: bigint;
}

/** One entry to be written, so that what stands is what should stand. */
export interface Revision {
  readonly slot: string;
  readonly n: bigint;
  readonly amount: bigint;
  /** Null: nothing should stand here any more; who and what it was is in the entries before. */
  readonly line: Line | null;
}
