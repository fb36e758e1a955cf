import type { Delivery } from './delivery.ts';
import { createGatherer } from './gather.ts';
import type { Outcome } from './keep.ts';
import { openRoom, type RoomOptions } from './room.ts';

/** The front door of the inbox: resolves when the delivery is on disk, or says why it is not. */
export interface Inbox {
  keep(delivery: Delivery): Promise<Outcome>;
  /** Somebody else has written facts: look now, and not at the next look round. */
  wake(): void;
  /** Finishes what is under way. */
  close(): Promise<void>;
}

/** The inbox in this thread: for one process that does little else, and for tests. */
export function openInbox(options: RoomOptions): Inbox {
  const room = openRoom(options);
  const gatherer = createGatherer((deliveries) => room.keepTogether(deliveries));
  return {
    keep: (delivery) => gatherer.keep(delivery),
    wake: () => room.wake(),
    close: async () => {
      await gatherer.idle();
      await room.close();
    },
  };
}
