/**
 * What the sandboxed frame asks of the page around it, which stands in for the Dashboard.
 * Only this much crosses the border, by `postMessage`.
 */
import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';

/** A failure that the frame brings about itself, so that the backend holds no pretended ones. */
export type Fault = 'slow' | 'offline' | 'error' | 'forbidden' | 'outdated';

export type Context = { view: string; props: ExtensionContextValue; fault: Fault | null };

export type Calls = {
  context: () => Context;
  /** The `Stripe-Signature` header for a payload. */
  sign: (payload: unknown) => string;
  toast: (message: string, type: string) => void;
  navigate: (route: string, id: string | null) => void;
  /** Something that the Dashboard wouldn't have drawn. */
  problem: (what: string) => void;
};

export type Call = keyof Calls;
export type Question = { to: 'blitzrocket-preview'; id: number; call: Call; args: unknown[] };
export type Reply = { to: 'blitzrocket-frame'; id: number; value?: unknown; error?: string };
