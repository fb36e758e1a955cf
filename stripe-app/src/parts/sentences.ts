import type { ChainStep, Evidence, StepName, StepReason } from '../contract/app.gen';
import { between, type Format, isolate, listed } from './format';

/** What a sentence about a step may refer to beside the step itself. */
export type Telling = {
  format: Format;
  occurredAt: string;
  windowDays: number | null;
  /** The step that decided, if one did. */
  decided: ChainStep | null;
};

/** Names of the steps, as a merchant knows the places. */
export const STEP_TITLE: Record<StepName, string> = {
  override: 'Your decision',
  external_id: 'External customer ID',
  client_reference_id: 'Client reference ID',
  metadata: 'Click or code in metadata',
  session_binding: 'This browser',
  promotion_code: 'Promotion code',
  customer: 'Stripe customer',
  email: 'Email',
};

/** The same places inside a sentence. */
export const STEP_PLACE: Record<StepName, string> = {
  override: 'your own decision',
  external_id: 'external customer ID',
  client_reference_id: 'client reference ID',
  metadata: 'metadata',
  session_binding: 'this browser',
  promotion_code: 'promotion code',
  customer: 'earlier payments of this customer',
  email: 'email',
};

const METADATA_OF: Record<NonNullable<Evidence['source']>, string> = {
  session: 'Checkout metadata',
  subscription: 'subscription metadata',
  payment_intent: 'payment metadata',
  invoice: 'invoice metadata',
  payment_link: 'payment link metadata',
  charge: 'charge metadata',
  customer: 'customer metadata',
  order: 'the order',
};

const carrier = (evidence: Evidence) => (evidence.source ? METADATA_OF[evidence.source] : 'metadata');
const whom = (evidence: Evidence) => isolate(evidence.participant ?? 'another referrer');
const held = (evidence: Evidence) => isolate(evidence.value ?? evidence.code ?? evidence.click ?? 'a value');
const codeIn = (evidence: Evidence) => isolate(evidence.code ?? evidence.value ?? 'a code');
const on = (evidence: Evidence, { format }: Telling) => (evidence.at ? ` on ${format.day(evidence.at)}` : '');
const at = (evidence: Evidence, { format }: Telling) => (evidence.at ? ` on ${format.moment(evidence.at)}` : '');

/** How the evidence came along with the payment: the last half of a sentence about a click or code. */
function carried({ step, evidence }: ChainStep): string {
  const key = evidence.key ? ` under ${isolate(evidence.key)}` : '';
  if (step === 'client_reference_id') return 'Checkout carried it as the client reference ID.';
  if (step === 'session_binding') return 'The script on your page reported this checkout.';
  if (step === 'metadata' && evidence.source === 'session') return `Checkout carried it${key}.`;
  if (step === 'metadata') return `It came with ${carrier(evidence)}${key}.`;
  return `It was found${key || ` by ${STEP_PLACE[step]}`}.`;
}

function inWindow(evidence: Evidence, { occurredAt, windowDays }: Telling): string {
  if (!evidence.at) return '';
  const before = `, ${between(evidence.at, occurredAt)} before the payment`;
  return windowDays === null ? before : `${before} and inside the ${windowDays}-day window`;
}

const NOTHING: Record<StepName, string> = {
  override: 'You haven’t set a referrer for this payment or customer.',
  external_id: 'None was passed.',
  client_reference_id: 'Empty. None was passed.',
  metadata: 'No keys are set.',
  session_binding: 'The script didn’t report this checkout.',
  promotion_code: 'None was used.',
  customer: 'No earlier payment by this customer was referred.',
  email: 'Nobody with this address has come by a referrer’s link.',
};

const NO_MATCH: Record<StepName, (value: string) => string> = {
  override: (value) => `It names ${value}, who isn’t in this contest.`,
  external_id: (value) => `It held ${value}. No customer of yours is known by that ID yet.`,
  client_reference_id: (value) => `It held ${value}. That isn’t a click or a code of yours.`,
  metadata: (value) => `It held ${value}. That isn’t a click or a code of yours.`,
  session_binding: (value) => `The script reported ${value}. That isn’t a click of yours.`,
  promotion_code: (value) => `${value} was used. It isn’t known.`,
  customer: (value) => `Its metadata held ${value}. That isn’t a click or a code of yours.`,
  email: () => NOTHING.email,
};

