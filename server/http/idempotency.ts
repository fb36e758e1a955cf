import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { failure, type Failure, refused, type Result, success } from '#shared/failure.ts';
import type { MerchantId } from '#shared/ids.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { begin, forget, keepAnswer, type KeyedRequest } from '#server/store/idempotent.ts';
import type { Store } from '#server/store/store.ts';
import { fail, type Rendered, type Reply } from './reply.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

interface Asked {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
}

/** Null: the request carries no key, or it is none that one would be heeded for. */
export function keyedRequest(request: Asked, body: Buffer | null, merchant: MerchantId): Result<KeyedRequest | null> {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || typeof key !== 'string') return success(null);
  if (!KEY.test(key)) return refused(BAD_KEY);
  const hash = createHash('sha256').update(`${request.method} ${request.originalUrl}\n`);
  if (body !== null) hash.update(body);
  return success({ merchant, key, request: hash.digest() });
}

const BAD_KEY: Failure = failure(
  'invalid_idempotencyKey',
  'The header Idempotency-Key must be 1 to 255 visible characters of ASCII.',
);

/** Answers a repeated request with what the first one was answered; what failed on our side may be tried again. */
export async function once(
  { database, keyring }: Pick<Store, 'database' | 'keyring'>,
  asked: KeyedRequest,
  now: () => number,
  handle: () => Promise<Reply>,
  rendered: (reply: Reply) => Rendered,
): Promise<Reply> {
  const beginning = await begin(database, keyring, asked, now());
  if (beginning.is === 'another_request') return fail(REUSED);
  if (beginning.is === 'running') return fail(RUNNING);
  if (beginning.is === 'answered') return { kind: 'stored', ...beginning.answer };
  const { begun } = beginning;
  const reply = await handle().catch(async (error: unknown) => {
    await forget(database, begun).catch(() => undefined); // else it frees itself after a minute
    throw error;
  });
  const answer = rendered(reply);
  const isKept = answer.status < 500 && answer.status !== 429;
  // What was done is done: a failure to note the answer must not make the caller do it again.
  await (isKept ? keepAnswer(database, keyring, begun, answer) : forget(database, begun)).catch(unlessUnavailable);
  return { kind: 'rendered', ...answer };
}

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}

const REUSED = failure(
  'idempotency_key_reused',
  'This Idempotency-Key was used for another request within the last 24 hours. Use a new key for a new request.',
);
const RUNNING = failure('conflict', 'The first request with this Idempotency-Key is still running.', {
  retryAfterSeconds: 1,
});
