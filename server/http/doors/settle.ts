import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { settleAnswer, settleBody } from '#shared/contract/settle.ts';
import { claimFor } from '#server/inbox/claim.ts';
import type { Inbox } from '#server/inbox/inbox.ts';
import { countPending } from '#server/store/facts.ts';
import { sequenceAfter } from '#server/store/sequencer.ts';
import type { Store } from '#server/store/store.ts';
import { data } from '../reply.ts';
import { apiRoute } from '../route.ts';

const LOOK_EVERY_MS = 20;

export interface Settling {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly now: () => number;
  readonly ownAccount: string | null;
}

export const settleRoute = (settling: Settling) =>
  apiRoute({
    method: 'POST',
    path: '/api/v1/settle',
    summary: 'Wait until what was received before this call has been worked through',
    scope: 'read',
    query: z.object({}),
    body: settleBody,
    answer: settleAnswer,
    isList: false,
    handle: async ({ caller, body }) => {
      const { store, inbox, now } = settling;
      if ((await claimFor(settling, caller.merchant)) > 0) inbox.wake();
      const upTo = sequenceAfter(now());
      const deadline = now() + body.timeoutMs;
      for (;;) {
        const pending = await countPending(store.of(caller.merchant.id), upTo, now());
        if (pending === 0 || now() >= deadline) return data({ settled: pending === 0, pending });
        await setTimeout(Math.min(LOOK_EVERY_MS, Math.max(1, deadline - now())));
      }
    },
  });
