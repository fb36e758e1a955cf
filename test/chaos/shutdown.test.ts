import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ENGINES } from '../support/stores.ts';
import { signatureOf, stripeEvent } from '../support/stripe.ts';
import { expectKeptOnce, install, type Installation } from './installation.ts';
import { nothingSent, startSenders } from './senders.ts';
import { killServers, type ServerProcess, startServer } from './server-process.ts';

const CLEAN = { code: 0, signal: null };

let installation: Installation;
afterEach(async () => {
  await killServers();
  await installation.drop();
});

/** Sends a request but for the end of its body, and returns the way to finish it. */
async function beginDelivery(server: ServerProcess, body: string) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    `POST /api/webhooks/stripe HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nstripe-signature: ${signatureOf(body)}\r\n\r\n`,
  );
  await once(socket, 'data'); // 100 Continue: the request is in the server's hands
  return async (): Promise<string> => {
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.write(body);
    await once(socket, 'end');
    return answer;
  };
}

async function untilNobodyGetsIn(server: ServerProcess): Promise<void> {
  const { hostname, port } = new URL(server.url);
  for (;;) {
    const probe = connect(Number(port), hostname);
    const isIn = await once(probe, 'connect').then(
      () => true,
      () => false,
    );
    probe.destroy();
    if (!isIn) return;
    await setTimeout(10);
  }
}

describe.each(ENGINES)('a server that is told to stop, on %s', (engine) => {
  it('keeps what it acknowledged under load, and ends by itself', async () => {
    installation = await install(engine);
    const server = await startServer(installation.databaseUrl);
    const sent = nothingSent();
    const senders = startSenders({ urls: () => [server.url], sent });
    await senders.acknowledged(100);
    expect(await server.kill('SIGTERM')).toEqual(CLEAN);
    expect(server.lines.filter((line) => line.includes('cut off'))).toEqual([]);
    await senders.ended;
    expect(sent.refused).toEqual([]);
    const next = await startServer(installation.databaseUrl);
    await expectKeptOnce(next.url, installation, sent);
  });

  it('answers what it has begun', async () => {
    installation = await install(engine);
    const server = await startServer(installation.databaseUrl);
    const event = stripeEvent();
    const finish = await beginDelivery(server, JSON.stringify(event));
    const ended = server.kill('SIGTERM');
    await untilNobodyGetsIn(server);
    const answer = await finish();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await ended).toEqual(CLEAN);
    const rows = await installation.store.database.query('select external_id from fact');
    expect(rows).toEqual([{ external_id: event['id'] }]);
  });

  it('ends at once when told twice, or when nothing is under way', async () => {
    installation = await install(engine);
    const server = await startServer(installation.databaseUrl);
    void server.kill('SIGTERM');
    expect(await server.kill('SIGINT')).toEqual(CLEAN);
  });
});
