// A worker alone, in a process that can be killed: it notes in the ledger each time that it works a fact through.
import { randomBytes } from 'node:crypto';
import { openRoom } from '#server/inbox/room.ts';
import { attachStore, openDatabase } from '#server/store/store.ts';
import { testKeys } from '../support/stores.ts';
import { takingIn } from '../support/work.ts';

const [url = ''] = process.argv.slice(2);

openRoom({
  store: attachStore(openDatabase(url), { ...testKeys, now: Date.now }),
  now: Date.now,
  ownAccount: null,
  work: takingIn(async (fact, scope) => {
    // A number of its own each time: working twice leaves two rows.
    const time = randomBytes(6).readUIntBE(0, 6);
    await scope.insert({ table: 'worked', columns: ['slot', 'n'] }, [[fact.externalId, BigInt(time)]]);
  }),
  onWorked: ({ worked }) => process.send?.(worked),
  onDefect: (error) => process.stderr.write(`${String(error)}\n`),
});
