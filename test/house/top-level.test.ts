import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** As the design card gives it, and what a reader expects beside it. Settings of tools live in .config or package.json. */
const TOP_LEVEL = [
  'server shared stripe-app test docs package.json tsconfig.json README.md',
  'package-lock.json LICENSE ARCHITECTURE.md CONTRIBUTING.md .env.example .gitignore .ci .config',
].flatMap((line) => line.split(' '));

const tracked = () => execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

describe('the repository', () => {
  it('has at its top what its readers look for, and nothing else', () => {
    const top = new Set(tracked().map((file) => file.split('/')[0]));
    expect([...top].toSorted()).toEqual(TOP_LEVEL.toSorted());
  });

  it('uses each package that it was designed with, where it belongs', () => {
    const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(server|shared|test)\/.*\.ts$/.test(file))
      .map((file) => ({ file, text: readFileSync(`${ROOT}${file}`, 'utf8') }));
    const importers = (name: string) =>
      sources.filter(({ text }) => new RegExp(`from '${name}'`).test(text)).map(({ file }) => file);
    const inProduct = (name: string) => importers(name).filter((file) => !file.startsWith('test/'));
    expect(inProduct('express')).toEqual(['server/app.ts', 'server/http/serve.ts']);
    expect(inProduct('better-sqlite3')).toEqual(['server/store/sqlite.ts']);
    expect(inProduct('zod').every((file) => /^(shared\/contract|server\/http)\//.test(file))).toBe(true);
    expect(importers('zod').some((file) => file.startsWith('shared/'))).toBe(true);
    expect(importers('stripe')).toContain('test/pure/stripe-signature.test.ts');
    expect(importers('supertest')).toContain('test/support/backend.ts');
  });

  it('pins every dependency to one version', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('lists every setting that is read in .env.example', () => {
    const read = new Set(
      [...readFileSync(`${ROOT}server/config.ts`, 'utf8').matchAll(/(?:read\(\s*|env\[)'([A-Z_]+)'/g)].map(
        (match) => match[1],
      ),
    );
    const listed = [...readFileSync(`${ROOT}.env.example`, 'utf8').matchAll(/^#? ?([A-Z_]+)=/gm)].map(
      (match) => match[1],
    );
    expect(listed.toSorted()).toEqual([...read].toSorted());
  });
});
