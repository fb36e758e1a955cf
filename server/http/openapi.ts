import { z } from 'zod';
import { FAILURES } from '#shared/failure.ts';
import type { ApiRoute, AppRoute, OpenRoute, PageRoute, Route, WebhookRoute } from './route.ts';

type Json = Readonly<Record<string, unknown>>;
type Components = Map<string, Json>;

/** How a caller proves who it is, by the names that routes use. */
const SECURITY: Readonly<Record<string, Json>> = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'A secret key of the merchant: brk_live_… or brk_test_…' },
  stripeSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Stripe-Signature',
    description: 'As Stripe signs its events',
  },
  dashboardSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Stripe-Signature',
    description: 'As Stripe signs for the app’s extension (fetchStripeSignature), over the whole body',
  },
  purchaseBearer: { type: 'http', scheme: 'bearer', description: 'The contest’s purchase secret: brwh_…' },
  purchaseHeader: { type: 'apiKey', in: 'header', name: 'X-Webhook-Secret', description: 'The purchase secret' },
  purchaseQuery: { type: 'apiKey', in: 'query', name: 'secret', description: 'For platforms that can’t set headers' },
  purchaseSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'BlitzRocket-Signature',
    description: 't=…,v1=…, HMAC-SHA256 over t.body with the purchase secret',
  },
  metricsToken: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN of the installation' },
};

const failureAnswer = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: z.string().meta({ description: `invalid_<field>, or one of ${Object.keys(FAILURES).join(', ')}` }),
      message: z.string(),
      details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Failure', description: 'Every answer that is not 2xx' });

/** OpenAPI 3.1 of the route table: whatever is not in the table is not described, and the other way round. */
export function openApiOf(routes: readonly Route[]): Json {
  const components: Components = new Map();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    // Pages are for people.
    if (route.kind === 'page') continue;
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'BlitzRocket for Stripe',
      version: '1',
      description: 'Who referred this payment, what is owed, and how we know.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: SECURITY,
    },
  };
}

function operationOf(route: Exclude<Route, PageRoute>, components: Components): Json {
  const parameters = [
    ...pathParameters(route.path),
    ...(route.kind === 'api' ? [...queryParameters(route.query), ...keyParameter(route)] : []),
  ];
  const general = {
    operationId: operationIdOf(route),
    summary: route.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
  };
  switch (route.kind) {
    case 'api':
      return { ...general, ...apiParts(route, components) };
    case 'app':
      return { ...general, ...appParts(route, components) };
    case 'webhook':
      return { ...general, ...webhookParts(route, components) };
    case 'open':
      return { ...general, ...openParts(route, components) };
  }
}

const operationIdOf = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.split('/').filter((part) => part !== '')]
    .map((part, place) => (place === 0 ? part : part.replace(/^:/, 'by-')))
    .join('-')
    .replaceAll(/[^a-zA-Z0-9]+(\w)/g, (_, letter: string) => letter.toUpperCase());

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters(query: z.ZodType): Json[] {
  // As it is understood, because what is sent is always text; required is what has no default.
  const { properties = {} } = z.toJSONSchema(query, { io: 'output' });
  const { required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

const keyParameter = ({ method }: ApiRoute): Json[] =>
  method === 'POST'
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'Makes it safe to send the request again: for 24 hours it gets the answer of the first one.',
          schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
        },
      ]
    : [];

function apiParts(route: ApiRoute, components: Components): Json {
  const inner = schemaOf(route.answer, 'output', components);
  const isSuccess = { success: { const: true } };
  const answer = route.isList
    ? {
        type: 'object',
        properties: {
          ...isSuccess,
          data: { type: 'array', items: inner },
          nextCursor: { type: ['string', 'null'], description: 'For the next page; null on the last.' },
        },
        required: ['success', 'data', 'nextCursor'],
      }
    : { type: 'object', properties: { ...isSuccess, data: inner }, required: ['success', 'data'] };
  const { statuses = [200] } = route;
  const content = jsonContent(answer);
  return {
    description: `Needs the scope \`${route.scope}\`.`,
    ...bodyOf(route.body, components),
    responses: {
      ...(statuses.includes(200)
        ? { 200: { description: statuses.length > 1 ? 'It was there already' : 'Done', content } }
        : {}),
      ...(statuses.includes(201) ? { 201: { description: 'Created', content } } : {}),
      ...failureResponse(components),
    },
    security: [{ apiKey: [] }],
  };
}

function webhookParts({ door, describe = {} }: WebhookRoute, components: Components): Json {
  const security = describe.security ?? (door === 'stripe' ? ['stripeSignature'] : []);
  const answer = {
    type: 'object',
    properties: {
      success: { const: true },
      data: describe.answer === undefined ? { type: 'object' } : schemaOf(describe.answer, 'output', components),
    },
    required: ['success', 'data'],
  };
  return {
    requestBody: {
      required: true,
      content: jsonContent(
        describe.body === undefined ? { type: 'object' } : schemaOf(describe.body, 'input', components),
      ),
    },
    responses: { 200: { description: 'Kept', content: jsonContent(answer) }, ...failureResponse(components) },
    security: security.map((name) => ({ [name]: [] })),
  };
}

function appParts({ body, answer }: AppRoute, components: Components): Json {
  const told = {
    type: 'object',
    properties: { success: { const: true }, data: schemaOf(answer, 'output', components) },
    required: ['success', 'data'],
  };
  return {
    ...bodyOf(body, components),
    responses: { 200: { description: 'Done', content: jsonContent(told) }, ...failureResponse(components) },
    security: [{ dashboardSignature: [] }],
  };
}

function openParts({ describe = {} }: OpenRoute, components: Components): Json {
  const { contentType = 'text/plain', security = [] } = describe;
  const schema = contentType === 'application/json' ? { type: 'object' } : { type: 'string' };
  return {
    responses: { 200: { description: 'Done', content: { [contentType]: { schema } } }, ...failureResponse(components) },
    security: security.map((name) => ({ [name]: [] })),
  };
}

const bodyOf = (body: z.ZodType | null, components: Components): Json =>
  body === null
    ? {}
    : {
        requestBody: {
          required: !body.safeParse({}).success,
          content: jsonContent(schemaOf(body, 'input', components)),
        },
      };

const jsonContent = (schema: unknown): Json => ({ 'application/json': { schema } });

const failureResponse = (components: Components): Json => ({
  default: { description: 'Refused, or failed', content: jsonContent(schemaOf(failureAnswer, 'output', components)) },
});

/** A schema with an id of its own becomes a component; so does what it holds. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): Json {
  const { $schema: _schema, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, override: readable });
  for (const [name, definition] of Object.entries($defs)) addComponent(name, definition, components);
  const { id, ...written } = rest;
  if (typeof id !== 'string') return referring(written);
  addComponent(id, written, components);
  return { $ref: `#/components/schemas/${id}` };
}

/** Answers may grow: an object says that it is closed only where its schema does. */
const readable: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ zodSchema, jsonSchema }) => {
  const isClosed = zodSchema instanceof z.ZodObject && zodSchema.def.catchall instanceof z.ZodNever;
  if (jsonSchema.additionalProperties === false && !isClosed) delete jsonSchema.additionalProperties;
  // The format says it, in fewer than 300 characters.
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};

function addComponent(name: string, definition: Json, components: Components): void {
  const { id: _, ...written } = definition;
  const component = referring(written);
  const before = components.get(name);
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(component)) {
    throw new Error(`two schemas have the id ${name}`);
  }
  components.set(name, component);
}

const referring = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
