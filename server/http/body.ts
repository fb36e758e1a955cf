import type { IncomingMessage } from 'node:http';
import { failure, refused, type Result, success } from '#shared/failure.ts';

/** Reads the whole body, but no more than `limit` bytes of it. */
export function readBody(request: IncomingMessage, limit: number): Promise<Result<Buffer>> {
  const tooLarge = refused(failure('body_too_large', `The body is larger than ${limit} bytes.`));
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.resolve(tooLarge);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        request.pause();
        resolve(tooLarge);
      } else chunks.push(chunk);
    });
    request.on('end', () =>
      resolve(success(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length))),
    );
    request.on('error', reject);
    request.on('aborted', () => reject(new RequestAborted()));
  });
}

/** The sender went away in mid-request: nobody is left to answer. */
export class RequestAborted extends Error {
  override readonly name = 'RequestAborted';
}

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i;

export function checkJsonType(request: Pick<IncomingMessage, 'headers'>): Result<null> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!JSON_TYPE.test(type)) {
    return refused(
      failure('unsupported_media_type', 'Send the body as JSON, with the header Content-Type: application/json.'),
    );
  }
  if (encoding !== 'identity') {
    return refused(
      failure('unsupported_media_type', `Send the body as it is; Content-Encoding ${encoding} is not taken.`),
    );
  }
  return success(null);
}
