import { failure, refused, type Result, success } from '#shared/failure.ts';
import { type ApiCaller, findCaller, noteKeyUsed } from '#server/store/api-keys.ts';
import type { Database } from '#server/store/database.ts';

export interface Callers {
  /** Who calls, by the Authorization header. */
  find(authorization: string | undefined): Promise<Result<ApiCaller>>;
}

const NOTED_EVERY_MS = 60_000;

export function createCallers(database: Database, now: () => number, onDefect: (error: unknown) => void): Callers {
  const noted = new Map<string, number>();
  return {
    find: async (authorization) => {
      const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (key === undefined) return unauthorized('Send an API key: Authorization: Bearer brk_…');
      const caller = await findCaller(database, key);
      if (caller === null) return unauthorized('This API key is not known, or it was revoked.');
      // To the minute: a key in heavy use must not cost a write for each request.
      if (now() - (noted.get(caller.keyId) ?? 0) > NOTED_EVERY_MS) {
        noted.set(caller.keyId, now());
        noteKeyUsed(database, caller, now()).catch(onDefect);
      }
      return success(caller);
    },
  };
}

const unauthorized = (message: string) => refused(failure('unauthorized', message));
