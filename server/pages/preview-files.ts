import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of the preview, as the extension's own package builds them. */
export interface PreviewFiles {
  /** Null: there is no such file. Waits for a build that is under way. */
  read(name: string): Promise<Buffer | null>;
}

interface Telling {
  /** Building takes a second; whoever waits is told why. */
  readonly tell: (sentence: string) => void;
}

const APP = fileURLToPath(new URL('../../stripe-app/', import.meta.url));
const OUT = join(APP, 'dist/preview');
const LAST_WRITTEN = join(OUT, 'index.html');
const MADE_OF = ['src', 'preview', 'scripts', 'stripe-app.json', 'package-lock.json'];

export function openPreviewFiles({ tell }: Telling): PreviewFiles {
  const built = isCurrent() ? Promise.resolve() : build(tell);
  return {
    read: async (name) => {
      await built;
      const file = join(OUT, name);
      return /^[a-z]+\.(html|js|css)$/.test(name) && existsSync(file) ? readFileSync(file) : null;
    },
  };
}

function isCurrent(): boolean {
  if (!existsSync(LAST_WRITTEN)) return false;
  const builtAt = statSync(LAST_WRITTEN).mtimeMs;
  const filesOf = (path: string) =>
    statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
      : [path];
  return MADE_OF.flatMap((name) => filesOf(join(APP, name))).every((file) => statSync(file).mtimeMs <= builtAt);
}

/** Never fails: a server without its preview is still a server. */
async function build(tell: Telling['tell']): Promise<void> {
  tell('Building the preview of the Dashboard extension (a second, once)…');
  const problem = await new Promise<string | null>((resolve) => {
    const child = spawn(process.execPath, ['scripts/preview.mjs'], { cwd: APP, stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : words));
  });
  if (problem !== null)
    tell(`The preview could not be built, so /preview answers 404. In stripe-app, run npm ci.\n${problem}`);
}
