// Copies the contract that extension and backend share into this package, so that it stands alone.
// `--check` changes nothing and fails when a copy differs from its source.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const IN_CONTRACT = ['money', 'common', 'app-parts', 'app-payment', 'app-customer', 'app'];
const FILES = ['currency', ...IN_CONTRACT.map((name) => `contract/${name}`)];
const shared = new URL('../../shared/', import.meta.url);
const copies = new URL('../src/contract/', import.meta.url);

/** All copies lie in one folder. */
const copyOf = (file) => `${file.split('/').at(-1)}.gen.ts`;

function generate(file) {
  const header = `// Copied from shared/${file}.ts by \`npm run contract:sync\`. Change it there.\n`;
  const text = readFileSync(new URL(`${file}.ts`, shared), 'utf8');
  return header + text.replace(/from '\.\.?\/([\w-]+)\.ts'/g, "from './$1.gen'");
}

function current(file) {
  const copy = new URL(copyOf(file), copies);
  return existsSync(copy) ? readFileSync(copy, 'utf8') : '';
}

const leftOver = () =>
  existsSync(copies) ? readdirSync(copies).filter((name) => !FILES.some((file) => copyOf(file) === name)) : [];

if (!existsSync(new URL('contract/app.ts', shared))) {
  // Copied out of the repository, the package has only its copy to go by.
  console.log('contract: no source beside this package, the copy stands');
} else if (process.argv.includes('--check')) {
  const stale = [...FILES.filter((file) => current(file) !== generate(file)).map(copyOf), ...leftOver()];
  if (stale.length > 0) {
    console.error(`contract: ${stale.join(', ')} differ from shared/. Run: npm run contract:sync`);
    process.exit(1);
  }
  console.log('contract: the copy is current');
} else {
  mkdirSync(copies, { recursive: true });
  for (const name of leftOver()) rmSync(new URL(name, copies));
  for (const file of FILES) writeFileSync(new URL(copyOf(file), copies), generate(file));
  console.log(`contract: copied ${FILES.join(', ')}`);
}
