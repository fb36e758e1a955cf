import { type Foreign, textOf } from './foreign.ts';
import type { Clue } from '#shared/reading.ts';

/** A click or a code fits every channel: nothing else is carried on, and so nobody's name or address. */
const TOKEN = /^[A-Za-z0-9_-]{3,200}$/;
const MOST_KEYS = 50;

/** One key in any spelling: `blitzrocket_click`, `blitzrocketClick`, `Blitzrocket-Click`. */
export const plainKey = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const EXTERNAL_ID_KEYS = new Set(
  ['refportExternalCustomerId', 'externalCustomerId', 'blitzrocketCustomerId'].map(plainKey),
);

const isToken = (value: unknown): value is string => typeof value === 'string' && TOKEN.test(value);

export function metadataClues(metadata: Foreign, source: Clue['source']): Clue[] {
  return Object.entries(metadata)
    .filter((pair): pair is [string, string] => isToken(pair[1]) && !EXTERNAL_ID_KEYS.has(plainKey(pair[0])))
    .slice(0, MOST_KEYS)
    .map(([key, value]) => ({ step: 'metadata', source, key: key.slice(0, 100), value }));
}

export const referenceClues = (reference: unknown, source: Clue['source']): Clue[] =>
  isToken(reference) ? [{ step: 'client_reference_id', source, key: 'client_reference_id', value: reference }] : [];

/** The merchant's own id of the buyer. */
export function externalIdOf(metadata: Foreign): string | null {
  const key = Object.keys(metadata).find((name) => EXTERNAL_ID_KEYS.has(plainKey(name)));
  return key === undefined ? null : textOf(metadata[key]);
}
