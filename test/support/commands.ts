import { execFile } from 'node:child_process';
import { CONNECT_SECRET } from './stripe.ts';
import { TEST_KEYS } from './stores.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The settings of a real installation, as its operator would write them. */
export const installation = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  STRIPE_WEBHOOK_SECRETS: CONNECT_SECRET,
  ENCRYPTION_KEYS: TEST_KEYS.encryption.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(','),
  MATCH_KEY: TEST_KEYS.match.toString('base64'),
  PUBLIC_URL: 'https://referrals.example',
  LOG_LEVEL: 'error',
  ...more,
});

const ROOT = new URL('../../', import.meta.url);

/** Runs `server/<name>.ts` as `npm run <name>` does, with nothing of the environment but what is given. */
export function runCommand(
  name: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  cwd?: string,
) {
  const env = { PATH: process.env['PATH'] ?? '', ...installation(more) };
  const file = new URL(`server/${name}.ts`, ROOT).pathname;
  return new Promise<Ran>((resolve) => {
    execFile(process.execPath, [file, ...args], { env, cwd: cwd ?? ROOT }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}
