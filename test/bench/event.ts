import { createHmac, createSecretKey, randomFillSync } from 'node:crypto';

/**
 * Signed Stripe events as they come over the wire, made in advance: the machine that sends must not be what is measured.
 * `~` stands for a random letter or digit, `#` for a random digit, `^` for a letter that grows with time: the bodies
 * compress as honestly as real ones.
 */
export const ACCOUNT = 'acct_1PqBenchAccount0';
export const SECRET = 'whsec_bench_0123456789abcdef0123456789abcdef';
export const PATH = '/api/webhooks/stripe';

const letters = (count: number): string => '~'.repeat(count);
const digits = (count: number): string => '#'.repeat(count);

const EVENT_ID = `evt_1${'^'.repeat(5)}${letters(18)}`;

const address = {
  city: 'Berlin',
  country: 'DE',
  line1: letters(14),
  line2: null,
  postal_code: digits(5),
  state: 'BE',
};

const session = {
  id: `cs_live_a1${letters(56)}`,
  object: 'checkout.session',
  adaptive_pricing: { enabled: true },
  after_expiration: null,
  allow_promotion_codes: true,
  amount_subtotal: `1${digits(4)}`,
  amount_total: `1${digits(4)}`,
  automatic_tax: { enabled: true, liability: { type: 'self' }, provider: 'stripe', status: 'complete' },
  billing_address_collection: 'required',
  cancel_url: 'https://shop.example.com/pricing?canceled=1',
  client_reference_id: letters(9),
  client_secret: null,
  collected_information: { business_name: null, individual_name: null, shipping_details: null },
  consent: { promotions: 'opt_in', terms_of_service: 'accepted' },
  consent_collection: {
    payment_method_reuse_agreement: { position: 'auto' },
    promotions: 'auto',
    terms_of_service: 'required',
  },
  created: `17635${digits(5)}`,
  currency: 'usd',
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: { message: 'Your subscription starts right away.' },
    terms_of_service_acceptance: null,
  },
  customer: `cus_${letters(14)}`,
  customer_account: null,
  customer_creation: 'always',
  customer_details: {
    address,
    business_name: null,
    email: `${letters(10)}@example.com`,
    individual_name: null,
    name: `${letters(6)} ${letters(8)}`,
    phone: `+4930${digits(7)}`,
    tax_exempt: 'none',
    tax_ids: [{ type: 'eu_vat', value: `DE${digits(9)}` }],
  },
  customer_email: null,
  discounts: [{ coupon: 'FRIEND20', promotion_code: `promo_1${letters(23)}` }],
  excluded_payment_method_types: null,
  expires_at: `17636${digits(5)}`,
  invoice: `in_1${letters(23)}`,
  invoice_creation: {
    enabled: true,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
      metadata: {},
      rendering_options: null,
    },
  },
  livemode: true,
  locale: 'auto',
  metadata: {
    blitzrocket_ref: letters(9),
    blitzrocket_contest: 'clx1abc1230000000000000000',
    blitzrocket_visitor: `v_01${letters(24)}`,
    utm_source: 'newsletter',
    utm_medium: 'email',
    utm_campaign: 'black-friday',
    cart_id: `cart_${letters(12)}`,
    plan: 'pro-monthly',
  },
  mode: 'subscription',
  name_collection: null,
  optional_items: [],
  origin_context: null,
  payment_intent: null,
  payment_link: `plink_1${letters(23)}`,
  payment_method_collection: 'always',
  payment_method_configuration_details: { id: 'pmc_1PqBench00000000000001', parent: null },
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card', 'link', 'paypal', 'sepa_debit', 'us_bank_account'],
  payment_status: 'paid',
  permissions: null,
  phone_number_collection: { enabled: true },
  presentment_details: { presentment_amount: `1${digits(4)}`, presentment_currency: 'eur' },
  recovered_from: null,
  redirect_on_completion: 'always',
  return_url: null,
  saved_payment_method_options: {
    allow_redisplay_filters: ['always'],
    payment_method_remove: 'disabled',
    payment_method_save: null,
  },
  setup_intent: null,
  shipping_address_collection: { allowed_countries: ['DE', 'AT', 'CH', 'FR', 'US'] },
  shipping_cost: { amount_subtotal: 0, amount_tax: 0, amount_total: 0, shipping_rate: 'shr_1PqBench00000000000001' },
  shipping_options: [
    { shipping_amount: 0, shipping_rate: 'shr_1PqBench00000000000001' },
    { shipping_amount: 900, shipping_rate: 'shr_1PqBench00000000000002' },
  ],
  status: 'complete',
  submit_type: 'auto',
  subscription: `sub_1${letters(23)}`,
  success_url: 'https://shop.example.com/thanks?session_id={CHECKOUT_SESSION_ID}',
  tax_id_collection: { enabled: true, required: 'never' },
  total_details: { amount_discount: `1${digits(3)}`, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted',
  url: null,
  wallet_options: null,
};

