import { Accordion, AccordionItem, ContextView } from '@stripe/ui-extension-sdk/ui';
import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import type { AttributedPayment, ChainStep, NotAttributedPayment } from '../contract/app.gen';
import { Answered } from '../parts/Answered';
import { Awards } from '../parts/Awards';
import { Chain } from '../parts/Chain';
import { Facts, factsInShort, factsQuestion } from '../parts/Facts';
import { plural, shortNameOf, useFormat } from '../parts/format';
import { BRAND, Stack, Where } from '../parts/layout';
import { NextTime } from '../parts/NextTime';
import { KIND } from '../parts/rules';
import { chainSummary, howDecided, type Telling } from '../parts/sentences';
import { hasSums, Sums, sumsInShort } from '../parts/Sums';
import { Waiting } from '../parts/Waiting';

function useTelling({ chain, contest, occurredAt }: AttributedPayment | NotAttributedPayment): Telling {
  const format = useFormat();
  const decided = chain.find((step) => step.finding === 'found') ?? null;
  return { format, occurredAt, windowDays: contest.windowDays, decided };
}

function Attributed({ payment }: { payment: AttributedPayment }) {
  const telling = useTelling(payment);
  const { format, decided } = telling;
  const name = shortNameOf(payment.participant);
  return (
    <ContextView title={`Referred by ${name}`} description={decided ? howDecided(decided, telling) : ''} {...BRAND}>
      <Stack gap="large">
        <Where contest={payment.contest} livemode={payment.livemode} kind={KIND[payment.kind]} />
        <Awards payment={payment} />
        <Accordion>
          <AccordionItem title={`Why ${name}?`} subtitle={chainSummary(payment.chain)}>
            <Chain chain={payment.chain} telling={telling} open={false} />
          </AccordionItem>
          {hasSums(payment) && (
            <AccordionItem title="How were the awards worked out?" subtitle={sumsInShort(payment, format)}>
              <Sums payment={payment} />
            </AccordionItem>
          )}
          <AccordionItem title={factsQuestion(payment.facts)} subtitle={factsInShort(payment.facts, format)}>
            <Facts facts={payment.facts} />
          </AccordionItem>
        </Accordion>
      </Stack>
    </ContextView>
  );
}

const refusedIn = (chain: ChainStep[]) => chain.filter((step) => step.finding === 'refused').length;

/** "None names a referrer" would be untrue of a place whose referrer was refused. */
function whereWeLooked({ chain }: NotAttributedPayment): string {
  const refused = refusedIn(chain);
  const places = `We looked in ${plural(chain.length, 'place')}.`;
  if (refused === 0) return `${places} None names a referrer.`;
  return refused === 1
    ? `${places} One names a referrer, who was refused.`
    : `${places} ${refused} name a referrer, and all were refused.`;
}

function NotAttributed({ payment }: { payment: NotAttributedPayment }) {
  const telling = useTelling(payment);
  const { format, decided } = telling;
  const guest = payment.buyer.stripeCustomer === null ? ', guest' : '';
  return (
    <ContextView
      title={decided ? 'Not referred' : 'No referrer found'}
      description={
        decided
          ? `Marked by you${decided.evidence.at ? ` on ${format.day(decided.evidence.at)}` : ''}`
          : whereWeLooked(payment)
      }
      {...BRAND}
    >
      <Stack gap="large">
        <Where contest={payment.contest} livemode={payment.livemode} kind={`${KIND[payment.kind]}${guest}`} />
        {/* Whoever was refused was named well enough: naming them again would change nothing. */}
        {!decided && refusedIn(payment.chain) === 0 && <NextTime next={payment.nextTime} />}
        {payment.awards.length > 0 && <Awards payment={payment} />}
        <Accordion>
          <AccordionItem title="What we looked at" subtitle={chainSummary(payment.chain)} defaultOpen>
            <Chain chain={payment.chain} telling={telling} open />
          </AccordionItem>
          {hasSums(payment) && (
            <AccordionItem title="How were the awards worked out?" subtitle={sumsInShort(payment, format)}>
              <Sums payment={payment} />
            </AccordionItem>
          )}
          <AccordionItem title={factsQuestion(payment.facts)} subtitle={factsInShort(payment.facts, format)}>
            <Facts facts={payment.facts} />
          </AccordionItem>
        </Accordion>
      </Stack>
    </ContextView>
  );
}

/** Which referrer earned this payment, what are they owed, and how do we know. */
export default function PaymentDetail(context: ExtensionContextValue) {
  return (
    <Answered about="payment" context={context}>
      {(payment, asking, again) => {
        switch (payment.state) {
          case 'attributed':
            return <Attributed payment={payment} />;
          case 'not_attributed':
            return <NotAttributed payment={payment} />;
          case 'waiting':
            return <Waiting payment={payment} asking={asking} again={again} />;
        }
      }}
    </Answered>
  );
}
