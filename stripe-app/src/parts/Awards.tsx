import { Box, List, ListItem } from '@stripe/ui-extension-sdk/ui';
import type { AttributedPayment, Award, NotAttributedPayment } from '../contract/app.gen';
import { type Format, useFormat } from './format';
import { Name, Quiet, Section, Stack } from './layout';
import { amountOf, byWeight, valueOf, whyNot } from './rules';
import { PartlyReversed, Status } from './status';

type Known = AttributedPayment | NotAttributedPayment;

/** What happens to an award next, as a sentence; nothing where the badge says it all. */
function next(award: Award, format: Format): string {
  switch (award.status) {
    case 'pending':
      return award.availableAt ? `Can be paid from ${format.day(award.availableAt)}.` : 'In its hold time.';
    case 'pending_rate':
      return 'Waits for an exchange rate.';
    case 'held':
      return 'Waits for a decision.';
    case 'frozen':
      return 'Not payable while the dispute is open.';
    case 'reversed':
      return 'Taken back.';
    case 'approved':
    case 'paid':
      return '';
  }
}

const isPartlyReversed = ({ takenBack, amount }: Award) => takenBack > 0 && amount > 0;

/** What was taken back of it says the second badge; what is left goes on as before. */
const Standing = ({ award }: { award: Award }) =>
  isPartlyReversed(award) ? (
    <Box css={{ stack: 'y', gap: 'xsmall', alignX: 'end' }}>
      <PartlyReversed />
      <Status of={award.status} />
    </Box>
  ) : (
    <Status of={award.status} />
  );

function Recipient({ award }: { award: Award }) {
  const format = useFormat();
  const { kind, currency, takenBack } = award;
  const back = isPartlyReversed(award) && `${valueOf(kind, takenBack, currency, format)} taken back.`;
  const after = [back, next(award, format)].filter(Boolean).join(' ');
  return (
    <>
      {award.role === 'buyer' ? 'For the buyer, ' : 'For '}
      <Name of={award.participant} />
      {after && `. ${after}`}
    </>
  );
}

function NoAward({ payment }: { payment: Known }) {
  const format = useFormat();
  if (payment.rules.length === 0) return <Quiet>No award. This contest has no rules yet.</Quiet>;
  return (
    <Stack gap="small">
      <Quiet>No award.</Quiet>
      {whyNot(payment.rules, payment, format).map((why, index) => (
        <Quiet key={index}>{why}</Quiet>
      ))}
    </Stack>
  );
}

/** Who gets what for this payment, and when. */
export function Awards({ payment }: { payment: Known }) {
  const format = useFormat();
  return (
    <Section title="Awards">
      {payment.awards.length === 0 ? (
        <NoAward payment={payment} />
      ) : (
        <List>
          {[...payment.awards].sort(byWeight).map((award, index) => (
            <ListItem
              key={index}
              title={amountOf(award.kind, award.amount, award.currency, format)}
              secondaryTitle={<Recipient award={award} />}
              value={<Standing award={award} />}
            />
          ))}
        </List>
      )}
    </Section>
  );
}
