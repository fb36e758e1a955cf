import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Alone, alone, type Law, laws } from '../../.config/laws.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Planted {
  readonly what: string;
  readonly file: string;
  readonly text: string;
}

const isFile = (room: string) => room.endsWith('.ts');
const fileIn = (room: string, name: string) => (isFile(room) ? room : `${room}/${name}.ts`);
const importOf = (path: string) => `import '#${path}';\n`;

/** For every law one file for each thing that it forbids. */
function violations(law: Law): Planted[] {
  const mayEnter = [law.room, ...law.rooms];
  const others = laws.filter(({ room }) => !mayEnter.some((open) => room === open || room.startsWith(`${open}/`)));
  const packages = ['express', 'pg', 'stripe', 'zod', 'pino'].filter((name) => !law.packages.includes(name));
  const modules = law.node === 'any' ? [] : ['fs', 'http', 'crypto'].filter((name) => !law.node.includes(name));
  const forbidden = [
    ...others.map(({ room }) => ({ what: `${law.room} imports ${room}`, text: importOf(fileIn(room, 'stub')) })),
    ...packages.map((name) => ({ what: `${law.room} imports ${name}`, text: `import '${name}';\n` })),
    ...modules.map((name) => ({ what: `${law.room} imports node:${name}`, text: `import 'node:${name}';\n` })),
  ];
  return forbidden.map((planted, index) => ({ ...planted, file: fileIn(law.room, `planted${index}`) }));
}

const intrusions = (law: Alone, at: number): Planted[] => [
  ...(law.modules ?? []).map((module, index) => ({
    what: `somebody else imports ${module}`,
    file: `server/inbox/intruder${at}${index}.ts`,
    text: importOf(module),
  })),
  ...(law.packages ?? []).map((name, index) => ({
    what: `somebody else imports ${name}`,
    file: `server/store/intruder${at}${index}.ts`,
    text: `import '${name}';\n`,
  })),
];

/** A house of stubs with the same rooms, in which the violations stand. A room that is one file holds one at a time. */
async function findingsOf(planted: readonly Planted[]): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-laws-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write(
    'package.json',
    JSON.stringify({ type: 'module', imports: { '#shared/*': './shared/*', '#server/*': './server/*' } }),
  );
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { room } of laws) write(fileIn(room, 'stub'), 'export {};\n');
  for (const file of alone.flatMap(({ modules = [] }) => modules)) write(file, 'export {};\n');
  for (const { file, text } of planted) write(file, text);
  const args = ['-c', join(ROOT, '.config/dependency-cruiser.mjs'), '--output-type', 'json', 'server', 'shared'];
  const output = await new Promise<string>((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin/depcruise'), args, { cwd: folder, maxBuffer: 1 << 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  rmSync(folder, { recursive: true });
  const { summary } = JSON.parse(output) as { summary: { violations: { from: string }[] } };
  return new Set(summary.violations.map(({ from }) => from));
}

describe('the laws of the house', () => {
  it('catch a planted violation of each', async () => {
    const planted = [...laws.flatMap(violations), ...alone.flatMap(intrusions)];
    const rounds: Planted[][] = [];
    for (const one of planted) {
      const round = rounds.find((files) => !files.some(({ file }) => file === one.file));
      if (round === undefined) rounds.push([one]);
      else round.push(one);
    }
    const missed: string[] = [];
    for (const round of rounds) {
      const found = await findingsOf(round);
      missed.push(...round.filter(({ file }) => !found.has(file)).map(({ what }) => what));
    }
    expect(missed).toEqual([]);
    expect(planted.length).toBeGreaterThan(50);
  }, 120_000);

  it('find nothing in a house that keeps them', async () => {
    const allowed = laws.flatMap((law) =>
      isFile(law.room)
        ? []
        : [
            {
              what: '',
              file: `${law.room}/good.ts`,
              text: law.rooms.map((room) => importOf(fileIn(room, 'stub'))).join(''),
            },
          ],
    );
    expect([...(await findingsOf(allowed))]).toEqual([]);
  });

  it('keep clock, chance and platform out of the pure rooms', async () => {
    const [folder] = [mkdtempSync(join(tmpdir(), 'blitzrocket-pure-'))];
    const impure = {
      clock: 'export const a = Date.now();',
      chance: 'export const b = Math.random();',
      environment: "export const c = process.env['X'];",
      log: "console.log('x');",
      network: "export const d = fetch('http://x');",
      timer: 'setTimeout(() => undefined, 1);',
      bytes: "export const e = Buffer.from('x');",
    };
    mkdirSync(join(folder, 'server/facts'), { recursive: true });
    for (const [name, text] of Object.entries(impure))
      writeFileSync(join(folder, `server/facts/${name}.ts`), `${text}\n`);
    const args = ['-c', join(ROOT, '.config/oxlint.config.ts'), '--format', 'json', 'server'];
    const output = await new Promise<string>((resolve) => {
      execFile(join(ROOT, 'node_modules/.bin/oxlint'), args, { cwd: folder }, (_error, stdout) => resolve(stdout));
    });
    rmSync(folder, { recursive: true });
    const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
    const caught = new Set(
      diagnostics.filter(({ code }) => code.includes('no-restricted')).map(({ filename }) => filename),
    );
    expect([...caught].toSorted()).toEqual(
      Object.keys(impure)
        .map((name) => `server/facts/${name}.ts`)
        .toSorted(),
    );
  });
});
