import type { Fault } from './protocol';

const failure = (status: number, code: string, message: string) =>
  new Response(JSON.stringify({ success: false, error: { code, message, requestId: 'req_9fK2Qm7' } }), {
    status,
  });

const never = (signal: AbortSignal | null | undefined) =>
  new Promise<Response>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

const ANSWER: Record<Fault, (init?: RequestInit) => Promise<Response>> = {
  slow: (init) => never(init?.signal),
  offline: () => Promise.reject(new TypeError('Failed to fetch')),
  error: async () => failure(500, 'internal', 'something went wrong'),
  forbidden: async () => failure(403, 'insufficient_scope', 'this role may not see referrals'),
  outdated: async () => new Response(JSON.stringify({ success: true, data: { state: 'from a later version' } })),
};

/** From here on every request of the extension meets this fault instead of the backend. */
export function simulate(fault: Fault): void {
  window.fetch = (_, init) => ANSWER[fault](init);
}
