import { type MerchantName, MODES } from '#shared/mode.ts';
import type { Arrival, Unclaimed } from '#server/store/arrivals.ts';
import { merchantsWithUnclaimed } from '#server/store/merchants.ts';
import { dropOldUnclaimed } from '#server/store/queue.ts';
import type { Store } from '#server/store/store.ts';
import { NO_ACCOUNT, openEnvelope } from './envelope.ts';

const TOGETHER = 64;
const UNCLAIMED_DAYS = 30;
const DAY_MS = 86_400_000;

interface Claiming {
  readonly store: Store;
  readonly now: () => number;
  readonly ownAccount: string | null;
}

/** Gives merchants what came in before they were added, and drops what nobody claimed in 30 days. */
export async function claimWaiting(claiming: Claiming): Promise<void> {
  const { store, ownAccount } = claiming;
  for (const name of await merchantsWithUnclaimed(store.database)) await claimFor(claiming, name);
  for (const mode of MODES) {
    if (ownAccount !== null) await take(claiming, { account: NO_ACCOUNT, mode }, { account: ownAccount, mode });
  }
  await dropOldUnclaimed(store.database, claiming.now() - UNCLAIMED_DAYS * DAY_MS);
}

/** Makes facts of all that waits for this merchant. Says how many deliveries there were. */
export async function claimFor(claiming: Claiming, merchant: MerchantName): Promise<number> {
  const named = await take(claiming, merchant, merchant);
  if (merchant.account !== claiming.ownAccount) return named;
  return named + (await take(claiming, { ...merchant, account: NO_ACCOUNT }, merchant));
}

async function take({ store, ownAccount }: Claiming, from: MerchantName, to: MerchantName): Promise<number> {
  const via = { vouchesFor: [from.mode], merchant: null };
  const arrivalOf = ({ body, receivedAt }: Unclaimed): Arrival => {
    const opened = openEnvelope({ kind: 'sealed', via, receivedAt, body }, ownAccount);
    if (!opened.ok) throw new Error(`an unclaimed delivery can't be opened any more: ${opened.failure.code}`);
    return { ...opened.value, ...to };
  };
  for (let taken = 0; ; ) {
    const together = await store.database.transaction(async (queries) => {
      const deliveries = await store.takeUnclaimed(queries, from, TOGETHER);
      await store.keep(queries, deliveries.map(arrivalOf));
      return deliveries.length;
    });
    taken += together;
    if (together < TOGETHER) return taken;
  }
}
