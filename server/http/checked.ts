import type { z } from 'zod';
import { failure, type FailureCode, refused, type Result, success } from '#shared/failure.ts';
import { detailsOf } from './sentences.ts';

/** Whatever is wrong inside of these has one name. */
const CODES: Readonly<Record<string, FailureCode>> = { cursor: 'invalid_cursor', rules: 'invalid_rule' };

/** The first refused field names the failure, the details name all of them. */
export function checked(schema: z.ZodType, value: unknown): Result<unknown> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return success(result.data);
  const details = detailsOf(result.error.issues);
  const [first] = details;
  const field = first?.path.split('.')[0] || 'body';
  return refused(
    failure(CODES[field] ?? `invalid_${field}`, first?.message ?? 'the body is not as described', { details }),
  );
}
