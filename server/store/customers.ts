import { only } from './database.ts';
import type { PaymentId } from './payments.ts';
import type { Scope } from './scope.ts';

/** The newest first. */
export async function paymentsOfCustomer(scope: Scope, customer: string): Promise<PaymentId[]> {
  const rows = await scope.query<{ id: bigint }>(
    `select id from payment where merchant = $1 and buyer_customer = $2 and merged_into is null and position is not null
     order by position desc`,
    [customer],
  );
  return rows.map(({ id }) => id);
}

/** The newest first. */
export async function paymentsReferredBy(scope: Scope, participant: string): Promise<PaymentId[]> {
  const rows = await scope.query<{ id: bigint }>(
    `select id from payment where merchant = $1 and participant = $2 and merged_into is null and position is not null
     order by position desc`,
    [participant],
  );
  return rows.map(({ id }) => id);
}

/** The participation of a Stripe customer, the latest where there are several. */
export async function participantOfCustomer(scope: Scope, customer: string): Promise<string | null> {
  const [row] = await scope.query<{ id: string }>(
    'select id from participant where merchant = $1 and stripe_customer = $2 order by number desc limit 1',
    [customer],
  );
  return row?.id ?? null;
}

/** Whether the merchant has said which Stripe customer this participant is. */
export async function isNamedCustomer(scope: Scope, participant: string): Promise<boolean> {
  const rows = await scope.query(
    'select id from participant where merchant = $1 and id = $2 and stripe_customer is not null',
    [participant],
  );
  return rows.length > 0;
}

export async function countParticipants(scope: Scope, contest: string): Promise<number> {
  const rows = await scope.query<{ n: bigint }>(
    'select count(*) as n from participant where merchant = $1 and contest = $2',
    [contest],
  );
  return Number(only(rows).n);
}

export interface Standing {
  readonly participant: string;
  readonly amount: bigint;
}

/** Who has how many points, or entries, in a contest; most first. */
export async function standings(scope: Scope, contest: string, kind: 'points' | 'entries'): Promise<Standing[]> {
  return scope.query<{ participant: string; amount: bigint }>(
    `select participant, cast(sum(amount) as bigint) as amount from entry
     where merchant = $1 and contest = $2 and kind = $3 group by participant having sum(amount) > 0
     order by amount desc, participant`,
    [contest, kind],
  );
}

export async function countClicks(scope: Scope, code: string): Promise<number> {
  const rows = await scope.query<{ reading: string }>(
    `select reading from fact where merchant = $1 and type = 'click' and reading is not null`,
  );
  const same = code.toLowerCase();
  return rows.filter(({ reading }) => String((JSON.parse(reading) as { code?: string }).code).toLowerCase() === same)
    .length;
}
