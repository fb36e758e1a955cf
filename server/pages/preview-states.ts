import type { PreviewState } from '#shared/contract/preview.ts';

type More = Partial<Omit<PreviewState, 'view' | 'state' | 'title' | 'object'>>;
type Line = readonly [state: string, title: string, object: string, more?: More];

/** An account that nobody adds: it has no contest. */
const STRANGER = 'acct_1BlitzRocketNew';
const SUPPORT = { id: 'support_specialist', name: 'Support specialist', type: 'builtIn' } as const;

/** A payment of the demo data is one line here, with the id that the sandbox's seed gives it. */
const PAYMENTS: readonly Line[] = [
  ['attributed', 'Attributed', 'pi_demoAttributed'],
  ['again', 'The same buyer again', 'pi_demoAgain'],
  ['refunded', 'Partly refunded', 'pi_demoRefunded'],
  ['nobody', 'Not attributed', 'pi_demoNobody'],
  ['too-old', 'Not attributed, click too old', 'pi_demoTooOld'],
  ['self', 'Not attributed, own code', 'pi_demoSelf'],
  ['unpaid', 'Waiting for the money', 'pi_demoUnpaid'],
  ['waiting', 'Waiting for its invoice', 'pi_demoWaiting'],
  ['yen', 'Yen', 'pi_demoYen'],
  ['dinar', 'Dinar, long name', 'pi_demoDinar'],
  ['rtl', 'Arabic and Hebrew', 'pi_demoRtl'],
  ['unknown', 'Not seen yet', 'pi_demoPasted'],
  ['empty', 'No contest yet', 'pi_demoPasted', { account: STRANGER, accountName: 'New here' }],
  ['loading', 'Loading', 'pi_demoAttributed', { fault: 'slow' }],
  ['offline', 'Offline', 'pi_demoAttributed', { fault: 'offline' }],
  ['error', 'Error', 'pi_demoAttributed', { fault: 'error' }],
  ['forbidden', 'No permission', 'pi_demoAttributed', { fault: 'forbidden', roles: [SUPPORT] }],
  ['outdated', 'Outdated app', 'pi_demoAttributed', { fault: 'outdated' }],
];

const CUSTOMERS: readonly Line[] = [
  ['referred', 'Referred', 'cus_demoGrace'],
  ['participant', 'Referrer', 'cus_demoAda'],
  ['enrolled', 'A buyer with points', 'cus_demoNobody'],
  ['neither', 'No referral', 'cus_demoNever'],
  ['empty', 'No contest yet', 'cus_demoNobody', { account: STRANGER, accountName: 'New here' }],
  ['error', 'Error', 'cus_demoGrace', { fault: 'error' }],
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
