import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { failure, type Failure, refused, type Result, success } from '#shared/failure.ts';
import { AHEAD_S, OLDEST_S, signingSecret, verifyStripeSignature } from './stripe-signature.ts';

/** What a store's post says of itself: headers by lower-case name, and `secret` of the address. */
export interface StorePost {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly urlSecret: string | null;
}

/**
 * Proof that a post comes from somebody who knows the contest's webhook secret: the secret itself, in a header or in the
 * address, or a signature over the bytes in our own scheme or in that of Standard Webhooks.
 */
export function verifyContestSecret(post: StorePost, secrets: readonly string[], nowMs: number): Result<null> {
  const { headers } = post;
  const signature = one(headers['blitzrocket-signature']);
  if (signature !== null) return verifyOwnSignature(post.body, signature, secrets, nowMs);
  const standard = one(headers['webhook-signature']);
  if (standard !== null) return verifyStandardWebhook(post, standard, secrets, nowMs);
  const bearer = /^Bearer +(\S+)$/i.exec(one(headers['authorization']) ?? '')?.[1];
  const told = bearer ?? one(headers['x-webhook-secret']) ?? post.urlSecret;
  if (told === null || told === '') return refused(NO_PROOF);
  return secrets.some((secret) => sameText(secret, told.trim())) ? success(null) : refused(WRONG_SECRET);
}

const one = (header: string | string[] | undefined): string | null =>
  Array.isArray(header) ? header.join(',') : (header ?? null);

const NO_PROOF = failure(
  'unauthorized',
  'Send the contest’s webhook secret (brwh_…) as Authorization: Bearer, as X-Webhook-Secret or as ?secret= in the address, or sign the body with it.',
);
const WRONG_SECRET = failure(
  'unauthorized',
  'This is not the contest’s webhook secret. Copy it from the contest’s tracking settings, or make a new one there.',
);

/** In constant time, whatever the lengths. */
function sameText(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

function verifyOwnSignature(body: Uint8Array, header: string, secrets: readonly string[], nowMs: number): Result<null> {
  const verified = verifyStripeSignature(body, header, secrets.map(signingSecret), nowMs, 'BlitzRocket-Signature');
  return verified.ok ? success(null) : verified;
}

/** https://www.standardwebhooks.com: base64 signatures over id.time.body, the secret's own bytes as the key. */
function verifyStandardWebhook(
  post: StorePost,
  header: string,
  secrets: readonly string[],
  nowMs: number,
): Result<null> {
  const id = one(post.headers['webhook-id']) ?? '';
  const time = one(post.headers['webhook-timestamp']) ?? '';
  if (id === '' || !/^\d{1,15}$/.test(time)) {
    return refused(
      failure('signature_malformed', 'Standard Webhooks need the headers webhook-id and webhook-timestamp.'),
    );
  }
  const given = header.split(' ').flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
  if (given.length === 0)
    return refused(failure('signature_malformed', 'The webhook-signature header has no v1 signature.'));
  const signatures = secrets
    .flatMap(keysOf)
    .map((key) => createHmac('sha256', key).update(`${id}.${time}.`).update(post.body).digest('base64'));
  if (!signatures.some((expected) => given.some((text) => sameText(expected, text)))) return refused(NO_MATCH);
  const tooFar = timeProblem(Number(time), nowMs);
  return tooFar === null ? success(null) : refused(tooFar);
}

const NO_MATCH = failure(
  'signature_mismatch',
  'No signature matches the contest’s webhook secret. Sign the bytes of the body as they are sent.',
);

/** Libraries take what stands behind the prefix for base64; some are given the whole secret as it is. */
const keysOf = (secret: string): Buffer[] => [Buffer.from(secret.replace(/^brwh_/, ''), 'base64'), Buffer.from(secret)];

function timeProblem(seconds: number, nowMs: number): Failure | null {
  const ageS = Math.floor(nowMs / 1000) - seconds;
  if (ageS > OLDEST_S)
    return failure('timestamp_too_old', `The signature is ${ageS} s old; at most ${OLDEST_S} s are accepted.`);
  if (ageS >= -AHEAD_S) return null;
  return failure(
    'timestamp_in_future',
    `The signature is ${-ageS} s ahead of our clock; at most ${AHEAD_S} s are accepted.`,
  );
}
