import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
const filesBelow = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, folder, file), 'utf8') }));

const lint = (text: string) => {
  const args = [
    'node_modules/eslint/bin/eslint.js',
    '--stdin',
    '--stdin-filename',
    'src/views/Tried.tsx',
    '--format',
    'json',
  ];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, input: text, encoding: 'utf8' });
  const [{ messages }] = JSON.parse(stdout) as [{ messages: { message: string }[] }];
  return messages.map(({ message }) => message);
};

test('lint refuses what the compiler lets through and the Dashboard doesn’t draw', () => {
  const view = `
    import { Box, Button, Icon } from '@stripe/ui-extension-sdk/ui';
    export const Tried = () => (
      <Box css={{ padding: 12, margin: -4, gap: 'small' }} aria-label="x">
        <h1>raw</h1>
        <Button><Icon name="more" /></Button>
        <Button><Icon name="more" />More</Button>
      </Box>
    );`;
  expect(lint(view)).toEqual([
    'Use a token of the SDK: a number may crash the view in the Dashboard.',
    'Use a token of the SDK: a number may crash the view in the Dashboard.',
    'No component takes aria props: say it in words.',
    'The Dashboard draws components of the SDK only.',
    'A button without words has no name.',
  ]);
});

test('the bundle refuses what the sandbox doesn’t have', () => {
  const script = `
    import { forbiddenIn } from './scripts/forbidden.mjs';
    const tried = "window.x; document.y; localStorage.z; eval('1'); crypto.subtle; globalThis.navigator; const a = { window: 1 }; a.window;";
    console.log(forbiddenIn('tried.ts', tried).join());`;
  const found = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(found.trim().replace(/tried.ts:1 /g, '')).toBe(
    'window,document,localStorage,eval,crypto,globalThis.navigator',
  );
});

test('the preview draws every component that the views use', () => {
  const used = filesBelow('src').flatMap(({ text }) => {
    const imports = [...text.matchAll(/import \{([^}]+)\} from '@stripe\/ui-extension-sdk\/ui(?:\/next)?'/g)];
    return imports.flatMap(([, names]) => names?.split(',').map((name) => name.trim()) ?? []).filter(Boolean);
  });
  const mapped = readFileSync(join(root, 'preview/components.tsx'), 'utf8').split('export const components')[1] ?? '';
  const drawn = [...mapped.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name);
  expect(drawn.sort()).toEqual([...new Set(used)].sort());
});

test('a copy of the contract that differs from its source is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const script = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, 'stripe-app/scripts/sync-contract.mjs'), ...args]).status;
  cpSync(join(root, 'scripts'), join(folder, 'stripe-app/scripts'), { recursive: true });
  expect(script('--check')).toBe(0);

  for (const name of readdirSync(join(root, 'src/contract')).map((file) => file.replace('.gen.ts', ''))) {
    const source = name === 'currency' ? 'shared/currency.ts' : `shared/contract/${name}.ts`;
    cpSync(join(root, `src/contract/${name}.gen.ts`), join(folder, source));
  }
  const app = "import { Money } from './common.ts';\nimport { decimalsOf } from '../currency.ts';\n";
  writeFileSync(join(folder, 'shared/contract/app.ts'), app);
  expect(script('--check')).toBe(1);
  expect(script()).toBe(0);
  expect(script('--check')).toBe(0);
  const copied = readFileSync(join(folder, 'stripe-app/src/contract/app.gen.ts'), 'utf8');
  expect(copied).toContain("import { Money } from './common.gen';\nimport { decimalsOf } from './currency.gen';");
  rmSync(folder, { recursive: true });
});

test('no source file is longer than one can keep in mind', () => {
  const long = [...filesBelow('src'), ...filesBelow('preview')].filter(({ file }) => !file.endsWith('.gen.ts'));
  expect(long.filter(({ text }) => text.split('\n').length > 300).map(({ file }) => file)).toEqual([]);
});
