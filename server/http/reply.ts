import type { ServerResponse } from 'node:http';
import type { Failure } from '#shared/failure.ts';
import { statusOf } from './status.ts';

/** What a handler returns. It never sees the response: one place answers. */
export type Reply =
  | { readonly kind: 'data'; readonly data: unknown; readonly created?: boolean }
  | { readonly kind: 'list'; readonly data: readonly unknown[]; readonly nextCursor: string | null }
  /** Answers of machines to machines that have their own form: metrics, health. */
  | { readonly kind: 'plain'; readonly text: string; readonly contentType: string; readonly ready?: boolean }
  | PageReply
  | { readonly kind: 'failure'; readonly failure: Failure; readonly allow?: string }
  /** What an earlier request with the same Idempotency-Key was answered. */
  | { readonly kind: 'stored'; readonly status: number; readonly text: string }
  | ({ readonly kind: 'rendered' } & Rendered);

/** A file for a browser, with what it may load and talk to. */
export interface PageReply {
  readonly kind: 'page';
  readonly text: string;
  readonly contentType: string;
  readonly securityPolicy: string;
}

export const data = (value: unknown): Reply => ({ kind: 'data', data: value });
export const created = (value: unknown): Reply => ({ kind: 'data', data: value, created: true });
export const list = (rows: readonly unknown[], nextCursor: string | null): Reply => ({
  kind: 'list',
  data: rows,
  nextCursor,
});
export const fail = (failure: Failure): Reply => ({ kind: 'failure', failure });

export interface Answering {
  readonly door: 'stripe' | 'other';
  readonly requestId: string;
}

const PAGE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer as it goes over the wire. */
export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `ok` or the code of the failure: for the metrics. */
  readonly outcome: string;
}

export function render(reply: Reply, { door, requestId }: Answering): Rendered {
  switch (reply.kind) {
    case 'data':
      return json(reply.created === true ? 201 : 200, { success: true, data: reply.data });
    case 'list':
      return json(200, { success: true, data: reply.data, nextCursor: reply.nextCursor });
    case 'plain': {
      const headers = { 'content-type': reply.contentType };
      return { status: reply.ready === false ? 503 : 200, headers, text: reply.text, outcome: 'ok' };
    }
    case 'page': {
      const { text, contentType, securityPolicy } = reply;
      const headers = { ...PAGE_HEADERS, 'content-type': contentType, 'content-security-policy': securityPolicy };
      return { status: 200, headers, text, outcome: 'ok' };
    }
    case 'failure': {
      const { code, message, details, retryAfterSeconds } = reply.failure;
      const error = { code, message, ...(details === undefined ? {} : { details }), requestId };
      return json(statusOf(code, door), { success: false, error }, code, {
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
        ...(reply.allow === undefined ? {} : { allow: reply.allow }),
        // The rest of a body that is too large is not read: the connection can't be used again.
        ...(code === 'body_too_large' ? { connection: 'close' } : {}),
      });
    }
    case 'stored': {
      const headers = { 'content-type': JSON_TYPE, 'idempotent-replayed': 'true' };
      return { status: reply.status, headers, text: reply.text, outcome: 'replayed' };
    }
    case 'rendered':
      return reply;
  }
}

const json = (
  status: number,
  body: unknown,
  outcome = 'ok',
  more: Readonly<Record<string, string>> = {},
): Rendered => ({
  status,
  headers: { 'content-type': JSON_TYPE, ...more },
  text: JSON.stringify(body),
  outcome,
});

export function writeReply(response: ServerResponse, { status, headers, text }: Rendered): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
