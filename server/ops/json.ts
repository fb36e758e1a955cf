import { isUtf8 } from 'node:buffer';
import { failure, refused, type Result, success } from '#shared/failure.ts';

/** Strict about the bytes: Node would read a broken UTF-8 sequence as some other text. */
export function parseJson(body: Uint8Array): Result<unknown> {
  if (!isUtf8(body)) return refused(failure('invalid_json', 'The body is not valid UTF-8.'));
  try {
    return success(JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')));
  } catch {
    return refused(failure('invalid_json', 'The body is not valid JSON.'));
  }
}
