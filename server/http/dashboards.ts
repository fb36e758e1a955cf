import type { IncomingHttpHeaders } from 'node:http';
import { claimFor } from '#server/inbox/claim.ts';
import type { Inbox } from '#server/inbox/inbox.ts';
import { findMerchant, type Merchant } from '#server/store/merchants.ts';
import type { Store } from '#server/store/store.ts';
import { verifyDashboardSignature } from '#server/verify/dashboard-signature.ts';
import { signingSecret } from '#server/verify/stripe-signature.ts';
import type { Result } from '#shared/failure.ts';
import { modeOf } from '#shared/mode.ts';

/** Merchants who look at their Dashboard: who proves to be one, and which of ours it is. */
export interface Dashboards {
  prove(body: Buffer, headers: IncomingHttpHeaders): Result<null>;
  /** Null for an account that is not installed in that mode. */
  merchantOf(signed: { readonly account_id: string; readonly livemode: boolean }): Promise<Merchant | null>;
}

export interface DashboardParts {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly now: () => number;
  readonly ownAccount: string | null;
  readonly appSecrets: readonly string[];
}

export function createDashboards(parts: DashboardParts): Dashboards {
  const secrets = parts.appSecrets.map(signingSecret);
  return {
    prove: (body, headers) => verifyDashboardSignature(body, headers['stripe-signature'], secrets, parts.now()),
    merchantOf: async ({ account_id: account, livemode }) => {
      const merchant = await findMerchant(parts.store.database, { account, mode: modeOf(livemode) });
      // Stripe has just vouched for the account: what came for it before it was added is its own.
      if (merchant !== null && (await claimFor(parts, merchant)) > 0) parts.inbox.wake();
      return merchant;
    },
  };
}
