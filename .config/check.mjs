#!/usr/bin/env node
// Everything that guards the house and needs no running product: `npm run check`, in seconds.
import { spawn } from 'node:child_process';

const CHECKS = [
  { name: 'types', command: 'tsc' },
  { name: 'types of the pure rooms', command: 'tsc -p .config/tsconfig.pure.json' },
  { name: 'lint', command: 'oxlint --type-aware -c .config/oxlint.config.ts server shared test .config' },
  { name: 'laws', command: 'depcruise -c .config/dependency-cruiser.mjs server shared' },
  { name: 'dead code', command: 'knip -c .config/knip.json' },
  { name: 'copy of the contract', command: 'node stripe-app/scripts/sync-contract.mjs --check' },
  { name: 'types of the extension', command: 'npm --prefix stripe-app run typecheck' },
  { name: 'lint of the extension', command: 'npm --prefix stripe-app run lint' },
  { name: 'bundle of the extension', command: 'npm --prefix stripe-app run bundle' },
  { name: 'manifest of the extension', command: 'cd stripe-app && npm exec -- jest manifest' },
  { name: 'format', command: 'biome format --config-path=.config/format.json .' },
];

const run = ({ name, command }) =>
  new Promise((resolve) => {
    const began = performance.now();
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ name, code, output, seconds: (performance.now() - began) / 1000 }));
  });

const results = await Promise.all(CHECKS.map(run));
for (const { name, code, output, seconds } of results) {
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output);
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
