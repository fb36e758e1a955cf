import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Frame, type FrameLocator, type Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Switched off in the browser as it comes: who may call whom, and a process for each site. Tests are about just that. */
const UNWANTED = new Set(['--disable-web-security', '--single-process']);

export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({
    args: sparticuz.args.filter((argument) => !UNWANTED.has(argument)),
    executablePath: await sparticuz.executablePath(),
    headless: true,
  });

/** A page of the preview: the extension in its frame, and whatever the browser complained about. */
export interface Previewed extends AsyncDisposable {
  readonly page: Page;
  readonly view: FrameLocator;
  readonly complaints: string[];
  /** Violations of accessibility rules, in the page and in the frame, each with the element that it is about. */
  audit(): Promise<string[]>;
  /** Where in the repository. */
  screenshot(path: string): Promise<void>;
}

export async function openPreview(browser: Browser, address: string): Promise<Previewed> {
  const page = await browser.newPage({
    viewport: { width: 1240, height: 860 },
    timezoneId: 'UTC',
    deviceScaleFactor: 1.5,
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return {
    page,
    view: page.frameLocator('iframe'),
    complaints,
    audit: async () => (await Promise.all(page.frames().map(violationsIn))).flat(),
    screenshot: async (path) => {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      await page.screenshot({ path: join(ROOT, path), animations: 'disabled' });
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

async function violationsIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  // The frame has no origin: the auditor can neither reach into others nor load its style sheets again.
  const run = `axe.run(document, { resultTypes: ['violations'], iframes: false, preload: false }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`;
  return frame.evaluate<string[]>(run);
}