const STRONGER: Partial<Record<StepName, string>> = {
  promotion_code: 'a promotion code',
  session_binding: 'what the browser reported',
  customer: 'an earlier payment',
  email: 'an email address',
  external_id: 'an external customer ID',
  client_reference_id: 'the client reference ID',
  metadata: 'metadata',
};

function winner(decided: ChainStep | null): string {
  if (!decided) return 'something stronger';
  if (decided.reason === 'click') return 'a click';
  if (decided.reason === 'code') return 'a code';
  return STRONGER[decided.step] ?? 'something stronger';
}

const keysRead = (keys: string[]) =>
  keys.length === 1
    ? `1 key read: ${isolate(keys[0] ?? '')}. It isn’t a click or a code.`
    : `${keys.length} keys read: ${keys.map(isolate).join(', ')}. None is a click or a code.`;

type Sentence = (step: ChainStep, telling: Telling) => string;

/** One line per reason code; each has a test of its name. */
export const STEP_SENTENCE: Record<StepReason, Sentence> = {
  decided_by_merchant: ({ evidence }, t) => `You set ${whom(evidence)} as the referrer${on(evidence, t)}.`,
  marked_not_referred: ({ evidence }, t) => `You marked this as not referred${on(evidence, t)}.`,
  click: (step, t) =>
    `${whom(step.evidence)}’s link was clicked${at(step.evidence, t)}${inWindow(step.evidence, t)}. ${carried(step)}`,
  code: (step) => `It named ${whom(step.evidence)}’s code ${codeIn(step.evidence)}. ${carried(step)}`,
  promotion_code_redeemed: ({ evidence }) => `The buyer used ${held(evidence)}, which belongs to ${whom(evidence)}.`,
  referred_before: ({ evidence }, t) =>
    `${whom(evidence)} referred this customer${on(evidence, t)}. In this contest the first referrer stays.`,
  lead: ({ evidence }, t) => `A lead with this address came by ${whom(evidence)}’s link${at(evidence, t)}.`,

  nothing_there: ({ step }) => NOTHING[step],
  no_match: ({ step, evidence }) => NO_MATCH[step](held(evidence)),
  keys_without_match: ({ evidence }) => keysRead(evidence.keys ?? []),
  not_a_referrers_code: ({ evidence }) => `${held(evidence)} was used. It doesn’t belong to a referrer.`,
  guest: () => 'Guest checkout, so there is no customer to look up.',
  no_address: () => 'No email address came with this payment.',
  address_shared_by_many: () => 'Twenty or more customers use this address, so it can’t tell who this is.',

  outside_window: ({ evidence }, t) =>
    `${whom(evidence)}’s link was clicked${on(evidence, t)}${evidence.at ? `, ${between(evidence.at, t.occurredAt)} before the payment` : ''}.${t.windowDays === null ? '' : ` The window is ${t.windowDays} days.`}`,
  after_the_payment: ({ step, evidence }, t) =>
    `${step === 'email' ? `A lead with this address came by ${whom(evidence)}’s link` : `${whom(evidence)}’s link was clicked`}${at(evidence, t)}${evidence.at ? `, ${between(t.occurredAt, evidence.at)} after the payment` : ''}. What comes later can’t have caused it.`,
  not_new: ({ evidence }) =>
    `It belongs to ${whom(evidence)}. This contest counts new customers only, and this one had paid before.`,
  self_referral: ({ evidence }) =>
    `It belongs to ${whom(evidence)}, who is the buyer. Nobody can refer themselves in this contest.`,
  not_running: ({ evidence }) => `It belongs to ${whom(evidence)}. The contest wasn’t running when this was paid.`,
  paused: ({ evidence }) => `It belongs to ${whom(evidence)}, who was paused when this was paid.`,
  blocked: ({ evidence }) => `It belongs to ${whom(evidence)}, who is blocked in this contest.`,

  same_referrer: ({ evidence }) => `It names ${whom(evidence)} too.`,
  stronger_step: ({ step, evidence }, { decided }) =>
    decided?.step === 'override'
      ? `It belongs to ${whom(evidence)}. Your own decision comes first.`
      : `It belongs to ${whom(evidence)}. In this contest ${winner(decided)} wins over ${STRONGER[step] ?? 'this'}.`,
  other_touch: ({ evidence }, t) =>
    `${whom(evidence)}’s link was clicked${at(evidence, t)}. This contest goes by another click of the same buyer.`,
  referrer_stays: ({ evidence }) =>
    `It belongs to ${whom(evidence)}. In this contest the first referrer of a customer stays.`,
  other_contest: ({ evidence }) =>
    `This belongs to ${isolate(evidence.contest ?? 'another contest')}, another contest of yours.`,
};

