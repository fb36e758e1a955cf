import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiOf } from '#server/http/openapi.ts';
import type { Route } from '#server/http/route.ts';

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Holds what a server answered against what its description promises; throws where they differ. */
export type Conforms = (method: string, path: string, status: number, body: unknown) => void;

export function conformance(routes: readonly Route[]): Conforms {
  let ajv: Ajv2020 | null = null;
  const document = openApiOf(routes) as unknown as Document;
  const patterns = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (method, address, status, body) => {
    const path = patterns.find(({ pattern }) => pattern.test(address.split('?')[0] ?? ''))?.path;
    const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()];
    if (path === undefined || operation === undefined || path === '/openapi.json') return;
    ajv ??= new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).addSchema(document, 'api');
    const answered = String(status) in operation.responses ? String(status) : 'default';
    const place = ['paths', path, method.toLowerCase(), 'responses', answered, 'content', 'application/json', 'schema'];
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('/', '~1'))).join('/');
    const validate = ajv.getSchema(`api#/${pointer}`);
    if (validate === undefined) throw new Error(`${method} ${path} has no description of its answer ${status}`);
    if (validate(body) === true) return;
    const problems = ajv.errorsText(validate.errors);
    throw new Error(`${method} ${path} answered ${status} with what is not described: ${problems}`);
  };
}
