import { Accordion, AccordionItem, Banner, Button, ContextView } from '@stripe/ui-extension-sdk/ui';
import type { WaitingPayment, WaitingReason } from '../contract/app.gen';
import { Facts, factsInShort, factsQuestion } from './Facts';
import { type Format, nameOf, useFormat } from './format';
import { BRAND, Stack, Step, Where } from './layout';

type Words = { title: string; missing: string; why: string };

/** One line per reason: the title, what is missing, and why that matters. Each has a test of its name. */
export const WAITING: Record<WaitingReason, Words> = {
  payment: {
    title: 'Waiting for the money',
    missing: 'The money is missing',
    why: 'The buyer chose a way to pay that takes days. Stripe tells us when it arrives.',
  },
  invoice_link: {
    title: 'Waiting for the invoice',
    missing: 'The invoice is missing',
    why: 'Stripe hasn’t said yet which invoice this charge pays.',
  },
  line_items: {
    title: 'Waiting for the products',
    missing: 'The products are missing',
    why: 'A rule of yours asks which products were bought, and the event doesn’t list them all.',
  },
  discount: {
    title: 'Waiting for the discount',
    missing: 'The discount is missing',
    why: 'A discount was used, and Stripe hasn’t said yet which promotion code brought it.',
  },
  rate: {
    title: 'Waiting for the exchange rate',
    missing: 'The exchange rate is missing',
    why: 'An award is in another currency, and Stripe hasn’t said yet at which rate it was converted.',
  },
  history: {
    title: 'Waiting for earlier payments',
    missing: 'The customer’s history is missing',
    why: 'This customer is older than BlitzRocket in your account, so we can’t tell yet if this is a first payment.',
  },
  possible_double: {
    title: 'Waiting for a decision',
    missing: 'It may be counted already',
    why: 'Another payment by this buyer has the same amount, within two hours and from another source.',
  },
};

const MIGHT_BE_COUNTED_TWICE: ReadonlySet<WaitingReason> = new Set(['invoice_link', 'possible_double']);

function nextStep({ reason, nextCheckAt }: WaitingPayment, format: Format): string {
  if (nextCheckAt)
    return `Most answers arrive within a minute. We’ll ask Stripe ourselves at ${format.moment(nextCheckAt)}.`;
  if (reason === 'possible_double')
    return 'It stays out of every sum until it’s clear whether the two are one. A link between them from Stripe makes it clear.';
  return 'Stripe tells us by itself, and the payment is counted then.';
}

/** Known, but not counted yet. */
export function Waiting({ payment, asking, again }: { payment: WaitingPayment; asking: boolean; again: () => void }) {
  const format = useFormat();
  const { participant, referredAt, facts } = payment;
  const words = WAITING[payment.reason];
  return (
    <ContextView
      title={words.title}
      description={`This payment isn’t counted yet${MIGHT_BE_COUNTED_TWICE.has(payment.reason) ? ', so it can’t be counted twice' : ''}.`}
      {...BRAND}
      actions={
        <Button onPress={again} pending={asking}>
          Check now
        </Button>
      }
    >
      <Stack gap="large">
        <Where contest={payment.contest} livemode={payment.livemode} />
        <Stack>
          {payment.reason !== 'payment' && (
            <Step
              mark="won"
              title="The payment arrived"
            >{`${format.money(payment.paid)} on ${format.moment(payment.occurredAt)}`}</Step>
          )}
          {participant && (
            <Step mark="won" title="A referrer is known">
              {`${nameOf(participant)} referred this customer${referredAt ? ` on ${format.day(referredAt)}` : ''}.`}
            </Step>
          )}
          <Step
            mark="waiting"
            title={words.missing}
          >{`${words.why} Waiting since ${format.moment(payment.since)}.`}</Step>
        </Stack>
        <Banner
          title={payment.reason === 'possible_double' ? 'What this means' : 'Nothing to do'}
          description={nextStep(payment, format)}
        />
        <Accordion>
          <AccordionItem title={factsQuestion(facts)} subtitle={factsInShort(facts, format)}>
            <Facts facts={facts} />
          </AccordionItem>
        </Accordion>
      </Stack>
    </ContextView>
  );
}
