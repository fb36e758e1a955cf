import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Requests } from './event.ts';
import { usageOf } from './process.ts';

/** Sends requests made in advance over raw sockets, one at a time on each, and counts the answers. */
export interface LoadOptions {
  readonly port: number;
  readonly pid: number;
  readonly connections: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Begin again with the first request when all are sent: only for servers that keep nothing. */
  readonly again: boolean;
}

export interface LoadResult {
  readonly eventsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers with 2xx, over the whole run. */
  readonly acknowledged: number;
  readonly refused: number;
  readonly mainThreadUs: number | null;
  readonly processUs: number | null;
  readonly rssBytes: number | null;
}

const DRAIN_MS = 10_000;

export async function load(requests: Requests, options: LoadOptions): Promise<LoadResult> {
  const { port, pid } = options;
  let next = 0;
  let acknowledged = 0;
  let refused = 0;
  let stopped = false;
  let latencies: number[] = [];
  const take = (): Buffer | null => {
    if (stopped) return null;
    if (next >= requests.count && !options.again) return null;
    next += 1;
    return requests.at((next - 1) % requests.count);
  };
  const senders = await Promise.all(
    Array.from({ length: options.connections }, () =>
      openSender(port, take, (status, ms) => {
        if (status >= 200 && status < 300) acknowledged += 1;
        else refused += 1;
        latencies.push(ms);
      }),
    ),
  );
  const allSent = Promise.all(senders.map(({ finished }) => finished));
  for (const sender of senders) sender.begin();
  await setTimeout(options.warmSeconds * 1000);
  latencies = [];
  const usedBefore = usageOf(pid);
  const began = performance.now();
  await Promise.race([setTimeout(options.seconds * 1000), allSent]);
  const seconds = (performance.now() - began) / 1000;
  const measured = latencies;
  latencies = [];
  const used = usageOf(pid);
  stopped = true;
  await Promise.race([allSent, setTimeout(DRAIN_MS)]);
  for (const { socket } of senders) socket.destroy();
  const perEvent = (after: number | undefined, before: number | undefined) =>
    after === undefined || before === undefined ? null : (after - before) / measured.length;
  return {
    eventsPerSecond: measured.length / seconds,
    p50Ms: quantile(measured, 0.5),
    p99Ms: quantile(measured, 0.99),
    acknowledged,
    refused,
    mainThreadUs: perEvent(used?.mainThreadUs, usedBefore?.mainThreadUs),
    processUs: perEvent(used?.processUs, usedBefore?.processUs),
    rssBytes: used?.rssBytes ?? null,
  };
}

/** One request after the other, with a pause before each: nothing else happens on the server. In milliseconds. */
export async function singles(requests: Requests, from: number, count: number, port: number): Promise<number[]> {
  const latencies: number[] = [];
  let index = from;
  let resume: () => void = () => undefined;
  const sender = await openSender(
    port,
    () => null,
    (status, ms) => {
      if (status !== 200) throw new Error(`a single event was answered with ${status}`);
      latencies.push(ms);
      resume();
    },
  );
  for (; index < from + count; index += 1) {
    await setTimeout(2);
    const answered = new Promise<void>((resolve) => (resume = resolve));
    sender.send(requests.at(index));
    await answered;
  }
  sender.socket.destroy();
  return latencies;
}

interface Sender {
  readonly socket: Socket;
  /** Resolves when there is nothing more to send, or the connection ended. */
  readonly finished: Promise<void>;
  begin(): void;
  send(request: Buffer): void;
}

async function openSender(
  port: number,
  take: () => Buffer | null,
  onAnswer: (status: number, ms: number) => void,
): Promise<Sender> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const connected = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  socket.on('connect', connected.resolve);
  socket.on('error', connected.reject);
  socket.on('close', () => finished.resolve());
  let sentAt = 0;
  let received = '';
  const send = (request: Buffer) => {
    sentAt = performance.now();
    socket.write(request);
  };
  const sendNext = () => {
    const request = take();
    if (request === null) finished.resolve();
    else send(request);
  };
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (!isWhole(received)) return;
    const status = Number(received.slice(STATUS_AT, STATUS_AT + 3));
    received = '';
    onAnswer(status, performance.now() - sentAt);
    sendNext();
  });
  await connected.promise;
  return { socket, finished: finished.promise, begin: sendNext, send };
}

const STATUS_AT = 'HTTP/1.1 '.length;

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /content-length: *(\d+)/i.exec(answer)?.[1];
  if (length === undefined) throw new Error(`an answer without a length:\n${answer}`);
  return answer.length >= headEnd + 4 + Number(length);
}

/** The value that this part of all values stays below. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
