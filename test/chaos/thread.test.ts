import { ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';
import { expectKeptOnce, install, type Installation } from './installation.ts';
import { holdWrites } from './locks.ts';
import { nothingSent, post, startSenders, UNAVAILABLE_ANSWER } from './senders.ts';
import { killServers, startServer } from './server-process.ts';

const preload = new URL('./thread-killer.ts', import.meta.url);

let installation: Installation;
afterEach(async () => {
  await killServers();
  await installation.drop();
});

describe.each(ENGINES)('an inbox thread that dies, on %s', (engine) => {
  it('costs no acknowledged event, and every sender gets an answer', async () => {
    installation = await install(engine);
    const server = await startServer(installation.databaseUrl, { preload });
    const sent = nothingSent();
    const senders = startSenders({ urls: () => [server.url], sent });
    for (let death = 1; death <= 3; death += 1) {
      await senders.acknowledged(50);
      process.kill(server.pid, 'SIGUSR2');
      await senders.refused();
    }
    await senders.acknowledged(50);
    await senders.stop();
    expect(sent.unanswered).toBe(0);
    expect(new Set(sent.refused.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(UNAVAILABLE_ANSWER)]),
    );
    await expectKeptOnce(server.url, installation, sent);
  });

  it('sends back what it had in hand; the next thread keeps it', async () => {
    installation = await install(engine);
    const server = await startServer(installation.databaseUrl, { preload });
    const events = Array.from({ length: 8 }, () => stripeEvent());
    const held = await holdWrites(engine, installation.databaseUrl);
    const answers = events.map((event) => post(server.url, JSON.stringify(event)));
    await held.someoneWaits();
    process.kill(server.pid, 'SIGUSR2');
    expect(await Promise.race(answers)).toEqual(UNAVAILABLE_ANSWER);
    await held.release();
    await Promise.all(answers);
    const sent = nothingSent();
    let next = 0;
    const senders = startSenders({
      urls: () => [server.url],
      sent,
      connections: 1,
      event: () => events[next++ % events.length] ?? stripeEvent(),
    });
    while (sent.acknowledged.size < events.length) await senders.acknowledged(1);
    await senders.stop();
    await expectKeptOnce(server.url, installation, sent);
  });

  it('does not hold up a shutdown while the next one is being started', async () => {
    installation = await install(engine);
    const server = await startServer(installation.databaseUrl, { preload });
    process.kill(server.pid, 'SIGUSR2');
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
