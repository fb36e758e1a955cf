import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import type { Fault } from './protocol';

/** One line of `GET /preview/states.json`: what the Dashboard would say of a page that a merchant has open. */
export type PreviewState = {
  view: 'PaymentDetail' | 'CustomerDetail';
  /** Its name in the address; unique within the view. */
  state: string;
  title: string;
  object: string;
  account: string;
  user: string;
  livemode: boolean;
  fault?: Fault;
  accountName?: string;
  locale?: string;
  roles?: ExtensionContextValue['userContext']['roles'];
};

/** Drawers as wide as the Dashboard has been seen to make them. */
export const WIDTHS = [360, 404, 440, 480];
const USUAL_WIDTH = 440;

export function selected(states: PreviewState[], query: URLSearchParams): { state: PreviewState; width: number } {
  const view = query.get('view');
  const name = query.get('state');
  const state =
    states.find((one) => one.view === view && one.state === name) ??
    states.find((one) => one.view === view) ??
    states[0];
  if (!state) throw new Error('the backend lists no states');
  const width = WIDTHS.find((px) => String(px) === query.get('width')) ?? USUAL_WIDTH;
  return { state, width };
}

export function linkTo({ view, state }: PreviewState, width = USUAL_WIDTH): string {
  const query = new URLSearchParams({ view, state });
  if (width !== USUAL_WIDTH) query.set('width', String(width));
  return `/preview?${query}`;
}
