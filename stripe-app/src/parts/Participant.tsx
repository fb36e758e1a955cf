import { Accordion, AccordionItem, List, ListItem, PropertyList, PropertyListItem } from '@stripe/ui-extension-sdk/ui';
import type { Balance, ParticipantCustomer, ReferredPerson } from '../contract/app.gen';
import { type Format, plural, shortNameOf, useFormat } from './format';
import { Copyable, Name, Quiet, Section, Small, Stack, Strong } from './layout';
import { pendingOf, Referral, severalMoneys, sumsOf } from './Referral';

const CodeAndLink = ({ code, link }: { code: string; link: string }) => (
  <Section title="Code and link">
    <Stack gap="small">
      <Copyable text={code} what="Code" />
      <Copyable text={link} shown={link.replace(/^https?:\/\//, '')} what="Link" />
    </Stack>
  </Section>
);

function Standing({ customer }: { customer: ParticipantCustomer }) {
  const { count } = useFormat();
  const { rank, points, entries, peopleCount, peopleWhoPaid, clicks } = customer;
  const paid = peopleCount > 0 ? `, of whom ${count(peopleWhoPaid)} paid` : '';
  return (
    <Section title="Standing">
      <PropertyList orientation="horizontal">
        {rank && <PropertyListItem label="Rank" value={`${count(rank.position)} of ${count(rank.of)}, by points`} />}
        <PropertyListItem label="Points" value={count(points)} />
        {entries > 0 && <PropertyListItem label="Entries" value={count(entries)} />}
        <PropertyListItem label="People referred" value={`${count(peopleCount)}${paid}`} />
        <PropertyListItem label="Clicks" value={count(clicks)} />
      </PropertyList>
    </Section>
  );
}

function BalanceOf({ balance }: { balance: Balance[] }) {
  const format = useFormat();
  const sums = (part: 'approved' | 'held' | 'frozen' | 'paid') => sumsOf(balance, part);
  const payable = sums('approved');
  return (
    <Section title="Balance">
      <PropertyList orientation="horizontal">
        <PropertyListItem
          label="Can be paid now"
          value={payable.length > 0 ? <Strong>{severalMoneys(payable, format)}</Strong> : 'Nothing yet'}
        />
        {sumsOf(balance, 'pending').length > 0 && (
          <PropertyListItem label="Pending" value={pendingOf(balance, format)} />
        )}
        {sums('held').length > 0 && <PropertyListItem label="On hold" value={severalMoneys(sums('held'), format)} />}
        {sums('frozen').length > 0 && <PropertyListItem label="Frozen" value={severalMoneys(sums('frozen'), format)} />}
        {sums('paid').length > 0 && (
          <PropertyListItem label="Paid so far" value={severalMoneys(sums('paid'), format)} />
        )}
      </PropertyList>
    </Section>
  );
}

function Person({ person, format }: { person: ReferredPerson; format: Format }) {
  return (
    <ListItem
      title={<Name of={person} />}
      secondaryTitle={person.payments > 0 ? plural(person.payments, 'payment') : undefined}
      value={person.revenue.length > 0 ? severalMoneys(person.revenue, format) : <Small>No payment yet</Small>}
    />
  );
}

function People({ people, count }: { people: ReferredPerson[]; count: number }) {
  const format = useFormat();
  const some = people.length < count ? `, the first ${people.length} of ${format.count(count)}` : '';
  return (
    <Section title={`People referred, by revenue${some}`}>
      {people.length === 0 ? (
        <Quiet>Nobody has come by this link yet.</Quiet>
      ) : (
        <List>
          {people.map((person, index) => (
            <Person key={person.stripeCustomer ?? index} person={person} format={format} />
          ))}
        </List>
      )}
    </Section>
  );
}

function AsBuyer({ asBuyer }: { asBuyer: ParticipantCustomer['asBuyer'] }) {
  const { referral, payments } = asBuyer;
  const count = payments === 0 ? 'No payment yet.' : `${plural(payments, 'payment')}.`;
  const by = referral ? `Referred by ${shortNameOf(referral.participant)}.` : 'Not referred by anyone.';
  return (
    <Accordion>
      <AccordionItem title="As a buyer" subtitle={`${by} ${count}`}>
        {referral ? (
          <Referral referral={referral} />
        ) : (
          <Quiet>
            {payments === 0
              ? 'When this customer pays and a referral comes along, it shows up here.'
              : payments === 1
                ? 'We looked at the payment. It has no referrer.'
                : `We looked at all ${payments} payments. None has a referrer.`}
          </Quiet>
        )}
      </AccordionItem>
    </Accordion>
  );
}

/** A customer who refers others: code, standing, balance, people; their own purchases come last. */
export const Participant = ({ customer }: { customer: ParticipantCustomer }) => (
  <Stack gap="large">
    <CodeAndLink code={customer.participant.code} link={customer.link} />
    <Standing customer={customer} />
    <BalanceOf balance={customer.balance} />
    <People people={customer.people} count={customer.peopleCount} />
    <AsBuyer asBuyer={customer.asBuyer} />
  </Stack>
);
