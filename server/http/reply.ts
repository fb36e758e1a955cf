import type { ServerResponse } from 'node:http';
import type { Failure } from '#shared/failure.ts';
import { statusOf } from './status.ts';

/** What a handler returns. It never sees the response: one place answers. */
export type Reply =
  | { readonly kind: 'data'; readonly data: unknown; readonly created?: boolean }
  | { readonly kind: 'list'; readonly data: readonly unknown[]; readonly nextCursor: string | null }
  /** Answers of machines to machines that have their own form: metrics, health. */
  | { readonly kind: 'plain'; readonly text: string; readonly contentType: string; readonly ready?: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly allow?: string };

export const data = (value: unknown): Reply => ({ kind: 'data', data: value });
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

const JSON_TYPE = 'application/json; charset=utf-8';

export function writeReply(response: ServerResponse, reply: Reply, { door, requestId }: Answering): void {
  switch (reply.kind) {
    case 'data':
      return write(response, reply.created === true ? 201 : 200, JSON.stringify({ success: true, data: reply.data }));
    case 'list':
      return write(response, 200, JSON.stringify({ success: true, data: reply.data, nextCursor: reply.nextCursor }));
    case 'plain':
      return write(response, reply.ready === false ? 503 : 200, reply.text, reply.contentType);
    case 'failure': {
      const { code, message, details, retryAfterSeconds } = reply.failure;
      if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
      if (reply.allow !== undefined) response.setHeader('allow', reply.allow);
      // The rest of a body that is too large is not read: the connection can't be used again.
      if (code === 'body_too_large') response.setHeader('connection', 'close');
      const error = { code, message, ...(details === undefined ? {} : { details }), requestId };
      return write(response, statusOf(code, door), JSON.stringify({ success: false, error }));
    }
  }
}

function write(response: ServerResponse, status: number, text: string, contentType: string = JSON_TYPE): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
