import { parseArgs } from 'node:util';
import { claimFor } from '#server/inbox/claim.ts';
import { isScope, type Scope, SCOPES } from '#shared/contract/keys.ts';
import { isMode } from '#shared/mode.ts';
import type { Config } from './config.ts';
import { loadConfig, openConfiguredStore, problemText } from './ops/environment.ts';
import { createApiKey } from './store/api-keys.ts';
import { addMerchant, findMerchant } from './store/merchants.ts';
import type { Store } from './store/store.ts';

/** A command's answer: the words for a person, and the same for a program. */
interface Told {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Command {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  run(store: Store, config: Config, given: Given): Promise<Told>;
}

interface Given {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
}

/** Something was asked for that can't be done; the sentence says what to do. */
class Unusable extends Error {}

const COMMANDS: readonly Command[] = [
  {
    name: 'merchant add',
    usage: 'merchant add acct_… [--mode live|test] [--since 2020-01-01]',
    about: 'Adds a Stripe account in one mode (default: live), and takes in the events that already came for it.',
    run: merchantAdd,
  },
  {
    name: 'key create',
    usage: 'key create --account acct_… [--mode live|test] [--scopes read,write]',
    about: 'Makes an API key for a merchant. It is shown this once.',
    run: keyCreate,
  },
];

const HELP = `Sets a merchant up without the Dashboard; also while the server runs.

${COMMANDS.map(({ usage, about }) => `  npm run admin -- ${usage}\n      ${about}`).join('\n')}

  --json   answers as one line of JSON
  --help   shows this
`;

async function merchantAdd(store: Store, config: Config, { positionals, options }: Given): Promise<Told> {
  const account = accountOf(positionals[0]);
  const mode = modeOf(options['mode']);
  const since = options['since'];
  const coveredSince = since === undefined ? Date.now() : Date.parse(since);
  if (Number.isNaN(coveredSince)) throw new Unusable(`--since ${since} is not a date; write it like 2020-01-01.`);
  const { merchant, isNew } = await addMerchant(store.database, { account, mode, coveredSince, now: Date.now() });
  const claimed = await claimFor({ store, now: Date.now, ownAccount: config.ownAccount }, { account, mode });
  const known = isNew ? 'was added' : 'was there already';
  const waiting = claimed === 0 ? '' : ` ${claimed} events that had come before are taken in.`;
  return {
    text: `${account} (${mode}) ${known}; covered since ${new Date(merchant.coveredSince).toISOString()}.${waiting}`,
    json: { account, mode, added: isNew, coveredSince: new Date(merchant.coveredSince).toISOString(), claimed },
  };
}

async function keyCreate(store: Store, _config: Config, { options }: Given): Promise<Told> {
  const account = accountOf(options['account']);
  const mode = modeOf(options['mode']);
  const scopes = scopesOf(options['scopes']);
  const merchant = await findMerchant(store.database, { account, mode });
  if (merchant === null) {
    throw new Unusable(
      `${account} (${mode}) is not a merchant here. Add it first: npm run admin -- merchant add ${account} --mode ${mode}`,
    );
  }
  const { id, key } = await createApiKey(store.database, merchant, scopes, Date.now());
  return {
    text: `${key}\nKeep it now; it can’t be shown again. Scopes: ${scopes.join(', ')}.`,
    json: { key, id, account, mode, scopes },
  };
}

function accountOf(text: string | undefined): string {
  if (text === undefined || !/^acct_[A-Za-z0-9]+$/.test(text)) {
    throw new Unusable(
      `${text === undefined ? 'An account is missing' : `${text} is not an account`}; it begins with acct_. See npm run admin -- --help`,
    );
  }
  return text;
}

function modeOf(text = 'live') {
  if (!isMode(text)) throw new Unusable(`--mode ${text} is neither live nor test.`);
  return text;
}

function scopesOf(text = 'read'): Scope[] {
  const scopes = text.split(',').map((part) => part.trim());
  const known = scopes.filter(isScope);
  if (known.length < scopes.length) throw new Unusable(`--scopes takes a list of ${SCOPES.join(', ')}.`);
  return known;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mode: { type: 'string' },
      since: { type: 'string' },
      account: { type: 'string' },
      scopes: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const command = COMMANDS.find(({ name }) => name === positionals.slice(0, 2).join(' '));
  if (values.help === true || command === undefined) {
    (values.help === true ? process.stdout : process.stderr).write(HELP);
    return values.help === true ? 0 : 1;
  }
  const config = loadConfig();
  if (!config.ok) throw new Unusable(problemText(config.failure));
  const store = await openConfiguredStore(config.value);
  try {
    const { json, help: _, ...options } = values;
    const told = await command.run(store, config.value, { positionals: positionals.slice(2), options });
    process.stdout.write(`${json === true ? JSON.stringify(told.json) : told.text}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
