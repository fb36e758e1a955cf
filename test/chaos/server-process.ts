import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TEST_KEYS } from '../support/stores.ts';
import { CONNECT_SECRET } from '../support/stripe.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The real server, configured as an installation is, in a process that can be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** What it wrote so far, for the reader of a failed test. */
  readonly lines: readonly string[];
  readonly exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): Promise<Exit>;
}

export interface ServerOptions {
  /** Largest file that it may write, in blocks of 1024 bytes: a disk that is full. */
  readonly fileBlocks?: number;
  /** A module that is loaded before the server. */
  readonly preload?: URL;
}

const running = new Map<ChildProcess, Promise<Exit>>();

/** For `afterEach`: a failed test must not leave its server behind. */
export async function killServers(): Promise<void> {
  for (const child of running.keys()) child.kill('SIGKILL');
  await Promise.all(running.values());
}

export async function startServer(databaseUrl: string, options: ServerOptions = {}): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-chaos-')); // no .env of the developer's here
  const args = [...(options.preload === undefined ? [] : ['--import', options.preload.href]), MAIN];
  const [command, commandArgs] =
    options.fileBlocks === undefined
      ? [process.execPath, args]
      : ['bash', ['-c', `ulimit -S -f ${options.fileBlocks}; exec "$0" "$@"`, process.execPath, ...args]];
  const child = spawn(command, commandArgs, {
    cwd: folder,
    env: environmentOf(databaseUrl),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  createInterface(child.stderr).on('line', (line) => lines.push(line));
  const exited = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true });
      running.delete(child);
      resolve({ code, signal });
    });
  });
  running.set(child, exited);
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      if (line.includes('"msg":"listening"')) resolve((JSON.parse(line) as { port: number }).port);
    });
    void exited.then(({ code }) => reject(new Error(`the server ended with ${code}:\n${lines.join('\n')}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    lines,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

const environmentOf = (databaseUrl: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOST: '127.0.0.1',
  PORT: '0',
  PUBLIC_URL: 'https://referrals.example.com',
  DATABASE_URL: databaseUrl,
  ENCRYPTION_KEYS: TEST_KEYS.encryption.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(','),
  MATCH_KEY: TEST_KEYS.match.toString('base64'),
  STRIPE_WEBHOOK_SECRETS: CONNECT_SECRET,
});
