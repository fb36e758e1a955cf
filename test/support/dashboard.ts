import { createHmac } from 'node:crypto';
import type { Answer, Backend } from './backend.ts';
import { APP_SECRET } from './stripe.ts';

export interface Asking {
  readonly action?: string;
  readonly object?: string;
  readonly account_id?: string;
  readonly livemode?: unknown;
  readonly [more: string]: unknown;
}

/** The signed text, as the Dashboard makes it: what the extension gave, then user and account. */
export const signedText = ({ account_id = 'acct_1Ada', ...given }: Asking = {}): string =>
  JSON.stringify({
    action: 'payment',
    object: 'pi_1',
    livemode: false,
    stripe_roles: [{ id: 'admin', name: 'Administrator', type: 'builtIn' }],
    ...given,
    user_id: 'usr_1',
    account_id,
  });

/** The header that Stripe gives for a text: one v1 for each secret that is in use. */
export function proofOf(text: string | Uint8Array, secrets = [APP_SECRET], atMs = Date.now()): string {
  const seconds = Math.floor(atMs / 1000);
  const sign = (secret: string) => createHmac('sha256', secret).update(`${seconds}.`).update(text).digest('hex');
  return [`t=${seconds}`, ...secrets.map((secret) => `v1=${sign(secret)}`)].join(',');
}

export const post = (backend: Backend, verb: string, body: string, headers: Record<string, string>): Promise<Answer> =>
  backend.request(`/api/app/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'null', ...headers },
    body,
  });

/** Asks as the extension in somebody's Dashboard does. */
export function ask(backend: Backend, asking: Asking = {}): Promise<Answer> {
  const text = signedText(asking);
  return post(backend, asking.action ?? 'payment', text, { 'stripe-signature': proofOf(text) });
}
