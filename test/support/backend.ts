import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { type AppParts, createApp, routesOf } from '#server/app.ts';
import type { Inbox } from '#server/inbox/inbox.ts';
import { openInbox } from '#server/inbox/inbox.ts';
import type { Work } from '#server/inbox/work.ts';
import { createLog } from '#server/ops/log.ts';
import { createMetrics } from '#server/ops/metrics.ts';
import { createApiKey } from '#server/store/api-keys.ts';
import type { PreviewFiles } from '#server/pages/preview-files.ts';
import { addMerchant, type Merchant } from '#server/store/merchants.ts';
import type { Store } from '#server/store/store.ts';
import type { Scope } from '#shared/contract/keys.ts';
import type { Mode } from '#shared/mode.ts';
import { conformance } from './conformance.ts';
import { type Engine, openTestStore } from './stores.ts';
import {
  APP_SECRET,
  CONNECT_SECRET,
  type SignOptions,
  signatureOf,
  type StripeEvent,
  TEST_MODE_SECRET,
} from './stripe.ts';

export interface BackendOptions {
  readonly ownAccount?: string | null;
  readonly metricsToken?: string | null;
  readonly appSecrets?: readonly string[];
  readonly previewFiles?: PreviewFiles;
  /** The clock of the doors. */
  readonly now?: () => number;
  readonly work?: Work;
  /** Stands between the inbox and the store, to make it fail. */
  readonly around?: (store: Store) => Store;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Tests look into answers freely: what they find is what they assert. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly body?: string | Uint8Array;
}

/** The whole backend on a port of its own, and the ways in that its users have. `await using` closes it in any case. */
export interface Backend extends AsyncDisposable {
  readonly store: Store;
  readonly url: string;
  readonly databaseUrl: string;
  readonly defects: unknown[];
  /** What the application was made of. */
  readonly parts: AppParts;
  merchant(account: string, mode?: Mode): Promise<Merchant>;
  key(account: string, mode?: Mode, scopes?: readonly Scope[]): Promise<string>;
  request(path: string, asked?: Asked): Promise<Answer>;
  /** Posts as Stripe does: the event's JSON, signed. */
  stripe(event: StripeEvent | string | Uint8Array, options?: SignOptions & { readonly path?: string }): Promise<Answer>;
  api(key: string, method: NonNullable<Asked['method']>, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export async function startBackend(engine: Engine, options: BackendOptions = {}): Promise<Backend> {
  const opened = await openTestStore(engine);
  const store = options.around?.(opened.store) ?? opened.store;
  const defects: unknown[] = [];
  const ownAccount = options.ownAccount ?? null;
  const inbox: Inbox = openInbox({
    store,
    now: Date.now,
    ownAccount,
    onDefect: (error) => defects.push(error),
    ...(options.work === undefined ? {} : { work: options.work }),
  });
  const parts: AppParts = {
    store,
    inbox,
    now: options.now ?? Date.now,
    log: createLog('silent'),
    metrics: createMetrics(),
    webhookSecrets: [
      { secret: CONNECT_SECRET, vouchesFor: ['live', 'test'] },
      { secret: TEST_MODE_SECRET, vouchesFor: ['test'] },
    ],
    appSecrets: options.appSecrets ?? [APP_SECRET],
    previewFiles: options.previewFiles ?? null,
    ownAccount,
    metricsToken: options.metricsToken ?? null,
    sandbox: false,
    publicUrl: 'https://referrals.example',
    trustProxy: false,
  };
  const conforms = conformance(routesOf(parts));
  const server = await listen(createServer(createApp(parts)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = async (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> => {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const sending = supertest(url)[verb](path).set(headers);
    const answer = await sending.serialize((raw) => raw).send(body);
    const isJson = answer.headers['content-type']?.startsWith('application/json') === true;
    if (isJson) conforms(method, path, answer.status, answer.body);
    return { status: answer.status, headers: answer.headers, body: isJson ? answer.body : answer.text };
  };
  const merchant = async (account: string, mode: Mode = 'test') =>
    (await addMerchant(opened.store.database, { account, mode, coveredSince: 0, now: Date.now() })).merchant;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await inbox.close();
    await opened.close();
  };
  return {
    store: opened.store,
    url,
    databaseUrl: opened.url,
    defects,
    parts,
    merchant,
    key: async (account, mode = 'test', scopes = ['read', 'write']) =>
      (await createApiKey(opened.store.database, await merchant(account, mode), scopes, Date.now())).key,
    request,
    stripe: (event, { path = '/api/webhooks/stripe', ...signing } = {}) => {
      const body = typeof event === 'string' || event instanceof Uint8Array ? event : JSON.stringify(event);
      return request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signatureOf(body, signing) },
        body,
      });
    },
    api: (key, method, path, body) =>
      request(path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
