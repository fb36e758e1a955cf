import type { ClickReading } from '#shared/reading.ts';
import type { Merchant } from '#server/store/merchants.ts';
import { keepOwnFact } from '#server/store/own-facts.ts';
import type { Store } from '#server/store/store.ts';
import { newClickId } from './names.ts';

export interface NewClick {
  readonly contest: string;
  readonly code: string;
  readonly at: number;
  readonly url: string | null;
}

/** A click is a fact and nothing else. Its code may be nobody's yet: the participant can come later. */
export async function recordClick(store: Store, merchant: Merchant, told: NewClick, now: number): Promise<string> {
  const click = newClickId();
  const { contest, code, at, url } = told;
  const reading: ClickReading = { about: 'click', contest, click, code };
  await store.database.transaction((queries) =>
    keepOwnFact(store, queries, merchant, {
      source: 'merchant',
      type: 'click',
      externalId: click,
      version: '1',
      occurredAt: at,
      receivedAt: now,
      body: { contest, click, code, url },
      reading,
    }),
  );
  return click;
}
