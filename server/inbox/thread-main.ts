import { parentPort, workerData } from 'node:worker_threads';
import { createKeyring, createMatchKey } from '#server/store/keyring.ts';
import { attachStore, openDatabase } from '#server/store/store.ts';
import { openRoom } from './room.ts';
import { type FromThread, type ThreadSetting, type ToThread, unpack } from './thread.ts';

const port = parentPort;
if (port === null) throw new Error('this file is started as a thread by inbox/thread.ts');
const setting = workerData as ThreadSetting;
const now = () => Date.now();
const tell = (message: FromThread, memory: readonly ArrayBuffer[] = []) => port.postMessage(message, memory);

const store = attachStore(openDatabase(setting.url), {
  keyring: createKeyring(setting.encryptionKeys.map(({ id, key }) => ({ id, key: Buffer.from(key) }))),
  matchKey: createMatchKey(Buffer.from(setting.matchKey)),
  now,
});
const room = openRoom({
  store,
  now,
  ownAccount: setting.ownAccount,
  onWorked: ({ worked, setAside }) => tell({ kind: 'worked', worked, setAside }),
  onDefect: (error) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'defect', message, stack });
  },
});

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'batch':
      void room.keepTogether(unpack(message)).then((outcomes) => {
        const { number, bytes } = message;
        tell({ kind: 'kept', number, outcomes, bytes }, [bytes]);
      });
      break;
    case 'wake':
      room.wake();
      break;
    case 'close':
      void room
        .close()
        .then(() => store.close())
        .then(() => port.close());
      break;
  }
});
tell({ kind: 'open' });
