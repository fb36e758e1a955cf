import { failure, type Failure } from '#shared/failure.ts';
import type { Arrival } from '#server/store/arrivals.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import type { Store } from '#server/store/store.ts';
import type { Delivery } from './delivery.ts';
import { type Envelopes, openEnvelope } from './envelope.ts';

/** Null: kept, on disk. Otherwise why not, and nothing of it was kept. */
export type Outcome = Failure | null;

export const RETRY_AFTER_S = 5;
export const UNAVAILABLE: Failure = failure('unavailable', 'The event could not be kept just now. Send it again.', {
  retryAfterSeconds: RETRY_AFTER_S,
});

export interface KeepOptions extends Omit<Envelopes, 'matchKey'> {
  readonly onDefect: (error: unknown) => void;
}

/** Keeps what arrived together in one commit. A delivery that can't be kept fails alone. */
export async function keepTogether(
  store: Store,
  options: KeepOptions,
  deliveries: readonly Delivery[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = deliveries.map(() => null);
  const arrivals: { arrival: Arrival; index: number }[] = [];
  deliveries.forEach((delivery, index) => {
    const opened = openEnvelope(delivery, { matchKey: store.matchKey, ownAccount: options.ownAccount });
    if (opened.ok) arrivals.push({ arrival: opened.value, index });
    else outcomes[index] = opened.failure;
  });
  try {
    await commit(
      store,
      arrivals.map(({ arrival }) => arrival),
    );
  } catch (error) {
    const alone = arrivals.length > 1 && !(error instanceof StoreUnavailable);
    if (!(error instanceof StoreUnavailable)) options.onDefect(error);
    for (const { arrival, index } of arrivals) {
      outcomes[index] = alone ? await keepAlone(store, options, arrival) : UNAVAILABLE;
    }
  }
  return outcomes;
}

async function keepAlone(store: Store, options: KeepOptions, arrival: Arrival): Promise<Outcome> {
  try {
    await commit(store, [arrival]);
    return null;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) options.onDefect(error);
    return UNAVAILABLE;
  }
}

async function commit(store: Store, arrivals: readonly Arrival[]): Promise<void> {
  if (arrivals.length > 0) await store.database.transaction((queries) => store.keep(queries, arrivals));
}
