import { type Backend, startBackend } from '../support/backend.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent, TEST_MODE_SECRET } from '../support/stripe.ts';

describe.each(ENGINES)('the Stripe door on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());

  it('keeps an event and says so', async () => {
    const key = await backend.key('acct_1Ada');
    const event = stripeEvent();
    const answer = await backend.stripe(event);
    expect(answer.body).toEqual({ success: true, data: { received: true } });
    expect((await backend.api(key, 'POST', '/api/v1/settle', {})).body.data).toEqual({ settled: true, pending: 0 });
    const facts = await backend.api(key, 'GET', '/api/v1/facts');
    expect(facts.body.data).toMatchObject([{ externalId: event['id'], state: 'done', source: 'stripe' }]);
    expect(TEST_MODE_SECRET).toBeTruthy();
  });
});
