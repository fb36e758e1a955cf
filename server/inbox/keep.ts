import { failure, type Failure, type Result, success } from '#shared/failure.ts';
import type { Arrival } from '#server/store/arrivals.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import type { Store } from '#server/store/store.ts';
import type { Delivery } from './delivery.ts';
import { openEnvelope } from './envelope.ts';

/** On disk, for the first time or as one that was there already. Otherwise why not, and nothing of it was kept. */
export type Outcome = 'new' | 'known' | Failure;

export const isKept = (outcome: Outcome): outcome is 'new' | 'known' => typeof outcome === 'string';

export const RETRY_AFTER_S = 5;
export const UNAVAILABLE: Failure = failure('unavailable', 'The event could not be kept just now. Send it again.', {
  retryAfterSeconds: RETRY_AFTER_S,
});

export interface KeepOptions {
  /** Whose events those are that name no account; null: nobody's yet. */
  readonly ownAccount: string | null;
  readonly onDefect: (error: unknown) => void;
}

/** Keeps what arrived together in one commit. A delivery that can't be kept fails alone. */
export async function keepTogether(
  store: Store,
  options: KeepOptions,
  deliveries: readonly Delivery[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = deliveries.map(() => 'known');
  const arrivals: { arrival: Arrival; index: number }[] = [];
  deliveries.forEach((delivery, index) => {
    const opened = open(options, delivery);
    if (opened.ok) arrivals.push({ arrival: opened.value, index });
    else outcomes[index] = opened.failure;
  });
  try {
    const isNew = await commit(
      store,
      arrivals.map(({ arrival }) => arrival),
    );
    for (const { arrival, index } of arrivals) if (isNew.has(arrival)) outcomes[index] = 'new';
  } catch (error) {
    const alone = arrivals.length > 1 && !(error instanceof StoreUnavailable);
    if (!(error instanceof StoreUnavailable)) options.onDefect(error);
    for (const { arrival, index } of arrivals) {
      outcomes[index] = alone ? await keepAlone(store, options, arrival) : UNAVAILABLE;
    }
  }
  return outcomes;
}

function open({ ownAccount }: KeepOptions, delivery: Delivery): Result<Arrival> {
  if (delivery.kind === 'opened') return success(delivery.arrival);
  return openEnvelope(delivery, ownAccount);
}

async function keepAlone(store: Store, options: KeepOptions, arrival: Arrival): Promise<Outcome> {
  try {
    return (await commit(store, [arrival])).has(arrival) ? 'new' : 'known';
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) options.onDefect(error);
    return UNAVAILABLE;
  }
}

async function commit(store: Store, arrivals: readonly Arrival[]): Promise<ReadonlySet<Arrival>> {
  if (arrivals.length === 0) return new Set();
  return store.database.transaction((queries) => store.keep(queries, arrivals));
}
