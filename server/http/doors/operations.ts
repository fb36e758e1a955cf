import { createHash, timingSafeEqual } from 'node:crypto';
import { failure } from '#shared/failure.ts';
import type { Metrics } from '#server/ops/metrics.ts';
import { StoreUnavailable } from '#server/store/database.ts';
import { queueSize } from '#server/store/queue.ts';
import { probe, type Store } from '#server/store/store.ts';
import { fail } from '../reply.ts';
import type { OpenRoute } from '../route.ts';
import { NOT_FOUND } from '../serve.ts';

export interface Operations {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Null: `/metrics` does not exist, unless `metricsOpen`. */
  readonly metricsToken: string | null;
  /** On a loopback address without configuration there is nobody to hide them from. */
  readonly metricsOpen: boolean;
}

const TEXT = 'text/plain; charset=utf-8';

export const operations = (of: Operations): OpenRoute[] => [
  {
    kind: 'open',
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the process is alive',
    handle: async () => ({ kind: 'plain', text: 'ok\n', contentType: TEXT }),
  },
  {
    kind: 'open',
    method: 'GET',
    path: '/readyz',
    summary: 'Whether a delivery can be kept now',
    handle: async () => {
      try {
        await probe(of.store.database, of.now());
        return { kind: 'plain', text: 'ready\n', contentType: TEXT };
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        return { kind: 'plain', text: 'the database can’t commit\n', contentType: TEXT, ready: false };
      }
    },
  },
  {
    kind: 'open',
    method: 'GET',
    path: '/metrics',
    summary: 'Prometheus metrics, with METRICS_TOKEN as bearer token',
    describe: { security: ['metricsToken'] },
    handle: async ({ headers }) => {
      if (of.metricsToken === null && !of.metricsOpen) return fail(NOT_FOUND);
      if (of.metricsToken !== null && !isToken(of.metricsToken, headers.authorization)) {
        return fail(failure('unauthorized', 'Send the METRICS_TOKEN of this installation: Authorization: Bearer …'));
      }
      const size = await queueSize(of.store.database).catch(() => null);
      return { kind: 'plain', text: await of.metrics.text(size), contentType: of.metrics.contentType };
    },
  },
];

function isToken(token: string, authorization: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(`Bearer ${token}`), digest(authorization ?? ''));
}
