import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_MS = 20_000;

type Environment = Readonly<Record<string, string>>;

/** A run that fails leaves nobody behind. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A server in a process of its own, listening. */
export interface Running {
  readonly port: number;
  readonly pid: number;
  /** Asks it to end, as an operator would, and waits. */
  stop(): Promise<void>;
}

/** Starts `node …` with what the environment has of PATH and HOME and nothing else, and waits until it listens. */
export async function startServer(
  argumentsFor: (port: number) => readonly string[],
  environment: (port: number) => Environment = () => ({}),
): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, argumentsFor(port), {
    cwd: ROOT,
    env: bare(environment(port)),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  await Promise.race([listening(port), failed(child)]);
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('a server ended by itself');
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export async function runToEnd(args: readonly string[], environment: Environment): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: bare(environment),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
}

const bare = (environment: Environment): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  NODE_OPTIONS: process.env['BENCH_NODE_OPTIONS'], // for a profile: BENCH_NODE_OPTIONS=--cpu-prof
  NODE_ENV: 'production',
  ...environment,
});

async function failed(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`a server ended with ${code} before it listened`);
}

async function listening(port: number): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on port ${port} after ${START_MS} ms`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** What a process has used so far; null where the platform does not say (it is Linux that does). */
export interface Usage {
  readonly mainThreadUs: number;
  readonly processUs: number;
  readonly rssBytes: number;
}

const TICK_US = 10_000;

export function usageOf(pid: number): Usage | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      mainThreadUs: cpuOf(`/proc/${pid}/task/${pid}/stat`),
      processUs: cpuOf(`/proc/${pid}/stat`),
      rssBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
    };
  } catch {
    return null;
  }
}

/** User and system time are the 12th and 13th word after the name, which may hold blanks itself. */
function cpuOf(file: string): number {
  const text = readFileSync(file, 'utf8');
  const words = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(words[11]) + Number(words[12])) * TICK_US;
}
