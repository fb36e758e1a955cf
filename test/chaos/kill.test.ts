import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ENGINES } from '../support/stores.ts';
import { isLong, tell } from './form.ts';
import { expectKeptOnce, install, type Installation } from './installation.ts';
import { nothingSent, startSenders } from './senders.ts';
import { killServers, type ServerProcess, startServer } from './server-process.ts';

const KILLS = isLong ? 20 : 3;
const someEvents = () => (isLong ? randomInt(260, 700) : randomInt(40, 200));
const LEAST_ACKNOWLEDGED = isLong ? 5_000 : 100;
const TEST_MS = isLong ? 600_000 : 60_000;

/** Not a wait: it spreads the kills over the whole of a commit. */
const someInstant = () => setTimeout(randomInt(12));

let installation: Installation;
afterEach(async () => {
  await killServers();
  await installation.drop();
});

describe.each(ENGINES)('a server on %s', (engine) => {
  it(
    'loses no acknowledged event when it is killed',
    async () => {
      installation = await install(engine);
      const sent = nothingSent();
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const server = await startServer(installation.databaseUrl);
        const senders = startSenders({ urls: () => [server.url], sent });
        const before = sent.acknowledged.size;
        await senders.acknowledged(someEvents());
        await someInstant();
        await server.kill('SIGKILL');
        await senders.ended;
        tell(`${engine} kill ${kill}: ${sent.acknowledged.size - before} acknowledged, ${sent.unanswered} unanswered`);
      }
      const server = await startServer(installation.databaseUrl);
      await expectKeptOnce(server.url, installation, sent);
      expect(sent.refused).toEqual([]);
      expect(sent.acknowledged.size).toBeGreaterThanOrEqual(LEAST_ACKNOWLEDGED);
      tell(`${engine}: ${KILLS} kills, ${sent.acknowledged.size} acknowledged, all kept once`);
    },
    TEST_MS,
  );
});

describe('two servers on one PostgreSQL', () => {
  it(
    'keep each event once, sent to both, while one of them is killed',
    async () => {
      installation = await install('postgres');
      const sent = nothingSent();
      const servers = await Promise.all([1, 2].map(() => startServer(installation.databaseUrl)));
      const senders = startSenders({ urls: () => servers.map(({ url }) => url), sent });
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const before = sent.acknowledged.size;
        await senders.acknowledged(someEvents());
        await someInstant();
        const at = kill % 2;
        await (servers[at] as ServerProcess).kill('SIGKILL');
        await senders.acknowledged(20); // the other one goes on
        servers[at] = await startServer(installation.databaseUrl);
        tell(`two servers, kill ${kill}: ${sent.acknowledged.size - before} acknowledged`);
      }
      await senders.stop();
      for (const { url } of servers) await expectKeptOnce(url, installation, sent);
      expect(sent.refused).toEqual([]);
      expect(sent.acknowledged.size).toBeGreaterThanOrEqual(LEAST_ACKNOWLEDGED);
      tell(`two servers: ${KILLS} kills, ${sent.acknowledged.size} acknowledged, all kept once`);
    },
    TEST_MS,
  );
});
