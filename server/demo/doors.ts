import { createHmac } from 'node:crypto';
import type { DemoDoors } from './seed.ts';

/** The sandbox's own doors from outside, as Stripe and a store would come to them. */
export function demoDoors(url: string, webhookSecret: string): DemoDoors {
  const post = async (path: string, headers: Readonly<Record<string, string>>, body: string) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    if (!answer.ok) throw new Error(`${path} refused the demo data: ${answer.status} ${await answer.text()}`);
  };
  const asStore = (path: string, secret: string, body: unknown) =>
    post(path, { authorization: `Bearer ${secret}` }, JSON.stringify(body));
  return {
    stripe: (event) => {
      const body = JSON.stringify(event);
      const time = Math.floor(Date.now() / 1000);
      const signature = createHmac('sha256', webhookSecret).update(`${time}.${body}`).digest('hex');
      return post('/api/webhooks/stripe', { 'stripe-signature': `t=${time},v1=${signature}` }, body);
    },
    purchase: (contest, secret, body) => asStore(`/api/webhooks/purchase/${contest}`, secret, body),
    refund: (contest, secret, body) => asStore(`/api/webhooks/purchase/${contest}/refund`, secret, body),
  };
}
