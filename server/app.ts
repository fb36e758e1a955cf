import type { Express } from 'express';
import { contestRoutes } from './http/doors/contests.ts';
import { type AppViews, extensionRoutes } from './http/doors/extension.ts';
import { factRoutes } from './http/doors/facts.ts';
import { openApiRoute } from './http/doors/openapi.ts';
import { operations } from './http/doors/operations.ts';
import { participantRoutes } from './http/doors/participants.ts';
import { paymentRoutes } from './http/doors/payments.ts';
import { purchaseDoors } from './http/doors/purchase.ts';
import { settleRoute } from './http/doors/settle.ts';
import { stripeDoors, type WebhookSecret } from './http/doors/stripe.ts';
import { createCallers } from './http/callers.ts';
import { createDashboards } from './http/dashboards.ts';
import type { Route } from './http/route.ts';
import { serve } from './http/serve.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Log } from './ops/log.ts';
import type { Metrics } from './ops/metrics.ts';
import { previewRoutes } from './pages/preview.ts';
import type { PreviewFiles } from './pages/preview-files.ts';
import type { Store } from './store/store.ts';
import { createAppViews } from './views/app-views.ts';

/** What the application is made of. Nothing here reads the environment, the clock or the network by itself. */
export interface AppParts {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly webhookSecrets: readonly WebhookSecret[];
  readonly appSecrets: readonly string[];
  /** Null: there is no preview of the extension. */
  readonly previewFiles: PreviewFiles | null;
  readonly ownAccount: string | null;
  readonly metricsToken: string | null;
  readonly sandbox: boolean;
  /** The address that the outside reaches this server by. */
  readonly publicUrl: string;
  readonly trustProxy: string | number | false;
}

/** The one place where the rooms meet, and the one place where a test swaps a part. */
export function createApp(parts: AppParts): Express {
  const { store, now, log, metrics } = parts;
  return serve({
    routes: routesOf(parts),
    store,
    now,
    callers: createCallers(store.database, now, (error) =>
      log.warn({ error: String(error) }, 'a key’s use was not noted'),
    ),
    dashboards: createDashboards(parts),
    log,
    metrics,
    trustProxy: parts.trustProxy,
  });
}

export function routesOf(parts: AppParts): Route[] {
  const views: AppViews = createAppViews(parts.store);
  const routes: Route[] = [
    ...stripeDoors(parts),
    ...contestRoutes(parts),
    ...participantRoutes(parts),
    ...factRoutes(parts.store),
    ...purchaseDoors(parts),
    ...paymentRoutes(parts),
    settleRoute(parts),
    ...extensionRoutes(views, parts.now),
    ...(parts.previewFiles === null
      ? []
      : previewRoutes({ ...parts, files: parts.previewFiles, account: parts.ownAccount })),
    ...operations({ ...parts, metricsOpen: parts.sandbox }),
  ];
  return [...routes, openApiRoute(routes)];
}
