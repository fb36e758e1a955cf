import type { Result } from '#shared/failure.ts';
import { failure, refused, success } from '#shared/failure.ts';
import { type SigningSecret, verifyStripeSignature } from './stripe-signature.ts';

/**
 * The proof of a request from the Dashboard: Stripe signs its whole body for the account and the user who look at the page,
 * with the app's own secret (absec_…), in the scheme of its webhooks. While that is rotated the header has a v1 for each.
 */
export function verifyDashboardSignature(
  body: Uint8Array,
  header: string | readonly string[] | undefined,
  secrets: readonly SigningSecret[],
  nowMs: number,
): Result<null> {
  // Node gives an array where somebody sent the header twice; to the scheme it is one list.
  const text = typeof header === 'string' || header === undefined ? header : header.join(',');
  const verified = verifyStripeSignature(body, text, secrets, nowMs);
  if (verified.ok) return success(null);
  const words = WORDS[verified.failure.code];
  return refused(words === undefined ? verified.failure : failure(verified.failure.code, words));
}

const WORDS: Readonly<Record<string, string>> = {
  signature_missing: 'The Stripe-Signature header is missing. Send what fetchStripeSignature gave for this body.',
  signature_mismatch:
    'No signature matches. Check that STRIPE_APP_SECRETS holds the app’s signing secret, and that the body is what was signed.',
};
