import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { JSON_BYTES, WEBHOOK_BYTES } from '#shared/contract/conventions.ts';
import { failure, type Result, success } from '#shared/failure.ts';
import { parseJson } from '#server/ops/json.ts';
import type { Log } from '#server/ops/log.ts';
import type { Metrics } from '#server/ops/metrics.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import type { Store } from '#server/store/store.ts';
import { checkJsonType, readBody, RequestAborted } from './body.ts';
import type { Callers } from './callers.ts';
import { checked } from './checked.ts';
import { keyedRequest, once } from './idempotency.ts';
import { fail, render, type Rendered, type Reply, writeReply } from './reply.ts';
import type { Dashboards } from './dashboards.ts';
import type { ApiRoute, AppRoute, PageRoute, Route, SignedRequest, WebhookRoute } from './route.ts';

export interface Serving {
  readonly routes: readonly Route[];
  readonly callers: Callers;
  readonly store: Store;
  readonly now: () => number;
  readonly dashboards: Dashboards;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly trustProxy: string | number | false;
}

/** Every route of the house in one Express application, with the same checks in the same order for all. */
export function serve(serving: Serving): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', serving.trustProxy);
  app.use(APP_PREFIX, allowAnyOrigin);
  for (const route of serving.routes) {
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    app[method](route.path, (request, response) => answer(serving, route, request, response));
  }
  for (const [path, methods] of methodsByPath(serving.routes)) {
    app.all(path, (request, response) => {
      const refusal = failure('method_not_allowed', `${request.method} is not for this address; ${methods} is.`);
      finish(serving, path, response, { kind: 'failure', failure: refusal, allow: methods });
    });
  }
  app.use((_request: Request, response: Response) => finish(serving, 'unknown', response, fail(NOT_FOUND)));
  // Express itself fails only over addresses that can't be decoded.
  app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    finish(serving, 'unknown', response, fail(NOT_FOUND)),
  );
  return app;
}

const APP_PREFIX = '/api/app/';

/**
 * The extension runs in a frame without an origin, so its browser asks before each call. Any origin may call, because nothing
 * here goes by a cookie: only the signature counts. Refusals carry it too, or the extension could not tell them from silence.
 */
function allowAnyOrigin(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('access-control-allow-origin', '*');
  if (request.method !== 'OPTIONS') return next();
  response.writeHead(204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, stripe-signature',
    'access-control-max-age': '600',
  });
  response.end();
}

export const NOT_FOUND = failure('not_found', 'There is nothing at this address, or it is not yours.');

function methodsByPath(routes: readonly Route[]): [path: string, methods: string][] {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  return [...byPath].map(([path, theirs]) => [path, theirs.map(({ method }) => method).join(', ')]);
}

async function answer(serving: Serving, route: Route, request: Request, response: Response): Promise<void> {
  let reply: Reply;
  try {
    reply = await replyTo(serving, route, request);
  } catch (error) {
    if (error instanceof RequestAborted) return;
    reply = fail(failureOf(serving, error));
  }
  finish(serving, route.path, response, reply, route.kind === 'webhook' ? route.door : 'other');
}

function failureOf(serving: Serving, error: unknown) {
  if (error instanceof StoreUnavailable) {
    serving.log.warn({ error: error.message }, 'the store is unavailable');
    return failure('unavailable', 'We can’t reach our database just now. Try again shortly.', { retryAfterSeconds: 5 });
  }
  serving.metrics.defect();
  serving.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a request failed');
  return failure('internal', 'Something failed on our side. If it happens again, send us the request id.');
}

function finish(
  serving: Serving,
  path: string,
  response: ServerResponse,
  reply: Reply,
  door: 'stripe' | 'other' = 'other',
): void {
  const written = rendered(serving, path, reply, door);
  serving.metrics.answered(path, written.outcome);
  writeReply(response, written);
}

function rendered(serving: Serving, path: string, reply: Reply, door: 'stripe' | 'other'): Rendered {
  const requestId = reply.kind === 'failure' ? newRequestId() : '';
  const written = render(reply, { door, requestId });
  if (requestId !== '') serving.log.info({ requestId, route: path, outcome: written.outcome }, 'refused');
  return written;
}

