import { readFileSync } from 'node:fs';
import { bundle, views } from './extension.mjs';
import { forbiddenIn } from './forbidden.mjs';

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

const all = await bundle(views, 'dist/extension.js');
const own = all.inputs.filter((file) => file.startsWith('src/') && /\.tsx?$/.test(file));
const forbidden = own.flatMap((file) => forbiddenIn(file, readFileSync(file, 'utf8')));
if (forbidden.length > 0) {
  console.error(`The Dashboard's sandbox has no such thing:\n  ${forbidden.join('\n  ')}`);
  process.exit(1);
}
for (const view of views) console.log(`${view.padEnd(16)} ${kib((await bundle([view])).bytes)}`);
console.log(`${'dist/extension.js'.padEnd(16)} ${kib(all.bytes)}, all ${views.length} views, minified`);
