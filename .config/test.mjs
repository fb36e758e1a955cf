#!/usr/bin/env node
// `npm test`: all there is. The extension is a package of its own with its own Jest, so its tests are a second run; a call
// that names files means those of this repository's `test/`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const args = process.argv.slice(2);

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

const passes = (command, commandArgs, cwd) => spawnSync(command, commandArgs, { cwd, stdio: 'inherit' }).status === 0;

const backendPasses = passes(process.execPath, [...JEST, '--config', '.config/jest.config.mjs', ...args], ROOT);
const namesFiles = args.some((arg) => !arg.startsWith('-'));
// Node itself runs npm: the shell's PATH may name another package's tools first.
const extensionPasses = namesFiles || passes(process.execPath, [process.env.npm_execpath, 'test'], `${ROOT}stripe-app`);

process.exitCode = backendPasses && extensionPasses ? 0 : 1;
