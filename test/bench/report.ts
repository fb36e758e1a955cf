import { median, type LoadResult } from './load.ts';
import type { Contender, Kept } from './contenders.ts';

export interface Round extends LoadResult {
  readonly kept: Kept | null;
}

/** What the rounds of one contender come to: medians, and medians of the ratios within each round. */
export interface Summary {
  readonly name: string;
  readonly about: string;
  readonly eventsPerSecond: number;
  readonly ratioToE: number | null;
  readonly ratioToN: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mainThreadUs: number | null;
  readonly processUs: number | null;
  readonly rssMb: number | null;
  readonly bytesPerEvent: number | null;
  readonly acknowledged: number;
  /** Facts found on disk afterwards, over all rounds. */
  readonly kept: number | null;
  readonly refused: number;
}

export type Rounds = ReadonlyMap<Contender, readonly Round[]>;

export function summarise(rounds: Rounds): Summary[] {
  const ratio = (theirs: readonly Round[], name: string) => {
    const reference = [...rounds].find(([contender]) => contender.name === name)?.[1];
    if (reference === undefined) return null;
    return median(theirs.map((round, index) => round.eventsPerSecond / (reference[index]?.eventsPerSecond ?? 0)));
  };
  return [...rounds].map(([{ name, about }, theirs]) => ({
    name,
    about,
    eventsPerSecond: median(theirs.map(({ eventsPerSecond }) => eventsPerSecond)),
    ratioToE: ratio(theirs, 'E'),
    ratioToN: ratio(theirs, 'N'),
    p50Ms: median(theirs.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(theirs.map(({ p99Ms }) => p99Ms)),
    mainThreadUs: medianOrNull(theirs.map(({ mainThreadUs }) => mainThreadUs)),
    processUs: medianOrNull(theirs.map(({ processUs }) => processUs)),
    rssMb: medianOrNull(theirs.map(({ rssBytes }) => (rssBytes === null ? null : rssBytes / 2 ** 20))),
    bytesPerEvent: medianOrNull(theirs.map(({ kept }) => (kept === null ? null : kept.bytes / kept.facts))),
    acknowledged: sum(theirs.map(({ acknowledged }) => acknowledged)),
    kept: theirs.some(({ kept }) => kept === null) ? null : sum(theirs.map(({ kept }) => kept?.facts ?? 0)),
    refused: sum(theirs.map(({ refused }) => refused)),
  }));
}

/** A median, and how the runs it comes from compare. */
export interface SingleEvents {
  readonly name: string;
  readonly medianMs: number;
  readonly p99Ms: number;
}

export interface Mark {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atLeast: boolean;
  /** Null: there is a goal, and nothing fails when it is missed. */
  readonly gate: number | null;
  readonly goal: number;
}

const MEGABYTES = 300;
const BYTES_PER_EVENT = 1_200;

export function marksOf(summaries: readonly Summary[], singles: readonly SingleEvents[]): Mark[] {
  const of = (name: string) => summaries.find((summary) => summary.name === name);
  const single = (name: string) => singles.find((candidate) => candidate.name === name)?.medianMs;
  const marks: Mark[] = [];
  const atLeast = (what: string, value: number | null | undefined, gate: number, goal: number) => {
    if (typeof value === 'number') marks.push({ what, value, unit: '× E', atLeast: true, gate, goal });
  };
  const atMost = (what: string, value: number | null | undefined, goal: number, unit: string) => {
    if (typeof value === 'number') marks.push({ what, value, unit, atLeast: false, gate: null, goal });
  };
  atLeast('durable intake on SQLite', of('sqlite')?.ratioToE, 1.1, 1.5);
  atLeast('durable intake on PostgreSQL', of('postgres')?.ratioToE, 0.85, 1);
  for (const name of ['sqlite', 'postgres']) {
    const [product, everybody] = [of(name), of('E')];
    if (product !== undefined && everybody !== undefined) {
      atMost(`p99 under load, ${name}`, product.p99Ms / everybody.p99Ms, 1, '× E');
    }
    atMost(`memory under load, ${name}`, product?.rssMb, MEGABYTES, 'MB');
    atMost(`disk per event, ${name}`, product?.bytesPerEvent, BYTES_PER_EVENT, 'bytes');
  }
  const [ours, insert] = [single('sqlite'), single('E+insert')];
  if (ours !== undefined && insert !== undefined) {
    atMost('a single event on an idle server, sqlite', ours / insert, 1.5, '× E+insert');
  }
  return marks;
}

const reaches = ({ value, atLeast }: Mark, limit: number): boolean => (atLeast ? value >= limit : value <= limit);

export const failsGate = (mark: Mark): boolean => mark.gate !== null && !reaches(mark, mark.gate);

/** Acknowledged and not found afterwards: the one number that must be nought. */
export const lostOf = ({ acknowledged, kept }: Summary): number =>
  kept === null ? 0 : Math.max(0, acknowledged - kept);

export function tableOf(summaries: readonly Summary[]): string {
  const rows = summaries.map((summary) => [
    summary.name,
    whole(summary.eventsPerSecond),
    times(summary.ratioToE),
    times(summary.ratioToN),
    summary.p50Ms.toFixed(1),
    summary.p99Ms.toFixed(1),
    whole(summary.mainThreadUs),
    whole(summary.processUs),
    whole(summary.rssMb),
    whole(summary.bytesPerEvent),
    whole(summary.acknowledged),
    whole(summary.kept),
    whole(lostOf(summary)),
  ]);
  const heads = ['', 'events/s', '× E', '× N', 'p50 ms', 'p99 ms', 'main µs', 'CPU µs', 'MB', 'disk B'];
  return aligned([[...heads, 'acked', 'kept', 'lost'], ...rows]);
}

export const singlesTableOf = (singles: readonly SingleEvents[]): string =>
  aligned([
    ['idle', 'median ms', 'p99 ms'],
    ...singles.map(({ name, medianMs, p99Ms }) => [name, medianMs.toFixed(2), p99Ms.toFixed(2)]),
  ]);

export const marksTableOf = (marks: readonly Mark[]): string =>
  marks
    .map((mark) => {
      const sign = mark.atLeast ? '≥' : '≤';
      const gate =
        mark.gate === null ? '' : `${failsGate(mark) ? 'GATE MISSED' : 'gate passed'} (${sign} ${mark.gate}), `;
      const goal = `${reaches(mark, mark.goal) ? 'goal reached' : 'goal missed'} (${sign} ${mark.goal})`;
      const value = mark.value >= 100 ? whole(mark.value) : mark.value.toFixed(2);
      return `${reaches(mark, mark.goal) ? '✓' : failsGate(mark) ? '✗' : '·'} ${mark.what}: ${value} ${mark.unit}; ${gate}${goal}`;
    })
    .join('\n');

const whole = (value: number | null): string =>
  value === null ? '' : Math.round(value).toLocaleString('en').replaceAll(',', ' ');
const times = (value: number | null): string => (value === null ? '' : value.toFixed(2));

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}
