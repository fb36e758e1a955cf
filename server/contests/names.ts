import { randomInt } from 'node:crypto';
import type { ContestId } from '#shared/ids.ts';

const SMALL = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ALL = `${SMALL}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

const randomText = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

export const newContestId = (): ContestId => `c${randomText(SMALL, 24)}` as ContestId;
export const newRuleId = (): string => `rule_${randomText(SMALL, 24)}`;
export const newClickId = (): string => `clk_${randomText(ALL, 22)}`;
export const newPublicKey = (): string => `brpk_${randomText(ALL, 24)}`;
export const newPurchaseSecret = (): string => `brwh_${randomText(ALL, 40)}`;

const SLUG_MOST = 48;

/** What a slug is made of when none is given; `attempt` counts the ones that were taken. */
export function slugFrom(name: string, attempt: number): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MOST)
    .replaceAll(/^-+|-+$/g, '');
  const base = plain === '' ? 'contest' : plain;
  return attempt === 0 ? base : `${base}-${randomText(SMALL, 3 + attempt)}`;
}
