import type { Answer, Backend } from './backend.ts';

type Json = Readonly<Record<string, unknown>>;

/** The ways of a merchant with an API key. */
export interface Merchandising {
  readonly key: string;
  readonly ask: (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) => Promise<Answer>;
  /** A contest that was created, as it was answered. */
  readonly contest: (fields?: Json) => Promise<Answer['body']>;
  /** The status and the code, `ok` for none. */
  readonly outcome: (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) => Promise<string>;
}

export async function merchandising(
  backend: Backend,
  account: string,
  mode: 'live' | 'test' = 'test',
): Promise<Merchandising> {
  const key = await backend.key(account, mode);
  const ask: Merchandising['ask'] = (method, path, body) => backend.api(key, method, `/api/v1${path}`, body);
  return {
    key,
    ask,
    contest: async (fields = {}) => {
      const answer = await ask('POST', '/contests', { name: 'Spring giveaway', ...fields });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body.data;
    },
    outcome: async (method, path, body) => {
      const answer = await ask(method, path, body);
      return `${answer.status} ${answer.body.error?.code ?? 'ok'}`;
    },
  };
}
