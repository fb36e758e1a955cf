import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, DEFAULT_DATABASE, type MadeUp, makeUp, type Problem, readConfig } from '#server/config.ts';
import { createKeyring, createMatchKey } from '#server/store/keyring.ts';
import { openStore, type Store } from '#server/store/store.ts';
import type { Result } from '#shared/failure.ts';

/** The configuration of this process: `.env` where there is one, then the environment, which wins. */
export function loadConfig(): Result<Config, Problem[]> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const database = process.env['DATABASE_URL'] || DEFAULT_DATABASE;
  return readConfig(process.env, () => keptOrMadeUp(join(dirname(database.slice('file:'.length)), 'sandbox.json')));
}

/** A sandbox's secrets are made up once: a second start opens what the first one sealed. */
function keptOrMadeUp(file: string): MadeUp {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(file, `${JSON.stringify(makeUp(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first
    }
    chmodSync(file, 0o600);
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<MadeUp>;
  const all = { ...makeUp(), ...kept };
  // Kept by a release that made up fewer of them.
  if (Object.keys(kept).length < Object.keys(all).length) writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

export const problemText = (problems: readonly Problem[]): string =>
  [
    `BlitzRocket can’t start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} wrong.`,
    ...problems.map(({ variable, message }) => `  ${variable} ${message}`),
    'Each setting is explained in .env.example.',
  ].join('\n');

export const openConfiguredStore = (config: Config): Promise<Store> =>
  openStore({
    url: config.databaseUrl,
    keyring: createKeyring(config.encryptionKeys),
    matchKey: createMatchKey(config.matchKey),
    now: Date.now,
  });
