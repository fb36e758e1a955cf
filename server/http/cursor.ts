import { failure, refused, type Result, success } from '#shared/failure.ts';
import { type Sequence, sequence } from '#shared/ids.ts';

const NOT_OURS = refused(
  failure('invalid_cursor', 'The cursor is not one of ours. Take nextCursor from the answer before, or leave it out.'),
);

/** Opaque to callers, so that what a list is ordered by may change. */
export const writeCursor = (at: Sequence): string => Buffer.from(`s${at}`).toString('base64url');

export function readCursor(text: string | undefined): Result<Sequence | null> {
  if (text === undefined) return success(null);
  const digits = /^s(\d{1,19})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))?.[1];
  if (digits === undefined || BigInt(digits) >= 2n ** 63n) {
    return NOT_OURS;
  }
  return success(sequence(BigInt(digits)));
}

/** A place in a list that is ordered by text. */
export const writeTextCursor = (at: string): string => Buffer.from(`t${at}`).toString('base64url');

export function readTextCursor(text: string | undefined): Result<string | null> {
  if (text === undefined) return success(null);
  const place = /^t([^\0]+)$/s.exec(Buffer.from(text, 'base64url').toString('utf8'))?.[1];
  return place === undefined ? NOT_OURS : success(place);
}
