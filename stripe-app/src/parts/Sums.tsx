import { Table, TableBody, TableCell, TableRow } from '@stripe/ui-extension-sdk/ui';
import type { ReactNode } from 'react';
import type {
  Arithmetic,
  AttributedPayment,
  NotAttributedPayment,
  PaymentMoney,
  RuleOutcome,
} from '../contract/app.gen';
import { type Format, nameOf, useFormat } from './format';
import { Quiet, Stack, Strong, Subheading } from './layout';
import { amountOf, inOrder, inShort, ruleNote, valueOf, whyNot, workedOut } from './rules';

type Known = AttributedPayment | NotAttributedPayment;
type Applied = RuleOutcome & { arithmetic: Arithmetic };

const applied = (rules: RuleOutcome[]) => inOrder(rules).filter((rule): rule is Applied => rule.arithmetic !== null);
const isMoney = ({ kind }: RuleOutcome) => kind === 'commission' || kind === 'credit';

const TAKEN_OFF = {
  tax: 'Tax, not counted',
  shipping: 'Shipping, not counted',
  tips: 'Tips, not counted',
} as const;
const HEADING = {
  commission: 'Commission',
  credit: 'Credit',
  points: 'Points',
  entries: 'Entries',
  coupon: 'Coupon',
} as const;

const SumRow = ({ label, value, strong }: { label: string; value: ReactNode; strong?: 'both' | 'value' }) => (
  <TableRow>
    <TableCell width="maximized">{strong === 'both' ? <Strong>{label}</Strong> : label}</TableCell>
    <TableCell align="right" wrap={false}>
      {strong ? <Strong>{value}</Strong> : value}
    </TableCell>
  </TableRow>
);

/** From what the buyer paid down to what counts. */
function Counted({ money, format }: { money: PaymentMoney; format: Format }) {
  const off = (amount: number, currency: string) => format.money({ amount: -amount, currency });
  return (
    <>
      <SumRow label="Paid by the buyer" value={format.money(money.paid)} />
      {money.notCounted.map(({ what, money: part }) => (
        <SumRow key={what} label={TAKEN_OFF[what]} value={off(part.amount, part.currency)} />
      ))}
      <SumRow label="Counted" value={format.money(money.counted)} strong="both" />
    </>
  );
}

/** "Commission for Ada Lovelace", "Points for the buyer". */
function heading(rule: RuleOutcome, payment: Known): string {
  const named = rule.to === 'referrer' && payment.state === 'attributed';
  return `${HEADING[rule.kind]} for ${named ? nameOf(payment.participant) : `the ${rule.to}`}`;
}

/** What a refund or a lost dispute took back of it. */
function TakenBack({ rule, payment }: { rule: Applied; payment: Known }) {
  const format = useFormat();
  const { result, takenBack, currency } = rule.arithmetic;
  const { refunded } = payment.money;
  if (takenBack === 0) return null;
  const because = refunded.amount > 0 ? `, ${format.money(refunded)} was refunded` : '';
  const sum = (amount: number) => valueOf(rule.kind, amount, currency, format);
  return (
    <>
      <SumRow label={`Taken back${because}`} value={sum(-takenBack)} />
      <SumRow label="Left" value={sum(result - takenBack)} strong="both" />
    </>
  );
}

function MoneySum({ rule, payment, first }: { rule: Applied; payment: Known; first: boolean }) {
  const format = useFormat();
  const { arithmetic, give } = rule;
  const share = give.how === 'percent' && `${format.percent(give.percent)} of ${format.money(arithmetic.of)}`;
  const result = valueOf(rule.kind, arithmetic.result, arithmetic.currency, format);
  return (
    <Stack gap="small">
      <Subheading>{heading(rule, payment)}</Subheading>
      <Table>
        <TableBody>
          {first && <Counted money={payment.money} format={format} />}
          <SumRow label={share || 'Fixed amount'} value={result} strong="value" />
          <TakenBack rule={rule} payment={payment} />
        </TableBody>
      </Table>
      <Quiet>{ruleNote(rule, arithmetic, format)}</Quiet>
    </Stack>
  );
}

function NumberSum({ rule, payment }: { rule: Applied; payment: Known }) {
  const format = useFormat();
  const { result, takenBack } = rule.arithmetic;
  const back = `${amountOf(rule.kind, takenBack, null, format)} taken back, ${format.count(result - takenBack)} left.`;
  return (
    <Stack gap="small">
      <Subheading>{heading(rule, payment)}</Subheading>
      <Quiet>{`${workedOut(rule, rule.arithmetic, format)}.${takenBack > 0 ? ` ${back}` : ''}`}</Quiet>
    </Stack>
  );
}

/** The arithmetic of every award; the way from paid to counted is told once, with the first sum of money. */
export function Sums({ payment }: { payment: Known }) {
  const format = useFormat();
  const worked = applied(payment.rules);
  const notApplied = whyNot(payment.rules, payment, format);
  const first = worked.find(isMoney);
  return (
    <Stack>
      {worked.map((rule) =>
        isMoney(rule) ? (
          <MoneySum key={rule.rule} rule={rule} payment={payment} first={rule === first} />
        ) : (
          <NumberSum key={rule.rule} rule={rule} payment={payment} />
        ),
      )}
      {notApplied.length > 0 && (
        <Stack gap="small">
          <Subheading>Rules that didn’t apply</Subheading>
          {notApplied.map((why, index) => (
            <Quiet key={index}>{why}</Quiet>
          ))}
        </Stack>
      )}
    </Stack>
  );
}

/** Whether any rule earned something, so that there is anything to work out. */
export const hasSums = (payment: Known) => applied(payment.rules).length > 0;

/** The short answer under the question. */
export function sumsInShort(payment: Known, format: Format): string {
  const [told] = applied(payment.rules);
  return told ? inShort(told, told.arithmetic, format) : 'No rule applied';
}
