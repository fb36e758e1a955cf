import type { Work } from '#server/inbox/work.ts';

/** A merchant's turn in which facts are taken in as a test says, and nothing is derived. */
export const takingIn = (takeIn: Work['takeIn']): Work => ({
  takeIn,
  derive: async () => 0,
  putOff: async () => undefined,
});
