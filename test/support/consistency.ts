import type { Database } from '#server/store/database.ts';
import { openBodies } from '#server/store/bodies.ts';
import type { Store } from '#server/store/store.ts';
import { merchantId } from '#shared/ids.ts';

/** Each counts rows that a half-done write would leave behind. */
const HALVES: Readonly<Record<string, string>> = {
  'facts without their body': `select count(*) as n from fact
    left join body on body.merchant = fact.merchant and body.id = fact.body where body.id is null`,
  'rivals without their body': `select count(*) as n from rival
    left join body on body.merchant = rival.merchant and body.id = rival.body where body.id is null`,
  'rivals of no fact': `select count(*) as n from rival
    left join fact on fact.merchant = rival.merchant and fact.seq = rival.seq where fact.seq is null`,
  'bodies of nothing': `select count(*) as n from body
    where not exists (select 1 from fact where fact.merchant = body.merchant and fact.body = body.id)
      and not exists (select 1 from rival where rival.merchant = body.merchant and rival.body = body.id)`,
  'places in the queue of no fact': `select count(*) as n from
    (select merchant, seq from unread union all select merchant, seq from aside
     union all select merchant, seq from unreadable) as stands
    left join fact on fact.merchant = stands.merchant and fact.seq = stands.seq where fact.seq is null`,
  'facts that stand in two places': `select count(*) as n from
    (select merchant, seq from
      (select merchant, seq from unread union all select merchant, seq from aside
       union all select merchant, seq from unreadable) as stands
     group by merchant, seq having count(*) > 1) as doubled`,
  'merchants without a lease': `select count(*) as n from merchant
    left join lease on lease.merchant = merchant.id where lease.merchant is null`,
};

/** What is half there; empty in a store that is whole. */
export async function halves(database: Database): Promise<string[]> {
  const found: string[] = [];
  for (const [name, text] of Object.entries(HALVES)) {
    const [row] = await database.query<{ n: bigint }>(text);
    if (row?.n !== 0n) found.push(`${row?.n} ${name}`);
  }
  return found;
}

export interface KeptBody {
  readonly externalId: string;
  readonly body: string | null;
}

/** Facts with their bodies opened, of all merchants: a few of them, or all. */
export async function keptBodies({ database, keyring }: Store, limit = 1_000_000): Promise<KeptBody[]> {
  const rows = await database.query<{
    merchant: bigint;
    external_id: string;
    body: bigint;
    place: bigint;
    sealed: Uint8Array;
  }>(
    `select fact.merchant, external_id, body, place, sealed from fact
     join body on body.merchant = fact.merchant and body.id = fact.body
     order by fact.external_id desc limit $1`,
    [BigInt(limit)],
  );
  return rows.map(({ merchant, external_id, body, place, sealed }) => ({
    externalId: external_id,
    body: openBodies(keyring, merchantId(merchant), body, sealed)[Number(place)]?.toString() ?? null,
  }));
}
