import { Badge, Box, Button, Icon, Inline, Link } from '@stripe/ui-extension-sdk/ui';
import { clipboardWriteText, showToast } from '@stripe/ui-extension-sdk/utils';
import type { ReactNode } from 'react';
import type { Contest, Person } from '../contract/app.gen';
import brandIcon from '../brand.svg';
import { isolate, nameOf } from './format';

export const BRAND: { brandColor: string; brandIcon: string } = { brandColor: '#533afd', brandIcon };

type Gap = 'xxsmall' | 'xsmall' | 'small' | 'medium' | 'large';

export const Stack = ({ gap = 'medium', children }: { gap?: Gap; children: ReactNode }) => (
  <Box css={{ stack: 'y', gap }}>{children}</Box>
);
export const Row = ({ children }: { children: ReactNode }) => (
  <Box css={{ stack: 'x', gap: 'small', alignY: 'center', wrap: 'wrap' }}>{children}</Box>
);
export const Quiet = ({ children }: { children: ReactNode }) => <Box css={{ color: 'secondary' }}>{children}</Box>;
export const Small = ({ children }: { children: ReactNode }) => (
  <Box css={{ color: 'secondary', font: 'caption' }}>{children}</Box>
);
export const Strong = ({ children }: { children: ReactNode }) => (
  <Inline css={{ fontWeight: 'semibold' }}>{children}</Inline>
);
export const Subheading = ({ children }: { children: ReactNode }) => (
  <Inline css={{ font: 'subheading' }}>{children}</Inline>
);

export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack gap="small">
    <Inline css={{ font: 'heading' }}>{title}</Inline>
    {children}
  </Stack>
);

/** Which mode, which contest: the first line of every drawer view. */
export const Where = ({ contest, livemode, kind }: { contest: Contest; livemode: boolean; kind?: string }) => (
  <Row>
    {!livemode && <Badge type="info">Test mode</Badge>}
    <Inline css={{ color: 'secondary' }}>{kind ? `${isolate(contest.name)} · ${kind}` : isolate(contest.name)}</Inline>
  </Row>
);

/** A person's name; it opens their page where the merchant's Stripe knows them as a customer. */
export const Name = ({ of }: { of: Person }) =>
  of.stripeCustomer ? (
    <Link href={{ name: 'customerDetails', params: { customerId: of.stripeCustomer } }}>{nameOf(of)}</Link>
  ) : (
    <Inline>{nameOf(of)}</Inline>
  );

const MARK = {
  won: ['checkCircle', 'success'],
  lost: ['negativeCircle', 'secondary'],
  refused: ['cancelCircle', 'attention'],
  nothing: ['circle', 'disabled'],
  waiting: ['clock', 'info'],
} as const;
const WORD = {
  won: ['Decided', 'positive'],
  lost: ['Lost', 'neutral'],
  refused: ['Refused', 'warning'],
} as const;

export type Mark = keyof typeof MARK;

/** One finding, told as a sentence. The word carries the meaning; mark and color only repeat it. */
export function Step({
  mark,
  title,
  word,
  children,
}: {
  mark: Mark;
  title: string;
  word?: keyof typeof WORD;
  children: ReactNode;
}) {
  const [icon, fill] = MARK[mark];
  return (
    <Box css={{ stack: 'x', gap: 'small' }}>
      <Box css={{ paddingTop: 'xxsmall' }}>
        <Icon name={icon} css={{ fill }} />
      </Box>
      <Box css={{ stack: 'y', gap: 'xxsmall', width: 'fill' }}>
        <Row>
          <Strong>{title}</Strong>
          {word && <Badge type={WORD[word][1]}>{WORD[word][0]}</Badge>}
        </Row>
        <Quiet>{children}</Quiet>
      </Box>
    </Box>
  );
}

async function copy(text: string, what: string) {
  try {
    await clipboardWriteText(text);
    await showToast(`${what} copied`, { type: 'success' });
  } catch {
    await showToast(`${what} not copied. Select it and copy by hand.`, { type: 'caution' });
  }
}

const CopyButton = ({ text, what }: { text: string; what: string }) => (
  <Button size="small" onPress={() => void copy(text, what)}>
    {`Copy ${what.toLowerCase()}`}
  </Button>
);

/** A line of code to take along. */
export const CodeLine = ({ text, what }: { text: string; what: string }) => (
  <Box
    css={{
      stack: 'y',
      gap: 'small',
      padding: 'small',
      keyline: 'neutral',
      borderRadius: 'medium',
      backgroundColor: 'container',
    }}
  >
    <Box css={{ font: 'caption', fontFamily: 'monospace', wordBreak: 'break-word' }}>{text}</Box>
    <Box css={{ stack: 'x', alignX: 'end' }}>
      <CopyButton text={text} what={what} />
    </Box>
  </Box>
);

export const Copyable = ({ text, shown = text, what }: { text: string; shown?: string; what: string }) => (
  <Row>
    <Inline css={{ fontFamily: 'monospace', wordBreak: 'break-all' }}>{shown}</Inline>
    <CopyButton text={text} what={what} />
  </Row>
);
