import { Box, Button, ContextView, Icon, Link, Spinner } from '@stripe/ui-extension-sdk/ui';
import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import { isolate } from './format';
import { BRAND, Quiet, Small } from './layout';

/** Why a view has nothing to show. */
export type Blank =
  | { state: 'loading'; slow: boolean }
  | { state: 'empty' }
  | { state: 'notConnected' }
  | { state: 'noPermission' }
  | { state: 'offline' }
  | { state: 'outdated' }
  | { state: 'unknown' }
  | { state: 'error'; requestId: string | null };

/** What the view is about: it appears in the words. */
export type Subject = 'payment' | 'customer';

type Words = {
  icon: 'warning' | 'gift' | 'connectPayments' | 'lock' | 'wifi' | 'refresh' | 'clock';
  title: string;
  text: string;
  retry?: string;
  link?: { label: string; href: string };
};

const TEAM_ROLES = { label: 'About team roles', href: 'https://docs.stripe.com/get-started/account/teams' };
const MONEY_IS_SAFE = 'No payment or award is affected.';

/** Every failed and empty state, once, for every view: what it is, why, what next. */
const WORDS: Record<
  Exclude<Blank['state'], 'loading'>,
  (about: Subject, role: string, requestId: string | null) => Words
> = {
  empty: (about) => ({
    icon: 'gift',
    title: 'No contest yet.',
    text: `A contest holds your rules and your referrers. Once it runs, this page shows who referred each ${about}. Ask whoever set up BlitzRocket for your store to create one, then check again.`,
    retry: 'Check again',
  }),
  notConnected: () => ({
    icon: 'connectPayments',
    title: 'Setup isn’t finished.',
    text: 'Your contest is ready, but no event from Stripe has reached it yet. Connect your Stripe events to BlitzRocket, then check again.',
    retry: 'Check again',
  }),
  noPermission: (_, role) => ({
    icon: 'lock',
    title: 'You can’t see referrals.',
    text: `${role}Ask an administrator of this account for access.`,
    link: TEAM_ROLES,
  }),
  offline: () => ({
    icon: 'wifi',
    title: 'You’re offline.',
    text: 'Check your connection. We’ll try again when it’s back.',
    retry: 'Try again',
  }),
  outdated: () => ({
    icon: 'refresh',
    title: 'BlitzRocket was updated.',
    text: 'Reload the Dashboard page to use the new version.',
  }),
  unknown: (about) => ({
    icon: 'clock',
    title: `This ${about} isn’t known yet.`,
    text: 'Events usually arrive within a minute.',
    retry: 'Check now',
  }),
  error: (_, __, requestId) => ({
    icon: 'warning',
    title: 'We couldn’t load this referral.',
    text: requestId
      ? `Our service didn’t answer. ${MONEY_IS_SAFE} If it happens again, send support the request ID.`
      : `Our service didn’t answer. ${MONEY_IS_SAFE} If it happens again, contact support.`,
    retry: 'Try again',
  }),
};

function roleSentence(roles: ExtensionContextValue['userContext']['roles']): string {
  const names = (roles ?? []).map(({ name }) => isolate(name));
  if (names.length === 0) return '';
  return names.length === 1
    ? `Your role in this account is ${names[0]}. `
    : `Your roles in this account are ${names.join(', ')}. `;
}

const Loading = ({ slow }: { slow: boolean }) => (
  <Box css={{ stack: 'y', gap: 'small', alignX: 'center', paddingY: 'xxlarge', paddingX: 'medium' }}>
    <Spinner size="large" />
    <Quiet>Looking up the referrer…</Quiet>
    {slow && (
      <Box css={{ color: 'secondary', textAlign: 'center' }}>
        This is taking longer than usual. You can leave this page; nothing is lost.
      </Box>
    )}
  </Box>
);

function Message({ words, requestId, retry }: { words: Words; requestId: string | null; retry: () => void }) {
  return (
    <Box css={{ stack: 'y', gap: 'small', alignX: 'center', paddingY: 'xxlarge', paddingX: 'medium' }}>
      <Icon name={words.icon} size="large" css={{ fill: 'secondary' }} />
      <Box css={{ font: 'heading', textAlign: 'center' }}>{words.title}</Box>
      <Box css={{ color: 'secondary', textAlign: 'center' }}>{words.text}</Box>
      {(words.retry || words.link) && (
        <Box css={{ paddingTop: 'small' }}>
          {words.retry && <Button onPress={retry}>{words.retry}</Button>}
          {words.link && (
            <Link href={words.link.href} target="_blank" external>
              {words.link.label}
            </Link>
          )}
        </Box>
      )}
      {requestId && <Small>{`Request ID ${requestId}`}</Small>}
    </Box>
  );
}

type Props = {
  blank: Blank;
  about: Subject;
  roles: ExtensionContextValue['userContext']['roles'];
  retry: () => void;
};

/** A view that has nothing to show says why, and what to do next. */
export function BlankView({ blank, about, roles, retry }: Props) {
  const requestId = blank.state === 'error' ? blank.requestId : null;
  return (
    <ContextView title="Referral" {...BRAND}>
      {blank.state === 'loading' ? (
        <Loading slow={blank.slow} />
      ) : (
        <Message
          words={WORDS[blank.state](about, roleSentence(roles), requestId)}
          requestId={requestId}
          retry={retry}
        />
      )}
    </ContextView>
  );
}
