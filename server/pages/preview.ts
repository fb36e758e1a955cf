import { signBody } from '#shared/contract/preview.ts';
import { checkJsonType } from '#server/http/body.ts';
import { fail, type PageReply, type Reply } from '#server/http/reply.ts';
import type { PageRoute } from '#server/http/route.ts';
import { NOT_FOUND } from '#server/http/serve.ts';
import { parseJson } from '#server/ops/json.ts';
import { signatureHeader, signingSecret } from '#server/verify/stripe-signature.ts';
import { failure } from '#shared/failure.ts';
import type { PreviewFiles } from './preview-files.ts';
import { previewStates } from './preview-states.ts';

export interface Preview {
  readonly files: PreviewFiles;
  /** Whose demo data is shown. */
  readonly account: string | null;
  readonly appSecrets: readonly string[];
  readonly now: () => number;
}

/**
 * The extension outside the Dashboard: its real bundle in a frame without an origin, against this backend, with requests
 * signed as Stripe signs them. It signs for whoever asks: only a configuration out of everybody's reach has these routes.
 */
export function previewRoutes(preview: Preview): PageRoute[] {
  const states = JSON.stringify(previewStates(preview.account));
  return [
    page('/preview', 'The extension in a browser', () => fileOf(preview.files, 'index.html')),
    page('/preview/states.json', 'The views and states that the preview lists', async () => json(states)),
    page('/preview/:file', 'A file of the preview', ({ params }) => fileOf(preview.files, params['file'] ?? '')),
    {
      kind: 'page',
      method: 'POST',
      path: '/preview/sign',
      summary: 'Signs as the Dashboard does',
      handle: sign(preview),
    },
  ];
}

const page = (path: string, summary: string, handle: PageRoute['handle']): PageRoute => ({
  kind: 'page',
  method: 'GET',
  path,
  summary,
  handle,
});

const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  'font-src data:',
  'img-src data:',
  `connect-src 'self'`,
  `frame-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

const json = (text: string): PageReply => ({
  kind: 'page',
  text,
  contentType: 'application/json; charset=utf-8',
  securityPolicy: POLICY,
});

async function fileOf(files: PreviewFiles, name: string): Promise<Reply> {
  const content = await files.read(name);
  const contentType = TYPES[name.split('.').at(-1) ?? ''];
  if (content === null || contentType === undefined) return fail(NOT_FOUND);
  return { kind: 'page', text: content.toString('utf8'), contentType, securityPolicy: POLICY };
}

function sign({ appSecrets, now }: Preview): PageRoute['handle'] {
  const secrets = appSecrets.map(signingSecret);
  return async ({ headers, body }) => {
    // A page elsewhere can't send JSON here without asking first, and nobody answers its question.
    const type = checkJsonType({ headers });
    if (!type.ok) return fail(type.failure);
    const parsed = parseJson(body);
    if (!parsed.ok) return fail(parsed.failure);
    const asked = signBody.safeParse(parsed.value);
    if (!asked.success) return fail(failure('invalid_payload', 'Send { payload, user_id, account_id }.'));
    const { payload, user_id, account_id } = asked.data;
    const text = JSON.stringify({ ...payload, user_id, account_id });
    return json(JSON.stringify({ signature: signatureHeader(Buffer.from(text), secrets, now()) }));
  };
}
