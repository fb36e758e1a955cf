import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mode } from '#shared/mode.ts';
import { createApp } from './app.ts';
import { type Config, SANDBOX_ACCOUNT } from './config.ts';
import { demoDoors } from './demo/doors.ts';
import { curlFor, type Demo, ensureDemo, ensureSales } from './demo/seed.ts';
import { openInboxThread } from './inbox/thread.ts';
import { loadConfig, openConfiguredStore, problemText } from './ops/environment.ts';
import { createLog } from './ops/log.ts';
import { createMetrics } from './ops/metrics.ts';
import { openPreviewFiles } from './pages/preview-files.ts';
import { addMerchant } from './store/merchants.ts';
import { SchemaTooNew } from './store/migrate.ts';
import { StoreUnavailable } from './store/database.ts';
import { type Store, WrongKeys } from './store/store.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000; // longer than the 60 s of common load balancers, which would else meet a closed connection
const DRAIN_MS = 10_000;
const TIDY_MS = 50;
const LINGER_MS = 1_000;

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  const store = await openConfiguredStore(config).catch((error: unknown) => {
    if (error instanceof SchemaTooNew || error instanceof WrongKeys) return stopWith(error.message);
    if (error instanceof StoreUnavailable)
      return stopWith(`The database can’t be opened: ${error.message}. Check DATABASE_URL.`);
    throw error;
  });
  const onDefect = (error: unknown) => {
    metrics.defect();
    log.error(
      { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      'a defect in the inbox',
    );
  };
  const inbox = await openInboxThread(
    {
      url: config.databaseUrl,
      encryptionKeys: config.encryptionKeys,
      matchKey: config.matchKey,
      ownAccount: config.ownAccount,
    },
    { ...metrics, onDefect },
  );
  const previewFiles = config.preview ? openPreviewFiles({ tell: (sentence) => log.info({}, sentence) }) : null;
  const app = createApp({ ...config, previewFiles, store, inbox, now: Date.now, log, metrics });
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    app,
  );
  stopOnSignal(async () => {
    log.info({}, 'stopping: finishing what was begun');
    await drain(server, () => log.warn({}, 'cut off those who had not finished'));
    await inbox.close();
    await store.close();
    log.info({}, 'stopped');
    // A connection to a database that does not answer stays half closed, and would keep the process.
    setTimeout(() => process.exit(), LINGER_MS).unref();
  });
  server.on('error', (error) =>
    stopWith(`Can’t listen on ${config.host}:${config.port}: ${error.message}. Set PORT or HOST.`),
  );
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  log.info({ host: config.host, port, sandbox: config.sandbox }, 'listening');
  if (config.sandbox) {
    await openSandbox(store, config, `http://${config.host}:${port}`).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'the demo data is not complete'),
    );
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping: Promise<void> | null = null;
  const begin = () => {
    stopping ??= stop();
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
}

/** Answers what has begun, and lets go of each connection with its answer: senders keep theirs open and would go on. */
async function drain(server: Server, onCut: () => void): Promise<void> {
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('connection', 'close');
  });
  // A request that had begun before keeps its connection open after its answer.
  const tidy = setInterval(() => server.closeIdleConnections(), TIDY_MS);
  const late = setTimeout(() => {
    onCut();
    server.closeAllConnections();
  }, DRAIN_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(tidy);
  clearTimeout(late);
}

/** A merchant with a contest and people, the words that show the way, and then some sales. */
async function openSandbox(store: Store, config: Config, url: string): Promise<void> {
  const now = Date.now();
  const add = (mode: Mode) => addMerchant(store.database, { account: SANDBOX_ACCOUNT, mode, coveredSince: now, now });
  const { merchant } = await add('test');
  await add('live');
  const demo = await ensureDemo(store, merchant, now);
  process.stdout.write(welcome(url, demo));
  // Stopped in between, it goes on at the next start.
  await ensureSales(store, merchant, demoDoors(url, config.webhookSecrets[0]?.secret ?? ''), demo, now);
}

function welcome(url: string, demo: Demo): string {
  return `
  BlitzRocket is running in its sandbox. Nothing is configured, so nothing here is real: data and made-up secrets are in ./data.

  What a merchant sees of it    ${url}/preview
  API reference                 ${url}/openapi.json
  A key for the demo merchant   npm run admin -- key create --account ${SANDBOX_ACCOUNT} --mode test --scopes read,write

  A store's purchase, ready to paste:

${curlFor(url, demo)}

  To connect a real Stripe account, copy .env.example to .env and fill it in.

`;
}

function stopWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const loaded = loadConfig();
if (!loaded.ok) stopWith(problemText(loaded.failure));
else await start(loaded.value);
