// The extension as Stripe's CLI bundles it: one IIFE that exports every view, with React left to the Dashboard.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

export const manifest = JSON.parse(readFileSync(new URL('../stripe-app.json', import.meta.url), 'utf8'));
export const views = [...new Set(manifest.ui_extension.views.map(({ component }) => component))];

const entry = (components) =>
  [
    ...components.map((name) => `export { default as ${name} } from './src/views/${name}';`),
    `export { SDK_VERSION } from '@stripe/ui-extension-sdk/version';`,
    `export const BUILD_TIME = '${new Date().toISOString()}';`,
    `export default ${JSON.stringify(manifest)};`,
  ].join('\n');

/** Bundles the given views; without a file it only measures. Answers the bundle's metafile. */
export async function bundle(components, outfile) {
  const result = await build({
    absWorkingDir: root,
    stdin: { contents: entry(components), resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: '__StripeExtExports',
    platform: 'browser',
    target: 'es2020',
    jsx: 'automatic',
    external: ['react', 'react/jsx-runtime', '@remote-ui/react'],
    loader: { '.svg': 'dataurl', '.png': 'dataurl' },
    outfile: outfile ?? 'dist/measured.js',
    write: outfile !== undefined,
    metafile: true,
    logLevel: 'warning',
  });
  return {
    bytes: Object.values(result.metafile.outputs)[0].bytes,
    inputs: Object.keys(result.metafile.inputs),
  };
}
