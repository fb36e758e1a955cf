import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmSeconds: number;
  readonly connections: number;
  /** Names of contenders; null: all. */
  readonly only: readonly string[] | null;
  readonly json: boolean;
  readonly gate: boolean;
  readonly help: boolean;
}

export const HELP = `Measures how fast Stripe's events are kept, against servers that keep nothing, in one run.

  npm run bench                  about 4 minutes
  npm run bench -- --short       about 1 minute
  npm run bench -- --gate        ends with 1 when a gate is missed

  --rounds N        every contender runs once in each round
  --seconds N       measured in each run, after it has warmed up
  --connections N   kept alive, one request at a time on each (128)
  --only A,B        of N, E, sqlite, postgres
  --json            prints the result as JSON; it is always written to test/output/bench.json
`;

const LONG = { rounds: 6, seconds: 5, warmSeconds: 2 };
const SHORT = { rounds: 2, seconds: 3, warmSeconds: 2 };

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const form = values.short ? SHORT : LONG;
  return {
    rounds: positive('rounds', values.rounds) ?? form.rounds,
    seconds: positive('seconds', values.seconds) ?? form.seconds,
    warmSeconds: form.warmSeconds,
    connections: positive('connections', values.connections) ?? 128,
    only: values.only?.split(',') ?? null,
    json: values.json,
    gate: values.gate,
    help: values.help,
  };
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} ${text} is not a number from 1`);
  return value;
}
