import type { NextTime as Next } from '../contract/app.gen';
import { isolate } from './format';
import { CodeLine, Quiet, Section, Stack } from './layout';

/** Nobody’s code: a line that is copied as it stands must not make anybody the referrer. */
const CODE = 'THEIR_CODE';
const METADATA = `metadata: { referral_code: '${CODE}' }`;
const script = ({ url, publicKey }: NonNullable<Next['script']>) =>
  `<script src="${url}" data-key="${publicKey}" async></script>`;

type Advice = { say: string; line: string; or?: string };

/** For each way in: one sentence that names it, and the exact line. */
const ADVICE: Record<Next['way'], (next: Next) => Advice> = {
  payment_link: (next) => {
    const link = next.name ? `the payment link ${isolate(next.name)}` : 'a payment link';
    const reference = `?client_reference_id=br_${CODE}`;
    return next.script
      ? {
          say: `This payment came through ${link}, opened without a reference. Put this line on the page that shows the link:`,
          line: script(next.script),
          or: `No page of your own? Share the link with a code instead, for example ${reference}`,
        }
      : {
          say: `This payment came through ${link}, opened without a reference. Share the link with a referrer’s code at its end:`,
          line: reference,
        };
  },
  checkout_session: (next) => ({
    say: 'This payment came through Checkout. Pass the referrer’s code when you create the session:',
    line: METADATA,
    or: next.script
      ? `No server of your own? Put this line on the page that opens Checkout: ${script(next.script)}`
      : undefined,
  }),
  subscription: () => ({
    say: 'This payment belongs to a subscription. Pass the referrer’s code when you create it:',
    line: METADATA,
  }),
  invoice: () => ({
    say: 'This payment paid an invoice. Pass the referrer’s code when you create the invoice:',
    line: METADATA,
  }),
  payment_intent: () => ({
    say: 'This payment was made by your own integration. Pass the referrer’s code when you create the payment intent:',
    line: METADATA,
  }),
  order: () => ({
    say: 'This purchase was reported by your store. Send the referrer’s code along with it:',
    line: `"referralCode": "${CODE}"`,
  }),
};

/** What the store must pass so that the next payment like this one finds its referrer. */
export function NextTime({ next }: { next: Next }) {
  const { say, line, or } = ADVICE[next.way](next);
  return (
    <Section title="What to pass next time">
      <Stack gap="small">
        {say}
        <CodeLine text={line} what="Line" />
        {or && <Quiet>{or}</Quiet>}
      </Stack>
    </Section>
  );
}
