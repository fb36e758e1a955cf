import { Worker } from 'node:worker_threads';
import type { Arrival } from '#server/store/arrivals.ts';
import type { Delivery, Via } from './delivery.ts';
import { createGatherer, type GatherOptions } from './gather.ts';
import type { Inbox } from './inbox.ts';
import type { Outcome } from './keep.ts';

/** What the thread needs to open the same store by itself. */
export interface ThreadSetting {
  readonly url: string;
  readonly encryptionKeys: readonly { readonly id: string; readonly key: Uint8Array }[];
  readonly matchKey: Uint8Array;
  readonly ownAccount: string | null;
}

/** The bodies of a batch travel as one piece of memory that changes hands, everything else as small numbers. */
export interface BatchMessage {
  readonly kind: 'batch';
  readonly number: number;
  readonly bytes: ArrayBuffer;
  readonly lengths: readonly number[];
  readonly receivedAt: readonly number[];
  readonly vias: readonly Via[];
  readonly viaOf: readonly number[];
  /** What doors have read themselves, by place in the batch; its body travels with it. */
  readonly opened: ReadonlyMap<number, Arrival>;
}

export type ToThread = BatchMessage | { readonly kind: 'wake' } | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'open' }
  /** The memory of the batch comes back with the answer, for the next one. */
  | {
      readonly kind: 'kept';
      readonly number: number;
      readonly outcomes: readonly Outcome[];
      readonly bytes: ArrayBuffer;
    }
  | { readonly kind: 'worked'; readonly worked: number; readonly setAside: number }
  | { readonly kind: 'defect'; readonly message: string; readonly stack: string | undefined };

export interface ThreadOptions extends Pick<GatherOptions, 'onCommitted'> {
  readonly onWorked: (counts: { readonly worked: number; readonly setAside: number }) => void;
  readonly onDefect: (error: unknown) => void;
}

const RESTART_MS = 1_000;
const CLOSE_MS = 10_000;

/**
 * The inbox in a thread of its own, with its own connection to the store: the thread that speaks HTTP only verifies.
 * When the thread dies, what it had in hand is sent back to its senders, and another one is started.
 */
export async function openInboxThread(setting: ThreadSetting, options: ThreadOptions): Promise<Inbox> {
  let closing = false;
  let current = await startThread(setting, options);
  const keepRunning = async () => {
    for (;;) {
      await current.ended;
      if (closing) return;
      options.onDefect(new Error('the inbox thread ended; starting another'));
      try {
        current = await startThread(setting, options);
        if (closing) await current.close();
      } catch (error) {
        options.onDefect(error);
        await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      }
    }
  };
  const running = keepRunning();
  const gatherer = createGatherer((deliveries) => current.send(deliveries), { onCommitted: options.onCommitted });
  return {
    keep: (delivery) => gatherer.keep(delivery),
    wake: () => current.wake(),
    close: async () => {
      closing = true;
      // A store that hangs must not hold up the end: whose delivery it has in hand has had no answer, and sends it again.
      const late = setTimeout(() => current.terminate(), CLOSE_MS);
      await gatherer.idle();
      await current.close();
      await running;
      clearTimeout(late);
    },
  };
}

interface RunningThread {
  send(deliveries: readonly Delivery[]): Promise<readonly Outcome[]>;
  wake(): void;
  close(): Promise<void>;
  terminate(): void;
  readonly ended: Promise<void>;
}

