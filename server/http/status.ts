import type { FailureCode } from '#shared/failure.ts';

/** The one place that knows which status a failure has. A refused field is 422. */
const STATUS: Partial<Record<FailureCode, number>> = {
  invalid_json: 400,
  invalid_cursor: 400,
  not_an_event: 400,
  unauthorized: 401,
  insufficient_scope: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  code_taken: 409,
  slug_taken: 409,
  click_conflict: 409,
  idempotency_key_reused: 409,
  contest_not_started: 409,
  purchase_tracking_disabled: 409,
  contest_ended: 410,
  body_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};

const PROOF: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'signature_missing',
  'signature_malformed',
  'signature_mismatch',
  'timestamp_too_old',
  'timestamp_in_future',
]);

/** Stripe's doors answer a failed proof with 400, as Stripe's own libraries do; every other door with 401. */
export function statusOf(code: FailureCode, door: 'stripe' | 'other'): number {
  if (PROOF.has(code)) return door === 'stripe' ? 400 : 401;
  return STATUS[code] ?? 422;
}
