import { existsSync, readFileSync } from 'node:fs';

const CORPUS = new URL('../../../shared/corpus/', import.meta.url);
const isHere = existsSync(new URL('README.md', CORPUS));

/** Tests over real payloads, which lie beside the checkout of those who build this and nowhere else. */
export function describeCorpus(name: string, tests: () => void): void {
  const run = isHere ? describe : describe['skip'];
  run(isHere ? name : `${name} (skipped: the corpus of real payloads is not beside this clone)`, tests);
}

export const corpusJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, CORPUS), 'utf8'));
