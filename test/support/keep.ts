import { keepTogether } from '#server/inbox/keep.ts';
import type { Store } from '#server/store/store.ts';
import type { StripeEvent } from './stripe.ts';

/** Keeps events in one commit, as if a live endpoint had just verified them. */
export async function keepEvents(store: Store, events: readonly StripeEvent[]): Promise<void> {
  const via = { vouchesFor: ['live', 'test'], merchant: null } as const;
  const onDefect = (error: unknown) => {
    throw error;
  };
  const outcomes = await keepTogether(
    store,
    { ownAccount: null, onDefect },
    events.map((event) => ({ kind: 'sealed', via, receivedAt: Date.now(), body: Buffer.from(JSON.stringify(event)) })),
  );
  expect(outcomes).toEqual(events.map(() => 'new'));
}
