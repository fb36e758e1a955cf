/**
 * The closed list of ways to fail. `retry` tells the sender whether the same request may succeed later.
 * Which HTTP status belongs to a code is known in one other place: `server/http/status.ts`.
 */
export const FAILURES = {
  invalid_json: 'never',
  invalid_cursor: 'never',
  signature_missing: 'never',
  signature_malformed: 'never',
  signature_mismatch: 'never',
  timestamp_too_old: 'never',
  timestamp_in_future: 'never',
  not_an_event: 'never',
  unauthorized: 'never',
  insufficient_scope: 'never',
  not_found: 'never',
  method_not_allowed: 'never',
  conflict: 'later',
  code_taken: 'never',
  slug_taken: 'never',
  click_conflict: 'never',
  idempotency_key_reused: 'never',
  contest_not_started: 'later',
  purchase_tracking_disabled: 'later',
  contest_ended: 'never',
  body_too_large: 'never',
  unsupported_media_type: 'never',
  rate_limited: 'later',
  internal: 'later',
  unavailable: 'later',
} as const satisfies Record<string, 'never' | 'later'>;

/** A refused field names itself: `invalid_amount`, `invalid_orderId`. */
export type InvalidField = `invalid_${string}`;
export type FailureCode = keyof typeof FAILURES | InvalidField;

export interface FailureDetail {
  readonly path: string;
  readonly message: string;
}

export interface Failure {
  readonly code: FailureCode;
  /** One sentence for the person who meets it: what is wrong and, where we know, what to do. */
  readonly message: string;
  readonly details?: readonly FailureDetail[];
  readonly retryAfterSeconds?: number;
}

export const failure = (code: FailureCode, message: string, more: Omit<Failure, 'code' | 'message'> = {}): Failure => ({
  code,
  message,
  ...more,
});

export type Result<Value, Problem = Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Problem };

export const success = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const refused = <Problem>(problem: Problem): Result<never, Problem> => ({ ok: false, failure: problem });
