import {
  Link,
  PropertyList,
  PropertyListItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeaderCell,
  TableRow,
} from '@stripe/ui-extension-sdk/ui';
import { MeterChart } from '@stripe/ui-extension-sdk/ui/next';
import type { Balance, CustomerPayment, Person, Referral as ReferralData } from '../contract/app.gen';
import type { Money } from '../contract/common.gen';
import { type Format, plural, useFormat } from './format';
import { Name, Quiet, Section, Stack } from './layout';
import { Status } from './status';

/** The first currency, then the others in a note: currencies are never added. */
export function severalMoneys(moneys: Money[], format: Format): string {
  const [first, ...others] = moneys.map(format.money);
  if (first === undefined) return 'None yet';
  return others.length > 0 ? `${first}, and ${others.join(', ')}` : first;
}

/** The sums of one kind over all currencies, leaving out the empty ones. */
export function sumsOf(
  balances: Balance[],
  part: 'earned' | 'paid' | 'approved' | 'pending' | 'held' | 'frozen',
): Money[] {
  return balances
    .filter((balance) => balance[part] !== 0)
    .map((balance) => ({ amount: balance[part], currency: balance.currency }));
}

/** "$19.80, next on Dec 12": there may be more dates than one. */
export function pendingOf(balances: Balance[], format: Format): string {
  const dates = balances.flatMap(({ nextAvailableAt }) => nextAvailableAt ?? []).sort();
  const sums = severalMoneys(sumsOf(balances, 'pending'), format);
  return dates[0] ? `${sums}, next on ${format.day(dates[0])}` : sums;
}

/** Says who earns, too: the title above has no room for a link. */
function HowLong({ earns, participant }: { earns: NonNullable<ReferralData['earns']>; participant: Person }) {
  if (earns.for === 'lifetime') {
    return (
      <Section title="For as long as they pay">
        <Quiet>
          <Name of={participant} /> earns commission on every payment of this customer.
        </Quiet>
      </Section>
    );
  }
  if (earns.for === 'first') {
    return (
      <Section title={earns.monthsEarned > 0 ? 'First payment only, earned' : 'First payment only'}>
        <Quiet>
          <Name of={participant} /> earns commission on the first payment of this customer. Later payments earn nothing.
        </Quiet>
      </Section>
    );
  }
  const { months } = earns.for;
  const left = Math.max(0, months - earns.monthsEarned);
  return (
    <Section title={`${earns.monthsEarned} of ${plural(months, 'month')}`}>
      <MeterChart
        data={[
          { label: 'Months earned', value: earns.monthsEarned },
          { label: left === 1 ? 'Month left' : 'Months left', value: left },
        ]}
        unitFormat={{ unit: 'none' }}
      />
      <Quiet>
        <Name of={participant} /> earns commission for {plural(months, 'month')}.{' '}
        {left > 0
          ? `Renewals after month ${months} earn nothing.`
          : 'All months are earned. Further renewals earn nothing.'}
      </Quiet>
    </Section>
  );
}

function SoFar({ referral }: { referral: ReferralData }) {
  const format = useFormat();
  const { commission, revenue } = referral;
  const row = (label: string, part: 'paid' | 'approved' | 'held' | 'frozen') => {
    const sums = sumsOf(commission, part);
    return sums.length > 0 ? <PropertyListItem label={label} value={severalMoneys(sums, format)} /> : null;
  };
  return (
    <Section title="So far">
      <PropertyList orientation="horizontal">
        <PropertyListItem label="Revenue counted" value={severalMoneys(revenue, format)} />
        <PropertyListItem label="Commission earned" value={severalMoneys(sumsOf(commission, 'earned'), format)} />
        {row('Paid out', 'paid')}
        {row('Approved', 'approved')}
        {sumsOf(commission, 'pending').length > 0 && (
          <PropertyListItem label="Pending" value={pendingOf(commission, format)} />
        )}
        {row('On hold', 'held')}
        {row('Frozen', 'frozen')}
      </PropertyList>
    </Section>
  );
}

function PaymentRow({ payment }: { payment: CustomerPayment }) {
  const format = useFormat();
  const day = format.day(payment.occurredAt);
  return (
    <TableRow>
      <TableCell wrap={false}>
        {payment.object ? (
          <Link href={{ name: 'paymentDetails', params: { paymentId: payment.object } }}>{day}</Link>
        ) : (
          day
        )}
      </TableCell>
      <TableCell align="right" wrap={false}>
        {format.money(payment.counted)}
      </TableCell>
      <TableCell align="right" wrap={false}>
        {payment.commission.length > 0 ? severalMoneys(payment.commission, format) : 'None'}
      </TableCell>
      <TableCell align="right">{payment.status ? <Status of={payment.status} /> : ''}</TableCell>
    </TableRow>
  );
}

function Payments({ payments, count }: { payments: CustomerPayment[]; count: number }) {
  return (
    <Section title={payments.length < count ? `Payments, the latest ${payments.length} of ${count}` : 'Payments'}>
      <Table>
        <TableHead>
          <TableRow>
            <TableHeaderCell>Date</TableHeaderCell>
            <TableHeaderCell align="right">Counted</TableHeaderCell>
            <TableHeaderCell align="right">Commission</TableHeaderCell>
            <TableHeaderCell align="right">Status</TableHeaderCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {payments.map((payment) => (
            <PaymentRow key={payment.payment} payment={payment} />
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}

/** A customer whom somebody referred: how long it earns, what it earned, by which payments. */
export const Referral = ({ referral }: { referral: ReferralData }) => (
  <Stack gap="large">
    {referral.earns && <HowLong earns={referral.earns} participant={referral.participant} />}
    <SoFar referral={referral} />
    <Payments payments={referral.payments} count={referral.paymentCount} />
  </Stack>
);
