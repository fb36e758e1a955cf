import type { AwardKind } from '#shared/contract/payments.ts';
import type { Balance, Line, Revision, Role } from '#shared/entry.ts';
import type { PaymentId } from './payments.ts';
import type { Scope } from './scope.ts';

export interface Entry {
  readonly number: bigint;
  readonly slot: string;
  readonly n: bigint;
  readonly amount: bigint;
  readonly payment: PaymentId | null;
  readonly contest: string;
  readonly participant: string;
  readonly role: Role;
  readonly kind: AwardKind;
  readonly currency: string | null;
  readonly rule: string | null;
  readonly ruleVersion: bigint | null;
  readonly cause: string;
  readonly reason: string;
  readonly note: string | null;
  readonly reverses: bigint | null;
  readonly at: bigint;
  readonly availableAt: bigint | null;
  readonly recordedAt: bigint;
}

const COLUMNS = [
  'slot',
  'n',
  'number',
  'amount',
  'payment',
  'contest',
  'participant',
  'role',
  'kind',
  'currency',
  'rule',
  'rule_version',
  'cause',
  'reason',
  'note',
  'reverses',
  'at',
  'available_at',
  'recorded_at',
] as const;
const SELECT = `select ${COLUMNS.join(', ')} from entry where merchant = $1`;

type Row = Omit<Entry, 'ruleVersion' | 'availableAt' | 'recordedAt'> & {
  readonly rule_version: bigint | null;
  readonly available_at: bigint | null;
  readonly recorded_at: bigint;
};

const entryOf = ({ rule_version, available_at, recorded_at, ...row }: Row): Entry => ({
  ...row,
  ruleVersion: rule_version,
  availableAt: available_at,
  recordedAt: recorded_at,
});

export async function entriesOfPayment(scope: Scope, payment: PaymentId): Promise<Entry[]> {
  return (await scope.query<Row>(`${SELECT} and payment = $2 order by number`, [payment])).map(entryOf);
}

/** What stands in each slot of a payment. */
export function balancesOf(entries: readonly Entry[]): Map<string, Balance> {
  const balances = new Map<string, Balance>();
  for (const { slot, n, amount } of entries) {
    const before = balances.get(slot);
    balances.set(slot, {
      n: before === undefined || n > before.n ? n : before.n,
      amount: (before?.amount ?? 0n) + amount,
    });
  }
  return balances;
}

export interface Writing {
  readonly payment: PaymentId;
  readonly contest: string | null;
  readonly recordedAt: number;
  readonly nextNumber: () => bigint;
  /** Why something that stood is taken back. */
  readonly withdrawn: string;
}

/** Appends what is missing. The key (slot, n) refuses a second writer of the same difference. */
export async function appendRevisions(
  scope: Scope,
  revisions: readonly Revision[],
  before: readonly Entry[],
  writing: Writing,
): Promise<void> {
  await scope.insert(
    { table: 'entry', columns: COLUMNS },
    revisions.map(({ slot, n, amount, line }) => {
      const last = before.findLast((entry) => entry.slot === slot);
      const contest = line === null ? last?.contest : (writing.contest ?? last?.contest);
      if (contest === undefined || contest === null) throw new Error(`an entry without a contest: ${slot}`);
      return [
        slot,
        n,
        writing.nextNumber(),
        amount,
        writing.payment,
        contest,
        line?.participant ?? last?.participant ?? '',
        line?.role ?? last?.role ?? '',
        line?.kind ?? last?.kind ?? '',
        line?.currency ?? last?.currency ?? null,
        line?.rule ?? last?.rule ?? null,
        line === null ? (last?.ruleVersion ?? null) : BigInt(line.ruleVersion),
        line?.cause ?? last?.cause ?? '',
        reasonOf(line?.cause ?? last?.cause ?? '', last !== undefined, writing.withdrawn, line === null),
        null,
        last?.number ?? (line?.cause.startsWith('refund ') === true ? awardBefore(before, line) : null),
        line === null ? (last?.at ?? 0n) : BigInt(line.at),
        line === null ? (last?.availableAt ?? null) : BigInt(line.availableAt),
        BigInt(writing.recordedAt),
      ];
    }),
  );
}

/** What a refund takes back: the award of the same rule to the same person. */
const awardBefore = (before: readonly Entry[], line: Line): bigint | null =>
  before.find(
    ({ cause, participant, rule, role, kind }) =>
      cause === 'award' &&
      participant === line.participant &&
      rule === line.rule &&
      role === line.role &&
      kind === line.kind,
  )?.number ?? null;

function reasonOf(cause: string, isRevision: boolean, withdrawn: string, isWithdrawn: boolean): string {
  if (isWithdrawn) return withdrawn;
  if (isRevision) return 'decided_again';
  return cause.startsWith('refund ') ? 'refund' : 'award';
}

export async function listEntries(
  scope: Scope,
  page: {
    readonly contest: string;
    readonly after: bigint | null;
    readonly participant: string | null;
    readonly payment: PaymentId | null;
    readonly limit: number;
  },
): Promise<Entry[]> {
  const rows = await scope.query<Row>(
    `${SELECT} and contest = $2 and number > $3 and ($4 = '' or participant = $4) and ($5 < 0 or payment = $5)
     order by number limit $6`,
    [page.contest, page.after ?? 0n, page.participant ?? '', page.payment ?? -1n, BigInt(page.limit)],
  );
  return rows.map(entryOf);
}
