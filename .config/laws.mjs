/**
 * Who may import what: the one table of the house's laws. dependency-cruiser and the linter read it
 * (dependency-cruiser.mjs, oxlint.config.ts), a test plants a violation of each, and ARCHITECTURE.md explains it.
 *
 * room      a folder, or a file, of the repository
 * rooms     which other rooms it may import
 * packages  which packages of npm
 * node      which modules of Node's own; 'any' for all of them
 * pure      facts in, decisions out: no clock, no randomness, nothing of the platform
 */
const PURE = ['server/facts', 'server/attribution', 'server/rewards'];
const OUTER = ['shared', 'server/ops', 'server/verify', ...PURE];

export const laws = [
  { room: 'shared', rooms: [], packages: ['zod'], node: [], pure: true },
  { room: 'server/verify', rooms: ['shared'], packages: [], node: ['crypto'] },
  { room: 'server/facts', rooms: ['shared'], packages: [], node: [], pure: true },
  { room: 'server/attribution', rooms: ['shared', 'server/facts'], packages: [], node: [], pure: true },
  {
    room: 'server/rewards',
    rooms: ['shared', 'server/facts', 'server/attribution'],
    packages: [],
    node: [],
    pure: true,
  },
  { room: 'server/ledger/difference.ts', rooms: ['shared'], packages: [], node: [], pure: true },
  { room: 'server/ledger', rooms: [...OUTER, 'server/store'], packages: [], node: [] },
  { room: 'server/store', rooms: ['shared'], packages: ['better-sqlite3', 'pg'], node: 'any' },
  { room: 'server/inbox', rooms: [...OUTER, 'server/store', 'server/ledger'], packages: [], node: 'any' },
  {
    room: 'server/contests',
    rooms: ['shared', 'server/facts', 'server/rewards', 'server/store', 'server/ops'],
    packages: [],
    node: ['crypto', 'util'],
  },
  { room: 'server/demo', rooms: ['shared', 'server/contests', 'server/store'], packages: [], node: ['crypto'] },
  {
    room: 'server/http',
    rooms: [...OUTER, 'server/store', 'server/inbox', 'server/ledger', 'server/contests'],
    packages: ['express', 'zod'],
    node: 'any',
  },
  {
    room: 'server/views',
    rooms: ['shared', ...PURE, 'server/contests', 'server/store', 'server/ledger'],
    packages: [],
    node: [],
  },
  {
    room: 'server/pages',
    rooms: ['shared', 'server/ops', 'server/verify', 'server/http'],
    packages: [],
    node: ['child_process', 'fs', 'path', 'url'],
  },
  {
    room: 'server/ops',
    rooms: ['shared', 'server/store', 'server/config.ts'],
    packages: ['pino', 'prom-client'],
    node: 'any',
  },
  { room: 'server/config.ts', rooms: ['shared', 'server/ops', 'server/store'], packages: [], node: ['crypto'] },
  {
    room: 'server/app.ts',
    rooms: [...OUTER, 'server/store', 'server/inbox', 'server/views', 'server/http', 'server/pages'],
    packages: ['express'],
    node: [],
  },
  {
    room: 'server/main.ts',
    rooms: [
      'shared',
      'server/app.ts',
      'server/config.ts',
      'server/ops',
      'server/inbox',
      'server/store',
      'server/pages',
      'server/demo',
    ],
    packages: [],
    node: 'any',
  },
  {
    room: 'server/admin.ts',
    rooms: ['shared', 'server/config.ts', 'server/ops', 'server/inbox', 'server/store'],
    packages: [],
    node: 'any',
  },
];

/** What only one file may touch. `files` are the exceptions. */
export const alone = [
  {
    what: 'the dialects of the databases',
    packages: ['better-sqlite3', 'pg'],
    files: ['server/store/sqlite.ts', 'server/store/postgres.ts'],
  },
  { what: 'the environment', global: 'process.env', files: ['server/config.ts', 'server/ops/environment.ts'] },
  {
    what: 'the adapters of the store',
    modules: ['server/store/sqlite.ts', 'server/store/postgres.ts'],
    files: ['server/store/store.ts'],
  },
  { what: 'the status codes', modules: ['server/http/status.ts'], files: ['server/http/reply.ts'] },
];