export const sentenceFor: Sentence = (step, telling) => STEP_SENTENCE[step.reason](step, telling);

/** The title of a step: what was seen there, once something was. */
export function stepTitle({ step, finding, reason, evidence }: ChainStep): string {
  if (finding !== 'absent' && step === 'metadata') {
    return `${reason === 'code' ? 'Code' : 'Click'} in ${carrier(evidence)}`;
  }
  if (step === 'promotion_code' && evidence.value) return `Promotion code ${isolate(evidence.value)}`;
  return STEP_TITLE[step];
}

const HOW: Record<StepName, (evidence: Evidence, t: Telling) => string> = {
  override: (evidence, t) => `Set by you${on(evidence, t)}`,
  external_id: (evidence, t) => `Referred before${on(evidence, t)}, recognized by external customer ID`,
  client_reference_id: (evidence, t) => clickOrCode(evidence, t, 'the client reference ID'),
  metadata: (evidence, t) => clickOrCode(evidence, t, carrier(evidence)),
  session_binding: (evidence, t) => `Click${on(evidence, t)}, reported by the script on your page`,
  promotion_code: (evidence) => `Promotion code ${held(evidence)}`,
  customer: (evidence, t) => `Referred before${on(evidence, t)}, recognized as a Stripe customer`,
  email: (evidence, t) => `Referred before${on(evidence, t)}, recognized by email`,
};

const clickOrCode = (evidence: Evidence, t: Telling, where: string) =>
  evidence.click ? `Click${on(evidence, t)}, carried by ${where}` : `Code ${codeIn(evidence)}, carried by ${where}`;

/** The line under the title: how the referrer was matched. */
export const howDecided = (decided: ChainStep, telling: Telling) => HOW[decided.step](decided.evidence, telling);

/** "Since Jan 12, by a click on Jan 9": the same for a customer. */
export function howReferred(since: string, decided: ChainStep, telling: Telling): string {
  const { evidence } = decided;
  const ways: Partial<Record<StepReason, string>> = {
    click: `a click${on(evidence, telling)}`,
    code: `code ${codeIn(evidence)}`,
    promotion_code_redeemed: `promotion code ${held(evidence)}`,
    decided_by_merchant: 'your own decision',
    lead: `a lead${on(evidence, telling)}`,
  };
  const way = ways[decided.reason];
  return `Since ${telling.format.day(since)}${way ? `, by ${way}` : ''}`;
}

/** "1 thing decided, 1 lost, 6 had nothing". */
export function chainSummary(chain: ChainStep[]): string {
  const count = (finding: ChainStep['finding']) => chain.filter((step) => step.finding === finding).length;
  const parts = [
    count('found') > 0 && `${count('found')} thing decided`,
    count('refused') > 0 && `${count('refused')} ${count('refused') === 1 ? 'was' : 'were'} refused`,
    count('not_needed') > 0 && `${count('not_needed')} lost`,
    count('absent') > 0 && `${count('absent')} had nothing`,
  ];
  return parts.filter(Boolean).join(', ');
}

export const placesWithNothing = (chain: ChainStep[]) => listed(chain.map(({ step }) => STEP_PLACE[step]));