async function startThread(setting: ThreadSetting, options: ThreadOptions): Promise<RunningThread> {
  const worker = new Worker(new URL('./thread-main.ts', import.meta.url), { workerData: setting });
  const spare = createSpare();
  const answers = new Map<
    number,
    { resolve: (outcomes: readonly Outcome[]) => void; reject: (error: Error) => void }
  >();
  let number = 0;
  let isOver = false;
  const opened = Promise.withResolvers<void>();
  const ended = new Promise<void>((resolve) => {
    worker.on('error', (error) => {
      options.onDefect(error);
      opened.reject(error);
    });
    worker.on('exit', () => {
      isOver = true;
      for (const { reject } of answers.values()) reject(new Error('the inbox thread ended'));
      answers.clear();
      opened.reject(new Error('the inbox thread did not open'));
      resolve();
    });
  });
  worker.on('message', (message: FromThread) => {
    if (message.kind === 'kept') {
      spare.give(message.bytes);
      answers.get(message.number)?.resolve(message.outcomes);
      answers.delete(message.number);
    } else if (message.kind === 'worked') options.onWorked(message);
    else if (message.kind === 'open') opened.resolve();
    else options.onDefect(Object.assign(new Error(message.message), { stack: message.stack }));
  });
  await opened.promise;
  return {
    ended,
    send: (deliveries) =>
      new Promise((resolve, reject) => {
        // What is posted to a thread that has ended is lost without a word.
        if (isOver) {
          reject(new Error('the inbox thread ended'));
          return;
        }
        number += 1;
        answers.set(number, { resolve, reject });
        const message = pack(number, deliveries, spare);
        worker.postMessage(message, [message.bytes]);
      }),
    wake: () => worker.postMessage({ kind: 'wake' } satisfies ToThread),
    close: async () => {
      worker.postMessage({ kind: 'close' } satisfies ToThread);
      await ended;
    },
    terminate: () => void worker.terminate(),
  };
}

const PIECE_BYTES = 64 << 10;
const MOST_SPARE = 4;

/**
 * Memory that has come back. A batch is some hundred kilobytes, three hundred times a second: fresh memory for each would be
 * zeroed by the system and collected by both threads.
 */
interface Spare {
  take(bytes: number): ArrayBuffer;
  give(memory: ArrayBuffer): void;
}

function createSpare(): Spare {
  const spare: ArrayBuffer[] = [];
  return {
    take: (bytes) => {
      const at = spare.findIndex(({ byteLength }) => byteLength >= bytes);
      const [found] = at < 0 ? [] : spare.splice(at, 1);
      return found ?? new ArrayBuffer(Math.ceil(bytes / PIECE_BYTES) * PIECE_BYTES);
    },
    give: (memory) => {
      if (spare.length < MOST_SPARE) spare.push(memory);
    },
  };
}

function pack(number: number, deliveries: readonly Delivery[], spare: Spare): BatchMessage {
  const lengths = deliveries.map(({ body }) => body.length);
  const bytes = spare.take(lengths.reduce((sum, length) => sum + length, 0));
  const all = new Uint8Array(bytes);
  const vias: Via[] = [];
  const viaOf: number[] = [];
  const receivedAt: number[] = [];
  const opened = new Map<number, Arrival>();
  let at = 0;
  for (const [place, delivery] of deliveries.entries()) {
    all.set(delivery.body, at);
    at += delivery.body.length;
    if (delivery.kind === 'opened') {
      opened.set(place, delivery.arrival);
      receivedAt.push(delivery.arrival.receivedAt);
      viaOf.push(-1);
    } else {
      let index = vias.indexOf(delivery.via);
      if (index < 0) index = vias.push(delivery.via) - 1;
      receivedAt.push(delivery.receivedAt);
      viaOf.push(index);
    }
  }
  return { kind: 'batch', number, bytes, lengths, receivedAt, vias, viaOf, opened };
}

export function unpack(message: BatchMessage): Delivery[] {
  let at = 0;
  return message.lengths.map((length, place) => {
    const body = new Uint8Array(message.bytes, at, length);
    at += length;
    const arrival = message.opened.get(place);
    if (arrival !== undefined) return { kind: 'opened', arrival, body };
    const via = message.vias[message.viaOf[place] ?? 0] as Via;
    return { kind: 'sealed', via, receivedAt: message.receivedAt[place] ?? 0, body };
  });
}
