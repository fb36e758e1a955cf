import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { signatureOf, type StripeEvent, stripeEvent } from '../support/stripe.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly code: string | undefined;
}

/** What was sent, and what the server said it had kept: the bodies by their event ids. */
export interface Sent {
  readonly all: Map<string, string>;
  readonly acknowledged: Map<string, string>;
  /** Answers that were no 200. */
  readonly refused: Answer[];
  /** Requests whose connection broke before an answer. */
  unanswered: number;
}

export const nothingSent = (): Sent => ({ all: new Map(), acknowledged: new Map(), refused: [], unanswered: 0 });

export interface Senders {
  /** Resolves when so many more events have been acknowledged than now; rejects when all senders have given up. */
  acknowledged(more: number): Promise<void>;
  /** Resolves at the next answer that is no 200. */
  refused(): Promise<Answer>;
  /** Lets each sender finish its request. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

export interface Sending {
  /** Where each event is sent: to several servers at once where there are several. */
  readonly urls: () => readonly string[];
  readonly sent: Sent;
  readonly connections?: number;
  readonly event?: () => StripeEvent;
}

const PAUSE_AFTER_REFUSAL_MS = 10;

/** Sends signed, distinct events from many connections, each its next one when the last was answered. */
export function startSenders({ urls, sent, connections = 32, event = stripeEvent }: Sending): Senders {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let stopped = false;
  const watchers = new Set<() => void>();
  const send = async () => {
    while (!stopped) {
      const next = event();
      const body = JSON.stringify(next);
      sent.all.set(String(next['id']), body);
      const answers = await Promise.all(urls().map((url) => post(url, body, agent).catch(() => null)));
      const answered = answers.filter((answer) => answer !== null);
      sent.unanswered += answers.length - answered.length;
      if (answered.some(({ status }) => status === 200)) sent.acknowledged.set(String(next['id']), body);
      const refusals = answered.filter(({ status }) => status !== 200);
      sent.refused.push(...refusals);
      for (const watch of watchers) watch();
      if (answered.length === 0) return;
      if (refusals.length > 0) await setTimeout(PAUSE_AFTER_REFUSAL_MS);
    }
  };
  const ended = Promise.all(Array.from({ length: connections }, send)).then(() => agent.destroy());
  const when = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watch = () => {
        const seen = look();
        if (seen === undefined) return;
        watchers.delete(watch);
        resolve(seen);
      };
      watchers.add(watch);
      void ended.then(() => reject(new Error('all senders have given up')));
    });
  return {
    ended,
    acknowledged: async (more) => {
      const enough = sent.acknowledged.size + more;
      await when(() => (sent.acknowledged.size >= enough ? true : undefined));
    },
    refused: () => {
      const before = sent.refused.length;
      return when(() => sent.refused[before]);
    },
    stop: () => {
      stopped = true;
      return ended;
    },
  };
}

export function post(url: string, body: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'stripe-signature': signatureOf(body),
    };
    const sending = request(`${url}/api/webhooks/stripe`, { method: 'POST', headers, ...(agent && { agent }) });
    sending.on('error', reject);
    sending.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          code: (JSON.parse(text) as { error?: { code: string } }).error?.code,
        }),
      );
    });
    sending.end(body);
  });
}

export const UNAVAILABLE_ANSWER = { status: 503, retryAfter: '5', code: 'unavailable' };
