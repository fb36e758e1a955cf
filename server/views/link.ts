import { contestDocument } from '#server/store/connected.ts';
import type { Participant } from '#server/store/participants.ts';
import type { Scope } from '#server/store/scope.ts';

interface Linking {
  readonly settings: { readonly landingUrl: string | null; readonly linkParams: readonly string[] };
}

/** What a referrer shares: the contest's landing page with the code; without a page, the code as it is passed on. */
export async function linkOf(scope: Scope, { contest, code }: Participant): Promise<string> {
  const document = await contestDocument(scope, contest);
  const { landingUrl, linkParams } = (JSON.parse(document ?? '{"settings":{}}') as Linking).settings;
  const name = linkParams?.[0] ?? 'ref';
  if (landingUrl == null) return `?${name}=${code}`;
  const url = new URL(landingUrl);
  url.searchParams.set(name, code);
  return url.href;
}
