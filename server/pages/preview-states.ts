import type { PreviewState } from '#shared/contract/preview.ts';

type More = Partial<Omit<PreviewState, 'view' | 'state' | 'title' | 'object'>>;
type Line = readonly [state: string, title: string, object: string, more?: More];

/** An account that nobody adds: it has no contest. */
const STRANGER = 'acct_1BlitzRocketNew';
const SUPPORT = { id: 'support_specialist', name: 'Support specialist', type: 'builtIn' } as const;

/** A payment of the demo data is one line here, with the id that the sandbox's seed gives it. */
const PAYMENTS: readonly Line[] = [
  ['attributed', 'Attributed', 'pi_demoAttributed'],
  ['not-attributed', 'Not attributed', 'pi_demoNotReferred'],
  ['waiting', 'Waiting', 'pi_demoWaiting'],
  ['unknown', 'Not seen yet', 'pi_neverSeen'],
  ['empty', 'No contest yet', 'pi_neverSeen', { account: STRANGER, accountName: 'New here' }],
  ['loading', 'Loading', 'pi_neverSeen', { fault: 'slow' }],
  ['offline', 'Offline', 'pi_neverSeen', { fault: 'offline' }],
  ['error', 'Error', 'pi_neverSeen', { fault: 'error' }],
  ['forbidden', 'No permission', 'pi_neverSeen', { fault: 'forbidden', roles: [SUPPORT] }],
  ['outdated', 'Outdated app', 'pi_neverSeen', { fault: 'outdated' }],
];

const CUSTOMERS: readonly Line[] = [
  ['referred', 'Referred', 'cus_demoReferred'],
  ['participant', 'Referrer', 'cus_demoReferrer'],
  ['neither', 'No referral', 'cus_neverSeen'],
  ['empty', 'No contest yet', 'cus_neverSeen', { account: STRANGER, accountName: 'New here' }],
  ['error', 'Error', 'cus_neverSeen', { fault: 'error' }],
];

/** Every view and state, of the account whose demo data is shown. */
export function previewStates(account: string | null): PreviewState[] {
  const state =
    (view: PreviewState['view']) =>
    ([name, title, object, more = {}]: Line): PreviewState => ({
      view,
      state: name,
      title,
      object,
      account: account ?? STRANGER,
      user: 'usr_preview',
      livemode: false,
      ...more,
    });
  return [...PAYMENTS.map(state('PaymentDetail')), ...CUSTOMERS.map(state('CustomerDetail'))];
}
