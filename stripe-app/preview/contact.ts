import type { Call, Calls, Question, Reply } from './protocol';

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };
const waiting = new Map<number, Waiting>();
let asked = 0;

window.addEventListener('message', ({ data, source }: MessageEvent<Reply>) => {
  if (source !== window.parent || data?.to !== 'blitzrocket-frame') return;
  const question = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.error !== undefined) question?.reject(new Error(data.error));
  else question?.resolve(data.value as never);
});

/** Asks the page around the frame. */
export function contact<C extends Call>(call: C, ...args: Parameters<Calls[C]>): Promise<ReturnType<Calls[C]>> {
  return new Promise((resolve, reject) => {
    asked += 1;
    waiting.set(asked, { resolve, reject });
    const question: Question = { to: 'blitzrocket-preview', id: asked, call, args };
    // The frame has no origin of its own; the page around it has the one that served the frame.
    window.parent.postMessage(question, window.location.origin);
  });
}

const reported = new Set<string>();

/** Says once that something would look different, or nothing at all, in the Dashboard. */
export function problem(what: string): void {
  if (reported.has(what)) return;
  reported.add(what);
  void contact('problem', what);
}
