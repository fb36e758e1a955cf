import { makeUp, readConfig, SANDBOX_ACCOUNT } from '#server/config.ts';
import { installation } from '../support/commands.ts';

const made = makeUp();
const read = (environment: Record<string, string>) => readConfig(environment, () => made);

function problemsOf(environment: Record<string, string>): string[] {
  const result = read(environment);
  return result.ok ? [] : result.failure.map(({ variable, message }) => `${variable} ${message}`);
}

describe('the configuration', () => {
  it('makes a sandbox of nothing at all', () => {
    const config = read({});
    expect(config).toMatchObject({
      ok: true,
      value: {
        sandbox: true,
        host: '127.0.0.1',
        port: 3000,
        publicUrl: 'http://127.0.0.1:3000',
        databaseUrl: 'file:./data/blitzrocket.db',
        ownAccount: SANDBOX_ACCOUNT,
        webhookSecrets: [{ secret: made.STRIPE_WEBHOOK_SECRETS, vouchesFor: ['live', 'test'] }],
      },
    });
  });

  it.each([
    ['anything of Stripe is set', { STRIPE_ACCOUNT: 'acct_1Own' }],
    ['others can reach it', { HOST: '0.0.0.0' }],
    ['the database is a server', { DATABASE_URL: 'postgres://db/blitzrocket' }],
  ])('is no sandbox when %s, and then asks for every secret at once', (_when, environment) => {
    const problems = problemsOf(environment);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PUBLIC_URL',
      'ENCRYPTION_KEYS',
      'MATCH_KEY',
      'STRIPE_WEBHOOK_SECRETS',
    ]);
    expect(problems.every((problem) => problem.includes('is not set. '))).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(read({ STRIPE_SECRET_KEY: '', PORT: ' ' })).toMatchObject({
      ok: true,
      value: { sandbox: true, port: 3000 },
    });
  });

  it('knows what each webhook secret may speak for', () => {
    const config = read(
      installation({
        STRIPE_WEBHOOK_SECRETS: 'whsec_new, whsec_old',
        STRIPE_WEBHOOK_SECRETS_TEST: 'whsec_test',
        STRIPE_WEBHOOK_SECRETS_SANDBOX: 'whsec_managed',
      }),
    );
    expect(config).toMatchObject({
      ok: true,
      value: {
        sandbox: false,
        webhookSecrets: [
          { secret: 'whsec_new', vouchesFor: ['live', 'test'] },
          { secret: 'whsec_old', vouchesFor: ['live', 'test'] },
          { secret: 'whsec_test', vouchesFor: ['test'] },
          { secret: 'whsec_managed', vouchesFor: ['test'] },
        ],
      },
    });
  });

  it('takes the secrets of the app, several while they rotate, and makes one up for the sandbox', () => {
    expect(read(installation({ STRIPE_APP_SECRETS: ' absec_new ,absec_old' }))).toMatchObject({
      ok: true,
      value: { appSecrets: ['absec_new', 'absec_old'] },
    });
    expect(read({})).toMatchObject({ ok: true, value: { appSecrets: [made.STRIPE_APP_SECRETS] } });
    expect(made.STRIPE_APP_SECRETS).toMatch(/^absec_sandbox_[0-9a-f]{48}$/);
  });

  const near = { PUBLIC_URL: 'http://localhost:3000', STRIPE_APP_SECRETS: 'absec_one' };
  it.each([
    [true, 'in the sandbox', {}],
    [false, 'in a sandbox that does not want it', { PREVIEW: 'off' }],
    [true, 'where it is asked for, on a loopback address', installation({ ...near, PREVIEW: 'on' })],
    [false, 'where nobody asked for it', installation(near)],
    [false, 'where others reach the address', installation({ ...near, PREVIEW: 'on', HOST: '0.0.0.0' })],
    [false, 'behind a public address', installation({ ...near, PREVIEW: 'on', PUBLIC_URL: 'https://r.example' })],
    [false, 'without a secret to sign with', installation({ ...near, PREVIEW: 'on', STRIPE_APP_SECRETS: '' })],
  ])('has the preview: %s %s', (preview, _where, environment) => {
    expect(read(environment)).toMatchObject({ ok: true, value: { preview } });
  });

  it.each([
    ['PORT', 'eighty', 'must be a number'],
    ['PUBLIC_URL', 'referrals.example', 'must be an http or https address'],
    ['TRUST_PROXY', 'everyone', 'number of proxies'],
    ['DATABASE_URL', 'mysql://db', 'must begin with file: or postgres://'],
    ['ENCRYPTION_KEYS', 'short:AAAA', 'keys of 32 bytes'],
    ['ENCRYPTION_KEYS', `a:${'A'.repeat(43)}=,a:${'B'.repeat(43)}=`, 'names a key twice'],
    ['MATCH_KEY', 'AAAA', 'at least 32 bytes'],
    ['STRIPE_WEBHOOK_SECRETS', 'whsec_good,sk_live_oops', 'number 2 of the list'],
    ['STRIPE_APP_SECRETS', 'absec_good,sk_live_oops', 'number 2 of the list'],
    ['PREVIEW', 'yes', 'must be on or off'],
    ['STRIPE_ACCOUNT', 'me', 'begins with acct_'],
    ['LOG_LEVEL', 'loud', 'one of debug'],
  ])('says what is wrong with %s=%s', (variable, value, words) => {
    const problems = problemsOf(installation({ [variable]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${variable} `);
    expect(problems[0]).toContain(words);
    expect(problems[0]).not.toContain('sk_live_oops');
  });
});
