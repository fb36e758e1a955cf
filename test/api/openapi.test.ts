import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { routesOf } from '#server/app.ts';
import { openApiOf } from '#server/http/openapi.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { conformance } from '../support/conformance.ts';

type Json = ReturnType<typeof JSON.parse>;

const COMMITTED = new URL('../../docs/openapi.json', import.meta.url);

/** Every object of a document, with everything in it. */
function* objectsIn(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

describe('the description of the API', () => {
  let backend: Backend;
  let document: Json;
  beforeAll(async () => {
    backend = await startBackend('sqlite');
    document = (await backend.request('/openapi.json')).body;
  });
  afterAll(() => backend.close());

  const operations = (): Json[] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Json).map(([method, operation]) => ({ path, method, ...(operation as Json) })),
    );

  it('is the one that is committed; when it is not: npm run openapi', () => {
    expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(document);
    expect(openApiOf(routesOf(backend.parts))).toEqual(document);
  });

  it('names every route of the table, and nothing else', () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    const served = routesOf(backend.parts).map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  it('is well formed: version, unique operations, declared parameters, answers and proofs', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, parameters = [], responses, security, summary, requestBody } of operations()) {
      const inPath = (parameters as Json[]).filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(new Set((parameters as Json[]).map((one) => `${one.in} ${one.name}`)).size).toBe(parameters.length);
      expect(summary).toMatch(/\S/);
      expect(Object.keys(responses).join(' ')).toMatch(/^(200|201|200 201) default$/);
      for (const proof of security) {
        for (const name of Object.keys(proof)) expect(Object.keys(document.components.securitySchemes)).toContain(name);
      }
      if (path.startsWith('/api/v1/')) expect(security).toEqual([{ apiKey: [] }]);
      if (['get', 'delete'].includes(method)) expect(requestBody).toBeUndefined();
    }
  });

  it('refers to what is there, with schemas that compile', () => {
    const references = [...objectsIn(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1];
      expect([reference, document.components.schemas[name ?? '']]).toEqual([reference, expect.anything()]);
    }
    const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'api');
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`api#/components/schemas/${name}`)).toBeDefined();
    }
    for (const { requestBody } of operations()) {
      if (requestBody !== undefined) expect(requestBody.content['application/json'].schema).toBeDefined();
    }
  });

  it('is held against every answer of these tests', () => {
    const conforms = conformance(routesOf(backend.parts));
    const settled = (data: Json) => () => conforms('POST', '/api/v1/settle?x=1', 200, { success: true, data });
    expect(settled({ settled: true, pending: 0 })).not.toThrow();
    expect(settled({ settled: true })).toThrow('pending');
    expect(() => conforms('GET', '/api/v1/contests/x', 404, { error: 'what?' })).toThrow('not described');
  });
});
