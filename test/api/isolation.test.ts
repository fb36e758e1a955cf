import { routesOf } from '#server/app.ts';
import type { ApiRoute } from '#server/http/route.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { merchandising } from '../support/contests.ts';
import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

type Names = Readonly<Record<string, string>>;

/** A payment, as Stripe tells of one. */
const paidSession = (account: string) =>
  stripeEvent({
    account,
    type: 'checkout.session.completed',
    data: {
      object: {
        id: 'cs_isolated',
        object: 'checkout.session',
        mode: 'payment',
        payment_status: 'paid',
        payment_intent: 'pi_isolated',
        amount_total: 1980,
        currency: 'usd',
        created: 1_793_000_000,
      },
    },
  });

/** All that a merchant is answered by `/api/v1`, route after route, without one that would change something. */
async function readEverything(backend: Backend, key: string): Promise<string> {
  const routes = routesOf(backend.parts).filter((route): route is ApiRoute => route.kind === 'api');
  const readable = routes.filter(({ method, path }) => method === 'GET' && !path.includes(':'));
  expect(readable.length).toBeGreaterThan(0);
  const answers = await Promise.all(readable.map(({ path }) => backend.api(key, 'GET', path)));
  for (const { status } of answers) expect(status).toBe(200);
  return JSON.stringify(answers.map(({ body }) => body));
}

describe.each(ENGINES)('on %s', (engine) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend(engine);
  });
  afterAll(() => backend.close());

  it('a merchant sees its own, and nothing of another one nor of its other mode', async () => {
    const keys = {
      ada: await backend.key('acct_1Ada'),
      adaLive: await backend.key('acct_1Ada', 'live'),
      bob: await backend.key('acct_1Bob'),
    };
    const events = {
      ada: stripeEvent({ account: 'acct_1Ada' }),
      adaLive: stripeEvent({ account: 'acct_1Ada', livemode: true }),
      bob: stripeEvent({ account: 'acct_1Bob' }),
    };
    for (const event of Object.values(events)) await backend.stripe(event);
    for (const key of Object.values(keys)) await backend.api(key, 'POST', '/api/v1/settle', {});
    for (const [who, key] of Object.entries(keys)) {
      const seen = await readEverything(backend, key);
      for (const [whose, event] of Object.entries(events)) {
        expect([who, whose, seen.includes(String(event['id']))]).toEqual([who, whose, who === whose]);
      }
    }
  });

  it('answers for an object of somebody else, or of the other mode, exactly as for one that does not exist', async () => {
    const ada = await merchandising(backend, 'acct_1Ada');
    const contest = await ada.contest();
    const { data } = (await ada.ask('POST', `/contests/${contest.id}/participants`, { email: 'x@example.com' })).body;
    await backend.stripe(paidSession('acct_1Ada'));
    await ada.ask('POST', '/settle', {});
    const payment = (await ada.ask('GET', '/payments')).body.data[0];
    const theirs: Names = { contests: contest.id, participants: data.id, payments: payment.id };
    const unknown: Names = {
      contests: 'c0000000000000000000000zz',
      participants: 'part_000000000000000000000000',
      payments: 'pay_1',
    };
    const strangers = [await backend.key('acct_1Bob'), await backend.key('acct_1Ada', 'live')];
    const routes = routesOf(backend.parts).filter(
      (one): one is ApiRoute => one.kind === 'api' && one.path.includes(':'),
    );
    expect(routes.length).toBeGreaterThan(0);
    for (const { method, path } of routes) {
      // What a parameter names is said by the word in front of it.
      const pathWith = (names: Names) =>
        path.replaceAll(/(\w+)\/:\w+/g, (_, what: string) => {
          const name = names[what];
          if (name === undefined) throw new Error(`this test needs to know one of ${what}, for ${path}`);
          return `${what}/${name}`;
        });
      for (const key of strangers) {
        // Not even JSON: an object that is not there is answered before anybody reads what was sent.
        const ask = async (names: Names) => {
          const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
          const body = method === 'GET' ? {} : { body: '{' };
          const answer = await backend.request(pathWith(names), { method, headers, ...body });
          const { requestId: _, ...error } = answer.body.error;
          return { path, status: answer.status, error };
        };
        const foreign = await ask(theirs);
        expect(foreign).toEqual(await ask(unknown));
        expect(foreign).toMatchObject({ path, status: 404, error: { code: 'not_found' } });
      }
    }
  });

  it('every call of the API asks for a key, and for the scope that it needs', async () => {
    const nobody = await backend.key('acct_1Ada', 'test', ['payouts']);
    for (const route of routesOf(backend.parts)) {
      if (route.kind !== 'api') continue;
      const path = route.path.replaceAll(/:\w+/g, 'x');
      for (const headers of [{}, { authorization: 'Bearer brk_test_1_nonsense' }, { authorization: 'Basic eA==' }]) {
        const answer = await backend.request(path, { method: route.method, headers });
        expect([path, answer.status, answer.body.error.code]).toEqual([path, 401, 'unauthorized']);
      }
      const answer = await backend.api(nobody, route.method, path);
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 403, 'insufficient_scope']);
    }
  });

  it('a key of one mode is none for the other', async () => {
    const key = await backend.key('acct_1Ada', 'test');
    await backend.merchant('acct_1Ada', 'live');
    const answer = await backend.api(key.replace('brk_test_', 'brk_live_'), 'GET', '/api/v1/facts');
    expect(answer.status).toBe(401);
  });
});
