import { type Asker, ask } from '../src/api/client';
import { PaymentAnswer } from '../src/contract/app.gen';
import { attributed } from './fixtures/payments';
import { type Answer, backend, dashboard, data, failure } from './support/backend';

const QUICKLY = { timeoutMs: 200, pausesMs: [1, 1] };
const asker = (apiBase: string): Asker => ({
  apiBase,
  user: 'usr_1',
  account: 'acct_1',
  roles: [{ id: 'admin', name: 'Administrator', type: 'builtIn' }],
  livemode: true,
});

let stop = async () => {};
afterEach(() => stop());

async function asked(...answers: Answer[]) {
  const server = await backend(...answers);
  stop = server.stop;
  const outcome = await ask('payment', 'pi_1', asker(server.apiBase), QUICKLY);
  return { outcome, received: server.received };
}

beforeEach(() => void dashboard());

test('sends the signed text itself, arguments first, user and account last', async () => {
  const { signed } = dashboard();
  const { received } = await asked(data({ state: 'unknown' }));
  expect(received[0]).toMatchObject({ path: '/api/app/payment', method: 'POST' });
  expect(received[0]?.body).toBe(
    '{"action":"payment","object":"pi_1","livemode":true,' +
      '"stripe_roles":[{"id":"admin","name":"Administrator","type":"builtIn"}],' +
      '"user_id":"usr_1","account_id":"acct_1"}',
  );
  const { user_id, account_id, ...payload } = JSON.parse(received[0]?.body ?? '');
  expect([user_id, account_id]).toEqual(['usr_1', 'acct_1']);
  expect(signed).toEqual([payload]);
  expect(received[0]?.headers['stripe-signature']).toBe('t=1,v1=abc');
});

test('hands over what the contract allows, and nothing else', async () => {
  const { outcome } = await asked(data({ ...attributed(), added: 'by a later version' }));
  expect(outcome).toEqual({ kind: 'answer', data: PaymentAnswer.parse(attributed()) });
  expect(outcome).not.toHaveProperty('data.added');
});

test.each([
  ['no permission', failure(403, 'insufficient_scope'), { kind: 'noPermission' }],
  ['an error with its request id', failure(500, 'internal'), { kind: 'error', requestId: 'req_9fK2Qm7' }],
  [
    'an error for a proof that is refused',
    failure(401, 'signature_mismatch'),
    { kind: 'error', requestId: 'req_9fK2Qm7' },
  ],
  ['an error for a page that isn’t ours', { status: 502, raw: '<html>' }, { kind: 'error', requestId: null }],
  ['outdated, when the verb is gone', failure(404, 'not_found'), { kind: 'outdated' }],
  ['outdated, when the request has another shape now', failure(422, 'invalid_object'), { kind: 'outdated' }],
  ['outdated, when the answer can’t be read', data({ state: 'from_a_later_version' }), { kind: 'outdated' }],
  ['outdated, when the answer isn’t JSON', { raw: 'hello' }, { kind: 'outdated' }],
  ['offline, when nobody answers', { hangUp: true } as const, { kind: 'offline' }],
  ['an error, when the service keeps us waiting', { never: true } as const, { kind: 'error', requestId: null }],
])('names the failure: %s', async (_, answer, expected) => {
  const { outcome } = await asked(answer);
  expect(outcome).toEqual(expected);
});

test('a signature that Stripe refuses is an error, and nothing is sent', async () => {
  dashboard(() => Promise.reject(new Error('no such role')));
  const { outcome, received } = await asked(data({ state: 'unknown' }));
  expect(outcome).toEqual({ kind: 'error', requestId: null });
  expect(received).toHaveLength(0);
});

test('asks again after a failure that may pass, with the same signed text', async () => {
  const { outcome, received } = await asked({ hangUp: true }, failure(503, 'unavailable'), data({ state: 'unknown' }));
  expect(outcome).toEqual({ kind: 'answer', data: { state: 'unknown' } });
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(received).toHaveLength(3);
});

test('gives up after three times', async () => {
  const { received } = await asked(failure(500, 'internal'));
  expect(received).toHaveLength(3);
});

test('doesn’t ask again what was refused', async () => {
  const { received } = await asked(failure(403, 'insufficient_scope'));
  expect(received).toHaveLength(1);
});

test('stops asking when the page is left', async () => {
  const server = await backend(failure(503, 'unavailable'));
  stop = server.stop;
  const leaving = new AbortController();
  const asking = ask('payment', 'pi_1', asker(server.apiBase), {
    ...QUICKLY,
    pausesMs: [50],
    left: leaving.signal,
  });
  while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  leaving.abort();
  await asking;
  expect(server.received).toHaveLength(1);
});
