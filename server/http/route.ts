import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Scope } from '#shared/contract/keys.ts';
import type { ApiCaller } from '#server/store/api-keys.ts';
import type { Reply } from './reply.ts';

type Params = Readonly<Record<string, string>>;

interface Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** One line for the API reference. */
  readonly summary: string;
}

/** A door with a proof of its own over the bytes as they came. */
export interface WebhookRoute extends Described {
  readonly kind: 'webhook';
  readonly door: 'stripe' | 'other';
  handle(request: {
    readonly body: Buffer;
    readonly headers: IncomingHttpHeaders;
    readonly params: Params;
  }): Promise<Reply>;
}

/** `/api/v1`: an API key with a scope, JSON that fits a schema. */
export interface ApiRoute extends Described {
  readonly kind: 'api';
  readonly scope: Scope;
  readonly query: z.ZodType;
  readonly body: z.ZodType | null;
  readonly answer: z.ZodType;
  readonly isList: boolean;
  handle(request: {
    readonly caller: ApiCaller;
    readonly params: Params;
    readonly query: unknown;
    readonly body: unknown;
  }): Promise<Reply>;
}

/** For the operator: no proof, or one of its own. */
export interface OpenRoute extends Described {
  readonly kind: 'open';
  handle(request: { readonly headers: IncomingHttpHeaders }): Promise<Reply>;
}

export type Route = WebhookRoute | ApiRoute | OpenRoute;

interface TypedApiRoute<Query extends z.ZodType, Body extends z.ZodType | null>
  extends Omit<ApiRoute, 'kind' | 'query' | 'body' | 'handle'> {
  readonly query: Query;
  readonly body: Body;
  handle(request: {
    readonly caller: ApiCaller;
    readonly params: Params;
    readonly query: z.infer<Query>;
    readonly body: Body extends z.ZodType ? z.infer<Body> : null;
  }): Promise<Reply>;
}

/** The handler sees what the schemas let through, by type. */
export const apiRoute = <Query extends z.ZodType, Body extends z.ZodType | null>(
  route: TypedApiRoute<Query, Body>,
): ApiRoute => ({
  ...route,
  kind: 'api',
  handle: (request) => route.handle(request as Parameters<typeof route.handle>[0]),
});
