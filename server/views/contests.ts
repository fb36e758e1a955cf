import type { Contest } from '#shared/contract/app.ts';
import { contestDocument } from '#server/store/connected.ts';
import type { Scope } from '#server/store/scope.ts';

interface ContestDocument {
  readonly name: string;
  readonly settings: { readonly attribution: { readonly windowDays: number | null } };
}

/** Of a contest, what a view says. */
export function contestFrom({ id, document }: { readonly id: string; readonly document: string }): Contest {
  const { name, settings } = JSON.parse(document) as ContestDocument;
  return { id, name, windowDays: settings.attribution.windowDays };
}

export async function shownContest(scope: Scope, id: string): Promise<Contest | null> {
  const document = await contestDocument(scope, id);
  return document === null ? null : contestFrom({ id, document });
}
