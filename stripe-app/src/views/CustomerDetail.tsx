import { ContextView } from '@stripe/ui-extension-sdk/ui';
import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import type { NeitherCustomer, ParticipantCustomer, ReferredCustomer } from '../contract/app.gen';
import { Answered } from '../parts/Answered';
import { plural, shortNameOf, useFormat } from '../parts/format';
import { BRAND, Quiet, Section, Stack, Where } from '../parts/layout';
import { Participant } from '../parts/Participant';
import { Referral } from '../parts/Referral';
import { howReferred } from '../parts/sentences';

function Referred({ customer }: { customer: ReferredCustomer }) {
  const format = useFormat();
  const { contest, livemode, referral } = customer;
  const { participant, since, decidedBy } = referral;
  const telling = { format, occurredAt: since, windowDays: contest.windowDays, decided: decidedBy };
  return (
    <ContextView
      title={`Referred by ${shortNameOf(participant)}`}
      description={howReferred(since, decidedBy, telling)}
      {...BRAND}
    >
      <Stack gap="large">
        <Where contest={contest} livemode={livemode} />
        <Referral referral={referral} />
      </Stack>
    </ContextView>
  );
}

function Referrer({ customer }: { customer: ParticipantCustomer }) {
  const format = useFormat();
  return (
    <ContextView
      title={shortNameOf(customer.participant)}
      description={`Referrer since ${format.day(customer.since)}`}
      {...BRAND}
    >
      <Stack gap="large">
        <Where contest={customer.contest} livemode={customer.livemode} />
        <Participant customer={customer} />
      </Stack>
    </ContextView>
  );
}

function Neither({ customer }: { customer: NeitherCustomer }) {
  const { payments } = customer;
  return (
    <ContextView title="Not in a contest" description="No referrer, and not a referrer." {...BRAND}>
      <Stack gap="large">
        <Where contest={customer.contest} livemode={customer.livemode} />
        <Section title={payments > 0 ? 'What we looked at' : 'What happens next'}>
          {payments > 0
            ? `We’ve seen ${plural(payments, 'payment')} by this customer. ${payments === 1 ? 'It has no referrer.' : 'None has a referrer.'}`
            : 'We haven’t seen a payment by this customer yet. Events usually arrive within a minute.'}
          <Quiet>Open a payment to see where we looked.</Quiet>
        </Section>
      </Stack>
    </ContextView>
  );
}

/** Who referred this customer, or, if they refer others, how they stand. */
export default function CustomerDetail(context: ExtensionContextValue) {
  return (
    <Answered about="customer" context={context}>
      {(customer) => {
        switch (customer.state) {
          case 'referred':
            return <Referred customer={customer} />;
          case 'participant':
            return <Referrer customer={customer} />;
          case 'neither':
            return <Neither customer={customer} />;
        }
      }}
    </Answered>
  );
}
