import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { path: string; method: string; headers: IncomingHttpHeaders; body: string };
export type Answer = { status?: number; body?: unknown; raw?: string; hangUp?: true; never?: true };

export const data = (value: unknown): Answer => ({ body: { success: true, data: value } });
export const failure = (status: number, code: string): Answer => ({
  status,
  body: { success: false, error: { code, message: 'told by the test', requestId: 'req_9fK2Qm7' } },
});

/** A real server on this machine that gives the answers in turn; the last one again and again. */
export async function backend(...answers: Answer[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        method: request.method ?? '',
        headers: request.headers,
        body,
      });
      const answer = answers[Math.min(received.length, answers.length) - 1] ?? {};
      if (answer.hangUp) request.socket.destroy();
      if (answer.hangUp || answer.never) return;
      response.statusCode = answer.status ?? 200;
      response.setHeader('Content-Type', 'application/json');
      response.end(answer.raw ?? JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((stopped) => {
      server.close(() => stopped());
      server.closeAllConnections();
    });
  return { apiBase: `http://127.0.0.1:${port}/api/app/`, received, stop };
}

/** The part of the Dashboard that signs: it remembers what it was asked to sign. */
export function dashboard(sign: (payload: unknown) => Promise<string> = async () => 't=1,v1=abc') {
  const signed: unknown[] = [];
  const toasts: string[] = [];
  const copied: string[] = [];
  const call = {
    supportsFetchAppEmbeddedKey: async () => false,
    fetchStripeSignature: (payload: unknown) => {
      signed.push(payload);
      return sign(payload);
    },
    showToast: async (message: string) => void toasts.push(message),
    clipboardWriteText: async (text: string) => void copied.push(text),
  };
  Object.assign(globalThis, { __StripeExtExports: { endpoint: { call } } });
  return { signed, toasts, copied, call };
}
