/** People of the sandbox who refer. Their names try what names can be. */
export const REFERRERS = [
  { code: 'ADA', name: 'Ada Lovelace', email: 'ada@example.com', stripeCustomer: 'cus_demoAda' },
  { code: 'ALAN', name: 'Alan Turing', email: 'alan@example.com' },
  { code: 'NOOR', name: 'نور الهدى', email: 'noor@example.com' },
  { code: 'MAXIMILIANE', name: 'Maximiliane-Alexandrina von Hohenstein-Wittgenstein', email: 'max@example.com' },
] as const;

/** A click on somebody's link, some days ago; a payment can name it. */
export const CLICKS = {
  fresh: { code: 'ADA', daysAgo: 9 },
  tooOld: { code: 'ADA', daysAgo: 45 },
} as const;

export type Clicks = Readonly<Record<keyof typeof CLICKS, string>>;

/** The payment that the printed curl makes known. */
export const PASTED_INTENT = 'pi_demoPasted';

export interface DemoEvent {
  readonly type: string;
  /** In seconds, as Stripe tells times. */
  readonly created: number;
  readonly object: Readonly<Record<string, unknown>>;
}

interface Sale {
  /** Names the session, intent and charge: `cs_demo<name>`, `pi_demo<name>`, `ch_demo<name>`. */
  readonly name: string;
  readonly created: number;
  readonly amount: number;
  readonly currency?: string;
  readonly tax?: number;
  readonly buyer: { readonly email: string; readonly name: string; readonly customer?: string };
  readonly session?: Readonly<Record<string, unknown>>;
}

const GRACE = { email: 'grace@example.com', name: 'Grace Hopper', customer: 'cus_demoGrace' };

/** The moment some days ago, in seconds: the sandbox's sales are always recent. */
type Ago = (days: number) => number;

const sales = (clicks: Clicks, ago: Ago): Sale[] => [
  {
    name: 'Attributed',
    created: ago(2),
    amount: 10_791,
    tax: 891,
    buyer: GRACE,
    session: { metadata: { blitzrocket_click: clicks.fresh } },
  },
  { name: 'Again', created: ago(1), amount: 4900, buyer: GRACE },
  {
    name: 'Nobody',
    created: ago(3),
    amount: 9900,
    buyer: { email: 'katherine@example.com', name: 'Katherine Johnson', customer: 'cus_demoNobody' },
    session: { client_reference_id: 'cart_8841', metadata: { cart: 'cart_8841' } },
  },
  {
    name: 'TooOld',
    created: ago(4),
    amount: 2500,
    buyer: { email: 'annie@example.com', name: 'Annie Easley' },
    session: { metadata: { rd_click_id: clicks.tooOld } },
  },
  {
    name: 'Self',
    created: ago(5),
    amount: 9900,
    buyer: { email: 'ada@example.com', name: 'Ada Lovelace', customer: 'cus_demoAda' },
    session: { metadata: { referral_code: 'ADA' } },
  },
  {
    name: 'Yen',
    created: ago(6),
    amount: 125_000,
    currency: 'jpy',
    buyer: { email: 'hanako@example.com', name: '山田花子' },
    session: { client_reference_id: 'br_ALAN' },
  },
  {
    name: 'Dinar',
    created: ago(6),
    amount: 12_340,
    currency: 'kwd',
    buyer: { email: 'maryam@example.com', name: 'Maryam Mirzakhani' },
    session: { metadata: { ref: 'MAXIMILIANE' } },
  },
  {
    name: 'Rtl',
    created: ago(7),
    amount: 7900,
    buyer: { email: 'dalia@example.com', name: 'דליה' },
    session: { metadata: { ref: 'NOOR' } },
  },
];

/** What Stripe would have told of the sandbox's sales, some of it unfinished. */
export function demoEvents(clicks: Clicks, ago: Ago): DemoEvent[] {
  const dorothy = { email: 'dorothy@example.com', name: 'Dorothy Vaughan' };
  return [
    ...sales(clicks, ago).flatMap((sale) => [sessionOf(sale), intentOf(sale), chargeOf(sale)]),
    sessionOf({
      name: 'Unpaid',
      created: ago(1),
      amount: 9900,
      buyer: dorothy,
      session: { payment_status: 'unpaid', metadata: { ref: 'ALAN' } },
    }),
    {
      type: 'charge.succeeded',
      created: ago(1),
      object: {
        ...chargeOf({ name: 'Waiting', created: ago(1), amount: 9900, buyer: dorothy }).object,
        description: 'Subscription creation',
      },
    },
  ];
}

function sessionOf({ name, created, amount, currency = 'usd', tax = 0, buyer, session = {} }: Sale): DemoEvent {
  return {
    type: 'checkout.session.completed',
    created,
    object: {
      id: `cs_demo${name}`,
      object: 'checkout.session',
      mode: 'payment',
      status: 'complete',
      payment_status: 'paid',
      payment_intent: `pi_demo${name}`,
      amount_total: amount,
      currency,
      created,
      customer: buyer.customer ?? null,
      customer_details: { email: buyer.email, name: buyer.name },
      client_reference_id: null,
      total_details: { amount_tax: tax, amount_shipping: 0, amount_discount: 0 },
      metadata: {},
      ...session,
    },
  };
}

const intentOf = ({ name, created, amount, currency = 'usd', buyer }: Sale): DemoEvent => ({
  type: 'payment_intent.succeeded',
  created,
  object: {
    id: `pi_demo${name}`,
    object: 'payment_intent',
    status: 'succeeded',
    amount,
    amount_received: amount,
    currency,
    created,
    customer: buyer.customer ?? null,
    latest_charge: `ch_demo${name}`,
    metadata: {},
  },
});

const chargeOf = ({ name, created, amount, currency = 'usd', buyer }: Sale): DemoEvent => ({
  type: 'charge.succeeded',
  created,
  object: {
    id: `ch_demo${name}`,
    object: 'charge',
    status: 'succeeded',
    amount,
    amount_captured: amount,
    captured: true,
    currency,
    created,
    customer: buyer.customer ?? null,
    payment_intent: `pi_demo${name}`,
    billing_details: { email: buyer.email, name: buyer.name },
    metadata: {},
  },
});