const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

function replyTo(serving: Serving, route: Route, request: Request): Promise<Reply> {
  switch (route.kind) {
    case 'webhook':
      return replyToWebhook(route, request);
    case 'api':
      return replyToApi(serving, route, request);
    case 'app':
      return replyToApp(serving, route, request);
    case 'page':
      return replyToPage(route, request);
    case 'open':
      return route.handle({ headers: request.headers });
  }
}

async function replyToWebhook(route: WebhookRoute, request: Request): Promise<Reply> {
  const body = await readBody(request, WEBHOOK_BYTES);
  if (!body.ok) return fail(body.failure);
  const type = checkJsonType(request);
  if (!type.ok) return fail(type.failure);
  return route.handle({
    body: body.value,
    headers: request.headers,
    params: request.params as Record<string, string>,
    query: lastOfEach(request.query),
    address: request.ip ?? '',
  });
}

/** A name that is given twice means its last value. */
const lastOfEach = (query: Request['query']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return typeof last === 'string' ? [[name, last]] : [];
    }),
  );

async function replyToApi(serving: Serving, route: ApiRoute, request: Request): Promise<Reply> {
  const bytes = await bytesOf(route, request);
  if (!bytes.ok) return fail(bytes.failure);
  const known = await serving.callers.find(request.headers.authorization);
  if (!known.ok) return fail(known.failure);
  const caller = known.value;
  if (!caller.scopes.has(route.scope)) {
    return fail(failure('insufficient_scope', `This key may not do that: it lacks the scope "${route.scope}".`));
  }
  const params = request.params as Record<string, string>;
  const found = await route.find?.({ caller, params });
  if (found === null) return fail(NOT_FOUND);
  const body = parseBody(route, bytes.value);
  if (!body.ok) return fail(body.failure);
  const query = checked(route.query, request.query);
  if (!query.ok) return fail(query.failure);
  const keyed = keyedRequest(request, bytes.value, caller.merchant.id);
  if (!keyed.ok) return fail(keyed.failure);
  const handle = () => route.handle({ caller, params, found, query: query.value, body: body.value });
  if (keyed.value === null) return handle();
  return once(serving.store, keyed.value, serving.now, handle, (reply) =>
    rendered(serving, route.path, reply, 'other'),
  );
}

async function replyToApp({ dashboards }: Serving, route: AppRoute, request: Request): Promise<Reply> {
  const bytes = await readBody(request, JSON_BYTES);
  if (!bytes.ok) return fail(bytes.failure);
  const type = checkJsonType(request);
  if (!type.ok) return fail(type.failure);
  const proven = dashboards.prove(bytes.value, request.headers);
  if (!proven.ok) return fail(proven.failure);
  const parsed = parseJson(bytes.value);
  if (!parsed.ok) return fail(parsed.failure);
  const asked = checked(route.body, parsed.value);
  if (!asked.ok) return fail(asked.failure);
  const merchant = await dashboards.merchantOf(asked.value as SignedRequest);
  return route.handle({ merchant, asked: asked.value });
}

async function replyToPage(route: PageRoute, request: Request): Promise<Reply> {
  const body = await readBody(request, JSON_BYTES);
  if (!body.ok) return fail(body.failure);
  return route.handle({ headers: request.headers, params: request.params as Record<string, string>, body: body.value });
}

/** Null where the route takes no body. */
async function bytesOf(route: ApiRoute, request: IncomingMessage): Promise<Result<Buffer | null>> {
  if (route.body === null) return success(null);
  const bytes = await readBody(request, JSON_BYTES);
  if (!bytes.ok || bytes.value.length === 0) return bytes;
  const type = checkJsonType(request);
  return type.ok ? bytes : type;
}

function parseBody(route: ApiRoute, bytes: Buffer | null): Result<unknown> {
  if (route.body === null || bytes === null) return success(null);
  // Nothing at all is an empty object: a call whose arguments are all optional needs no body.
  const parsed = bytes.length === 0 ? success({}) : parseJson(bytes);
  return parsed.ok ? checked(route.body, parsed.value) : parsed;
}