const event = {
  id: EVENT_ID,
  object: 'event',
  account: ACCOUNT,
  api_version: '2026-10-28.endive',
  created: `17635${digits(5)}`,
  data: { object: session },
  livemode: true,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type: 'checkout.session.completed',
};

/** As Stripe prints it; numbers are written as text above, because a digit to come is none yet. */
const TEMPLATE = Buffer.from(JSON.stringify(event, null, 2).replaceAll(/"(\d+#+)"/g, '$1'));
export const BODY_BYTES = TEMPLATE.length;

const placesOf = (mark: string): number[] => [...TEMPLATE.keys()].filter((at) => TEMPLATE[at] === mark.charCodeAt(0));
const LETTERS = placesOf('~');
const DIGITS = placesOf('#');
const TIME = placesOf('^');

const BASE62 = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
const ZERO = 0x30;

/** Requests of one size in a few large pieces of memory. */
export interface Requests {
  readonly count: number;
  at(index: number): Buffer;
}

const PER_SLAB = 10_000;
const slabs: Buffer[] = []; // kept from one round to the next: a gigabyte is not asked for twice

/** New events, with new ids, signed now. */
export function makeRequests(count: number): Requests {
  const seconds = Math.floor(Date.now() / 1000);
  const headBytes = headOf(seconds, '').length + SIGNATURE_LETTERS;
  const size = headBytes + BODY_BYTES;
  const at = (index: number): Buffer => {
    const slab = (slabs[Math.floor(index / PER_SLAB)] ??= Buffer.allocUnsafeSlow(size * PER_SLAB));
    return slab.subarray((index % PER_SLAB) * size, (index % PER_SLAB) * size + size);
  };
  const key = createSecretKey(Buffer.from(SECRET));
  const random = Buffer.alloc(LETTERS.length + DIGITS.length);
  for (let index = 0; index < count; index += 1) {
    const request = at(index);
    const body = request.subarray(headBytes);
    fill(body, randomFillSync(random), seconds * 1000 + Math.floor(index / 10));
    const signature = createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex');
    request.write(headOf(seconds, signature), 0, 'latin1');
  }
  return { count, at };
}

/** The first letters of Stripe's ids grow with time. */
function fill(body: Buffer, random: Buffer, atMs: number): void {
  TEMPLATE.copy(body);
  let from = 0;
  for (const place of LETTERS) body[place] = BASE62[(random[from++] ?? 0) % 62] ?? 0;
  for (const place of DIGITS) body[place] = ZERO + ((random[from++] ?? 0) % 10);
  let time = atMs;
  for (const place of TIME.toReversed()) {
    body[place] = BASE62[time % 62] ?? 0;
    time = Math.floor(time / 62);
  }
}

const SIGNATURE_LETTERS = 64;

const headOf = (seconds: number, signature: string): string =>
  [
    `POST ${PATH} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'Accept: */*; q=0.5, application/xml',
    'Cache-Control: no-cache',
    'Content-Type: application/json; charset=utf-8',
    `Stripe-Signature: t=${seconds},v1=${signature},v0=${'0'.repeat(SIGNATURE_LETTERS)}`,
    `Content-Length: ${BODY_BYTES}`,
    'Connection: keep-alive',
    '\r\n',
  ].join('\r\n');
