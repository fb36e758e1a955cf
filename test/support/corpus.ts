import { existsSync, readFileSync } from 'node:fs';

const CORPUS = new URL('../../../shared/corpus/', import.meta.url);
const isHere = existsSync(new URL('README.md', CORPUS));

/** Tests over real payloads, which lie beside the checkout of those who build this and nowhere else. */
export function describeCorpus(name: string, tests: () => void): void {
  if (isHere) describe(name, tests);
  else it['skip'](`${name} (the corpus of real payloads is not beside this clone)`, () => undefined);
}

export const corpusJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, CORPUS), 'utf8'));
