import type { Definition } from './contest.ts';

/** What a referrer shares: the contest's landing page with the code. Null while the contest has no page. */
export function landingLink({ settings }: Pick<Definition, 'settings'>, code: string): string | null {
  if (settings.landingUrl === null) return null;
  const link = new URL(settings.landingUrl);
  link.searchParams.set(linkParamOf({ settings }), code);
  return link.href;
}

/** The parameter under which a page is given the code; the first of those that are understood. */
export const linkParamOf = ({ settings }: Pick<Definition, 'settings'>): string => settings.linkParams[0] ?? 'ref';
