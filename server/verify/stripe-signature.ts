import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { failure, type Failure, refused, type Result, success } from '#shared/failure.ts';

/**
 * Stripe's scheme (`t=…,v1=…`, HMAC-SHA256 over `t.body`), over the bytes as they came. It agrees with Stripe's own
 * verifier but for what that lets pass: a time in the future, a time that is not a number, an empty signature.
 */
export const OLDEST_S = 300;
export const AHEAD_S = 60;

export interface SigningSecret {
  readonly key: KeyObject;
}

export const signingSecret = (secret: string): SigningSecret => ({ key: createSecretKey(Buffer.from(secret)) });

interface SignatureHeader {
  readonly time: string;
  readonly seconds: number;
  readonly signatures: readonly string[];
}

/** Which of the secrets signed it. */
export function verifyStripeSignature<Secret extends SigningSecret>(
  body: Uint8Array,
  header: string | undefined,
  secrets: readonly Secret[],
  nowMs: number,
  name = 'Stripe-Signature',
): Result<Secret> {
  if (header === undefined || header === '') {
    return refused(
      failure('signature_missing', `The ${name} header is missing. Send the body as it was signed, with its header.`),
    );
  }
  const parsed = parse(header, name);
  if (!parsed.ok) return parsed;
  const { time, seconds, signatures } = parsed.value;
  const signer = secrets.find((secret) => matches(sign(secret, time, body), signatures));
  if (signer === undefined) return refused(MISMATCH);
  const ageS = Math.floor(nowMs / 1000) - seconds;
  if (ageS > OLDEST_S)
    return refused(failure('timestamp_too_old', `The signature is ${ageS} s old; at most ${OLDEST_S} s are accepted.`));
  if (ageS < -AHEAD_S) {
    return refused(
      failure(
        'timestamp_in_future',
        `The signature is ${-ageS} s ahead of our clock; at most ${AHEAD_S} s are accepted.`,
      ),
    );
  }
  return success(signer);
}

export const MISMATCH: Failure = failure(
  'signature_mismatch',
  'No signature matches. Check that the endpoint’s own signing secret is configured, and that the raw body reaches us unchanged.',
);

function parse(header: string, name: string): Result<SignatureHeader> {
  const malformed = (why: string) =>
    refused(failure('signature_malformed', `The ${name} header can’t be read: ${why}.`));
  let time = '';
  const signatures: string[] = [];
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const scheme = at < 0 ? part : part.slice(0, at);
    const value = at < 0 ? '' : part.slice(at + 1);
    if (scheme === 't') time = value;
    if (scheme === 'v1') signatures.push(value);
  }
  if (!/^\d{1,15}$/.test(time)) return malformed('it has no time (t=…)');
  if (signatures.length === 0) return malformed('it has no v1 signature');
  if (signatures.includes('')) return malformed('its v1 signature is empty');
  return success({ time, seconds: Number(time), signatures });
}

const sign = ({ key }: SigningSecret, time: string, body: Uint8Array): Buffer =>
  createHmac('sha256', key).update(`${time}.`).update(body).digest();

/** The header that Stripe would send: a signature for each secret, as while rotating. For the preview, which stands in for it. */
export function signatureHeader(body: Uint8Array, secrets: readonly SigningSecret[], nowMs: number): string {
  const time = String(Math.floor(nowMs / 1000));
  return [`t=${time}`, ...secrets.map((secret) => `v1=${sign(secret, time, body).toString('hex')}`)].join(',');
}

const SIGNATURE = /^[0-9a-f]{64}$/;

function matches(expected: Buffer, signatures: readonly string[]): boolean {
  let found = false;
  for (const signature of signatures) {
    if (SIGNATURE.test(signature) && timingSafeEqual(expected, Buffer.from(signature, 'hex'))) found = true;
  }
  return found;
}
