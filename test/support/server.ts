import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type SignOptions, signatureOf, type StripeEvent } from './stripe.ts';

const MAIN = new URL('../../server/main.ts', import.meta.url).pathname;
const READY_MS = 30_000;

/** The real thing in a process of its own. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  output(): string;
  stripe(event: StripeEvent, options?: SignOptions): Promise<Response>;
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power switch would. */
  kill(): Promise<void>;
}

/** Starts `server/main.ts` in a folder, with nothing of the environment but what is given. */
export async function serverIn(folder: string, environment: Readonly<Record<string, string>>): Promise<RunningServer> {
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      ...environment,
      LOG_LEVEL: environment['LOG_LEVEL'] === 'debug' ? 'debug' : 'info',
    },
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const listening = async (): Promise<number> => {
    const late = AbortSignal.timeout(READY_MS);
    for (;;) {
      const port = /"port":(\d+).*"msg":"listening"/.exec(text)?.[1];
      if (port !== undefined) return Number(port);
      await Promise.race([
        once(child.stdout, 'data', { signal: late }),
        ended.then(() => Promise.reject(new Error(text))),
      ]);
    }
  };
  const url = `http://127.0.0.1:${await listening()}`;
  return {
    url,
    pid: child.pid ?? 0,
    output: () => text,
    stripe: (event, signing) => {
      const body = JSON.stringify(event);
      const headers = { 'content-type': 'application/json', 'stripe-signature': signatureOf(body, signing) };
      return fetch(`${url}/api/webhooks/stripe`, { method: 'POST', headers, body });
    },
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
