// The preview: the extension as Stripe bundles it, and the pages that stand in for the Dashboard around it.
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle, views } from './extension.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const served = `${root}/dist/preview`;
// Whoever serves the preview may start several of these at once: a file appears whole or not at all.
const out = `dist/preview-${process.pid}`;

mkdirSync(`${root}/${out}`, { recursive: true });
await bundle(views, `${out}/app.js`);
await build({
  absWorkingDir: root,
  entryPoints: ['host.tsx', 'start.ts', 'preview.ts', 'frame.css', 'preview.css'].map((file) => `preview/${file}`),
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  // A frame without an origin may load neither fonts nor pictures of its own server: they travel inside the files.
  loader: { '.woff2': 'dataurl', '.svg': 'dataurl' },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
for (const page of ['index.html', 'frame.html']) copyFileSync(`${root}/preview/${page}`, `${root}/${out}/${page}`);

mkdirSync(served, { recursive: true });
// The page comes last: its age says how old the whole is.
const files = readdirSync(`${root}/${out}`).filter((file) => file !== 'index.html');
for (const file of [...files, 'index.html']) renameSync(`${root}/${out}/${file}`, `${served}/${file}`);
rmSync(`${root}/${out}`, { recursive: true });
console.log(`dist/preview: ${views.join(', ')}`);
