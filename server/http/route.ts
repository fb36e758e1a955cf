import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Scope } from '#shared/contract/keys.ts';
import type { ApiCaller } from '#server/store/api-keys.ts';
import type { Merchant } from '#server/store/merchants.ts';
import type { Reply } from './reply.ts';

export type Params = Readonly<Record<string, string>>;

interface Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** One line for the API reference. */
  readonly summary: string;
}

/** For the API reference, where no schema checks the bytes: what is sent, what is answered, and which proof is asked. */
interface Description {
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** Names of `SECURITY` (openapi.ts), any of which will do. */
  readonly security?: readonly string[];
}

/** A door with a proof of its own over the bytes as they came. */
export interface WebhookRoute extends Described {
  readonly kind: 'webhook';
  readonly door: 'stripe' | 'other';
  readonly describe?: Description;
  handle(request: {
    readonly body: Buffer;
    readonly headers: IncomingHttpHeaders;
    readonly params: Params;
    readonly query: Params;
    /** The sender's, as the proxies that we trust tell it. */
    readonly address: string;
  }): Promise<Reply>;
}

interface Asked {
  readonly caller: ApiCaller;
  readonly params: Params;
}

/** `/api/v1`: an API key with a scope, JSON that fits a schema. */
export interface ApiRoute extends Described {
  readonly kind: 'api';
  readonly scope: Scope;
  readonly query: z.ZodType;
  readonly body: z.ZodType | null;
  readonly answer: z.ZodType;
  readonly isList: boolean;
  /** Of the answers that are no refusals; left out: 200. */
  readonly statuses?: readonly (200 | 201)[];
  /** Finds what the path names, before the body is looked at. Null: not there, or not the caller's, which is the same. */
  readonly find?: (asked: Asked) => Promise<unknown>;
  handle(request: Asked & { readonly found: unknown; readonly query: unknown; readonly body: unknown }): Promise<Reply>;
}

/** For the operator: no proof, or one of its own. */
export interface OpenRoute extends Described {
  readonly kind: 'open';
  readonly describe?: { readonly contentType?: string; readonly security?: readonly string[] };
  handle(request: { readonly headers: IncomingHttpHeaders }): Promise<Reply>;
}

/** The signed part of what the extension asks that says whose Dashboard it is. */
export interface SignedRequest {
  readonly account_id: string;
  readonly livemode: boolean;
}

/** `/api/app`: the Dashboard extension, with Stripe's signature over the whole body. */
export interface AppRoute extends Described {
  readonly kind: 'app';
  readonly method: 'POST';
  readonly body: z.ZodType<SignedRequest>;
  readonly answer: z.ZodType;
  /** The merchant is null where the account is not installed in that mode. */
  handle(request: { readonly merchant: Merchant | null; readonly asked: unknown }): Promise<Reply>;
}

/** Pages and their files for a browser. */
export interface PageRoute extends Described {
  readonly kind: 'page';
  handle(request: {
    readonly headers: IncomingHttpHeaders;
    readonly params: Params;
    /** Empty where there is none. */
    readonly body: Buffer;
  }): Promise<Reply>;
}

export type Route = WebhookRoute | ApiRoute | AppRoute | PageRoute | OpenRoute;

interface TypedApiRoute<Query extends z.ZodType, Body extends z.ZodType | null, Found>
  extends Omit<ApiRoute, 'kind' | 'query' | 'body' | 'find' | 'handle'> {
  readonly query: Query;
  readonly body: Body;
  readonly find?: (asked: Asked) => Promise<Found | null>;
  handle(
    request: Asked & {
      readonly found: Found;
      readonly query: z.infer<Query>;
      readonly body: Body extends z.ZodType ? z.infer<Body> : null;
    },
  ): Promise<Reply>;
}

/** The handler sees what the schemas let through, by type. */
export const apiRoute = <Query extends z.ZodType, Body extends z.ZodType | null, Found = undefined>(
  route: TypedApiRoute<Query, Body, Found>,
): ApiRoute => ({
  ...route,
  kind: 'api',
  handle: (request) => route.handle(request as Parameters<typeof route.handle>[0]),
});

interface TypedAppRoute<Body extends z.ZodType<SignedRequest>>
  extends Omit<AppRoute, 'kind' | 'method' | 'body' | 'handle'> {
  readonly body: Body;
  handle(request: { readonly merchant: Merchant | null; readonly asked: z.infer<Body> }): Promise<Reply>;
}

export const appRoute = <Body extends z.ZodType<SignedRequest>>(route: TypedAppRoute<Body>): AppRoute => ({
  ...route,
  kind: 'app',
  method: 'POST',
  handle: (request) => route.handle(request as Parameters<typeof route.handle>[0]),
});
