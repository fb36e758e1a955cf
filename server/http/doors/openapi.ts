import { openApiOf } from '../openapi.ts';
import type { OpenRoute, Route } from '../route.ts';

/** The description of every address, this one too. */
export function openApiRoute(others: readonly Route[]): OpenRoute {
  const route: OpenRoute = {
    kind: 'open',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description, as OpenAPI 3.1',
    describe: { contentType: 'application/json' },
    handle: async () => ({ kind: 'plain', text: described(), contentType: 'application/json; charset=utf-8' }),
  };
  let text: string | null = null;
  const described = (): string => {
    text ??= JSON.stringify(openApiOf([...others, route]));
    return text;
  };
  return route;
}
