import type { PaymentId } from './payments.ts';
import type { Scope } from './scope.ts';

/** What a participant has: sums of entries, never stored. */
export interface Standing {
  readonly points: number;
  readonly entries: number;
  readonly commission: readonly {
    readonly currency: string;
    readonly pending: number;
    readonly approved: number;
    readonly paid: number;
  }[];
}

interface Sum {
  readonly kind: string;
  readonly currency: string | null;
  readonly pending: string;
  readonly approved: string;
}

export async function standingOf(scope: Scope, participant: string, now: number): Promise<Standing> {
  // As text, because the sum of bigints is of another type on each engine.
  const sums = await scope.query<Sum>(
    `select kind, currency,
            cast(coalesce(sum(case when available_at > $3 then amount else 0 end), 0) as text) as pending,
            cast(coalesce(sum(case when available_at > $3 then 0 else amount end), 0) as text) as approved
     from entry where merchant = $1 and participant = $2 group by kind, currency order by kind, currency`,
    [participant, BigInt(now)],
  );
  const total = (kind: string) =>
    sums.filter((sum) => sum.kind === kind).reduce((all, sum) => all + Number(sum.pending) + Number(sum.approved), 0);
  return {
    points: total('points'),
    entries: total('entries'),
    commission: sums.flatMap(({ kind, currency, pending, approved }) =>
      kind === 'commission' && currency !== null
        ? [{ currency, pending: Number(pending), approved: Number(approved), paid: 0 }]
        : [],
    ),
  };
}

/** The payments that a participant has referred, each with the buyer that it counts for. */
export async function referredBy(
  scope: Scope,
  participant: string,
): Promise<{ readonly payments: PaymentId[]; readonly buyers: number }> {
  const rows = await scope.query<{ id: bigint; buyer: string }>(
    `select payment.id, coalesce(min(reader.root), cast(payment.id as text)) as buyer
     from payment left join reader on reader.merchant = payment.merchant and reader.payment = payment.id
     where payment.merchant = $1 and payment.participant = $2 and payment.merged_into is null
     group by payment.id`,
    [participant],
  );
  return { payments: rows.map(({ id }) => id), buyers: new Set(rows.map(({ buyer }) => buyer)).size };
}
