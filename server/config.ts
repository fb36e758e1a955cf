import { randomBytes } from 'node:crypto';
import { refused, type Result, success } from '#shared/failure.ts';
import type { Mode } from '#shared/mode.ts';
import { LOG_LEVELS, type LogLevel } from './ops/log.ts';
import type { NamedKey } from './store/keyring.ts';

/** The only reader of the environment. Every problem is told at once, each with its remedy. */
export interface Config {
  /** No Stripe, a loopback address, a file: secrets may be made up, demo data may be there. */
  readonly sandbox: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly trustProxy: string | number | false;
  readonly databaseUrl: string;
  readonly encryptionKeys: readonly NamedKey[];
  readonly matchKey: Buffer;
  readonly webhookSecrets: readonly { readonly secret: string; readonly vouchesFor: readonly Mode[] }[];
  /** Signing secrets of the Stripe App, newest first: they prove what its extension in the Dashboard asks. */
  readonly appSecrets: readonly string[];
  /** Whether `/preview` exists. It signs for anybody as Stripe would, so it must be out of everybody's reach. */
  readonly preview: boolean;
  readonly ownAccount: string | null;
  readonly logLevel: LogLevel;
  readonly metricsToken: string | null;
}

export interface Problem {
  readonly variable: string;
  readonly message: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What a sandbox makes up when it is first started, and keeps. */
export const MADE_UP = ['ENCRYPTION_KEYS', 'MATCH_KEY', 'STRIPE_WEBHOOK_SECRETS', 'STRIPE_APP_SECRETS'] as const;
export type MadeUp = Readonly<Record<(typeof MADE_UP)[number], string>>;

export const makeUp = (): MadeUp => ({
  ENCRYPTION_KEYS: `sandbox:${randomBytes(32).toString('base64')}`,
  MATCH_KEY: randomBytes(32).toString('base64'),
  STRIPE_WEBHOOK_SECRETS: `whsec_sandbox_${randomBytes(24).toString('hex')}`,
  STRIPE_APP_SECRETS: `absec_sandbox_${randomBytes(24).toString('hex')}`,
});

export const SANDBOX_ACCOUNT = 'acct_1BlitzRocketDemo';
export const DEFAULT_DATABASE = 'file:./data/blitzrocket.db';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

export function isSandbox(environment: Environment): boolean {
  const env = withoutEmpty(environment);
  const mentionsStripe = Object.keys(env).some((name) => name.startsWith('STRIPE_'));
  const isLocal = LOOPBACK.test(env['HOST'] ?? '127.0.0.1');
  return !mentionsStripe && isLocal && (env['DATABASE_URL'] ?? DEFAULT_DATABASE).startsWith('file:');
}

/** `madeUp` gives the sandbox its secrets; outside a sandbox it is never asked. */
export function readConfig(environment: Environment, madeUp: () => MadeUp): Result<Config, Problem[]> {
  const sandbox = isSandbox(environment);
  const given = withoutEmpty(environment);
  const env: Environment = sandbox ? { ...madeUp(), ...given } : given;
  const problems: Problem[] = [];
  const read = <T>(variable: string, parse: (text: string | undefined) => Result<T, string>, otherwise: T): T => {
    const parsed = parse(env[variable]);
    if (parsed.ok) return parsed.value;
    problems.push({ variable, message: parsed.failure });
    return otherwise;
  };

  const host = env['HOST'] ?? '127.0.0.1';
  const port = read('PORT', portOf, 3000);
  const config: Config = {
    sandbox,
    host,
    port,
    publicUrl: read(
      'PUBLIC_URL',
      publicUrlOf(sandbox ? `http://${host.includes(':') ? `[${host}]` : host}:${port}` : null),
      '',
    ),
    trustProxy: read('TRUST_PROXY', trustProxyOf, false),
    databaseUrl: read('DATABASE_URL', databaseUrlOf, DEFAULT_DATABASE),
    encryptionKeys: read('ENCRYPTION_KEYS', encryptionKeysOf, []),
    matchKey: read('MATCH_KEY', matchKeyOf, Buffer.alloc(0)),
    webhookSecrets: [
      ...read('STRIPE_WEBHOOK_SECRETS', webhookSecretsOf(['live', 'test']), []),
      ...read('STRIPE_WEBHOOK_SECRETS_TEST', webhookSecretsOf(['test']), []),
      ...read('STRIPE_WEBHOOK_SECRETS_SANDBOX', webhookSecretsOf(['test']), []),
    ],
    appSecrets: read('STRIPE_APP_SECRETS', secretsOf('absec_'), []),
    preview: false,
    ownAccount: read('STRIPE_ACCOUNT', accountOf, null) ?? (sandbox ? SANDBOX_ACCOUNT : null),
    logLevel: read('LOG_LEVEL', logLevelOf, 'info'),
    metricsToken: env['METRICS_TOKEN'] ?? null,
  };
  if (config.webhookSecrets.length === 0 && !problems.some(({ variable }) => variable.startsWith('STRIPE_WEBHOOK'))) {
    problems.push({
      variable: 'STRIPE_WEBHOOK_SECRETS',
      message:
        'is not set. Copy the signing secret (whsec_…) of your Connect endpoint from the Stripe Dashboard, under Developers, Webhooks.',
    });
  }
  const wantsPreview = read('PREVIEW', switchOf, false) || (sandbox && env['PREVIEW'] === undefined);
  const preview = wantsPreview && isOutOfReach(config) && config.appSecrets.length > 0;
  return problems.length === 0 ? success({ ...config, preview }) : refused(problems);
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
}

const MAKE_KEY = 'Make one with: openssl rand -base64 32';

function portOf(text: string | undefined): Result<number, string> {
  const port = Number(text ?? '3000');
  return Number.isInteger(port) && port >= 0 && port <= 65_535
    ? success(port)
    : refused(`is "${text}"; it must be a number from 0 to 65535.`);
}

const publicUrlOf =
  (otherwise: string | null) =>
  (text: string | undefined): Result<string, string> => {
    const given = text ?? otherwise;
    if (given === null)
      return refused(
        'is not set. Set it to the address that the outside reaches this server by, like https://referrals.example.com',
      );
    if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
      return refused(`is "${given}"; it must be an http or https address.`);
    return success(given.replace(/\/+$/, ''));
  };

function trustProxyOf(text: string | undefined): Result<string | number | false, string> {
  if (text === undefined) return success(false);
  if (/^\d{1,2}$/.test(text)) return success(Number(text));
  const known = /^(loopback|linklocal|uniquelocal|[\da-fA-F.:]+(\/\d{1,3})?)$/;
  return text.split(',').every((part) => known.test(part.trim()))
    ? success(text)
    : refused(`is "${text}"; it must be a number of proxies, or their addresses (loopback, 10.0.0.0/8, …).`);
}

function databaseUrlOf(text: string | undefined): Result<string, string> {
  const url = text ?? DEFAULT_DATABASE;
  return /^(file:.|postgres(ql)?:\/\/.)/.test(url) ? success(url) : refused('must begin with file: or postgres://');
}

function encryptionKeysOf(text: string | undefined): Result<NamedKey[], string> {
  if (text === undefined)
    return refused(
      `is not set. It seals what must stay secret: id:key, newest first. Make one with: echo main:$(openssl rand -base64 32)`,
    );
  const keys = text.split(',').map((part) => /^\s*([A-Za-z0-9._-]{1,32}):([A-Za-z0-9+/_=-]+)\s*$/.exec(part));
  const named = keys.map((match) => ({ id: match?.[1] ?? '', key: Buffer.from(match?.[2] ?? '', 'base64') }));
  if (named.some(({ id, key }) => id === '' || key.length !== 32))
    return refused(
      `must be a list of id:key with keys of 32 bytes in base64. Make one with: echo main:$(openssl rand -base64 32)`,
    );
  if (new Set(named.map(({ id }) => id)).size < named.length)
    return refused('names a key twice. Give each key an id of its own.');
  return success(named);
}

function matchKeyOf(text: string | undefined): Result<Buffer, string> {
  if (text === undefined) return refused(`is not set. Buyers are recognised by a hash with this key. ${MAKE_KEY}`);
  const key = Buffer.from(text, 'base64');
  return key.length >= 32 ? success(key) : refused(`must be at least 32 bytes in base64. ${MAKE_KEY}`);
}

function switchOf(text: string | undefined): Result<boolean, string> {
  if (text === 'on' || text === undefined) return success(text === 'on');
  return text === 'off' ? success(false) : refused(`is "${text}"; it must be on or off.`);
}

const isOutOfReach = ({ host, publicUrl }: Config): boolean =>
  LOOPBACK.test(host) && URL.canParse(publicUrl) && LOOPBACK.test(new URL(publicUrl).hostname.replaceAll(/[[\]]/g, ''));

const webhookSecretsOf =
  (vouchesFor: readonly Mode[]) =>
  (text: string | undefined): Result<{ secret: string; vouchesFor: readonly Mode[] }[], string> => {
    const secrets = secretsOf('whsec_')(text);
    return secrets.ok ? success(secrets.value.map((secret) => ({ secret, vouchesFor }))) : secrets;
  };

const secretsOf =
  (prefix: 'whsec_' | 'absec_') =>
  (text: string | undefined): Result<string[], string> => {
    const secrets = (text ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const wrong = secrets.findIndex(
      (secret) => !secret.startsWith(prefix) || !/^[\x21-\x7e]+$/.test(secret.slice(prefix.length)),
    );
    return wrong < 0
      ? success(secrets)
      : refused(
          `holds something that is not a signing secret (number ${wrong + 1} of the list); they begin with ${prefix}.`,
        );
  };

function accountOf(text: string | undefined): Result<string | null, string> {
  if (text === undefined) return success(null);
  return /^acct_[A-Za-z0-9]+$/.test(text) ? success(text) : refused(`is "${text}"; an account begins with acct_.`);
}

function logLevelOf(text: string | undefined): Result<LogLevel, string> {
  const level = LOG_LEVELS.find((known) => known === (text ?? 'info'));
  return level === undefined ? refused(`is "${text}"; it must be one of ${LOG_LEVELS.join(', ')}.`) : success(level);
}
