/**
 * The workbench fits three screen widths in light and dark, is accessible, works offline, and its views can be embedded.
 * `SCREENSHOTS=1` also saves a picture of every view in out/screens.
 */
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { startViewServer } from '../../src/node/view-server.ts';
import { faultsOf } from './accessibility-faults.ts';
import { describeWorkbench, measured, settled, textOf } from './workbench-page.ts';

/** Eight views: the five of the workbench, twelve leads on paper, the sheet of keys, the dialog to open. */
const views = [
  { name: 'trace', hash: 'view=trace' },
  { name: 'beats', hash: 'view=beats' },
  { name: 'marks', hash: 'view=marks' },
  { name: 'why', hash: 'view=why&from=60&to=66' },
  { name: 'learn', hash: 'view=learn' },
  { name: 'keys', hash: 'view=trace', press: '?' },
  { name: 'open', hash: 'view=trace', button: 'Open…' },
  { name: 'twelve', hash: 'record=synth/twelve&layout=3x4&speed=25&gain=10' },
] as const;

const screens = join('out', 'screens');

async function show(page: Page, view: (typeof views)[number]): Promise<void> {
  await page.evaluate(hash => {
    if (hash.includes('record=')) performance.clearMarks();
    location.hash = hash;
  }, view.hash);
  if (view.hash.includes('record=')) await measured(page);
  if ('press' in view) await page.keyboard.press(view.press);
  if ('button' in view) await page.getByRole('button', { name: view.button }).click();
  // The reasons that take a second are part of the picture.
  if (view.name === 'why') await page.locator('#shading-meaning').waitFor();
  await page.waitForTimeout(view.name === 'beats' ? 700 : 250);
  await settled(page);
}

/** The lists whose longest entry is wider than they are, by their labels. */
const clippedLists = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('select')]
      .filter(list => {
        if (list.clientWidth === 0) return false;
        const pen = document.createElement('canvas').getContext('2d')!;
        pen.font = getComputedStyle(list).font;
        const widest = Math.max(...[...list.options].map(option => pen.measureText(option.text).width));
        // The arrow needs some 12 px more.
        return list.clientWidth < widest + 12;
      })
      .map(list => list.getAttribute('aria-label') ?? list.parentElement?.textContent ?? ''),
  );

/** Serves a page with a trace of 2 s to 6 s, presses on the middle of the trace, and removes the folder afterwards. */
async function onEmbeddingPage(
  browser: Browser,
  folder: string,
  check: (page: Page) => Promise<void>,
): Promise<void> {
  const server = await startViewServer({ folder, source: fileSource([folder]), recordFolders: [] });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(String(error)));
  try {
    await page.goto(server.url);
    const box = (await page.locator('.trace-overlay').boundingBox())!;
    await page.waitForTimeout(200);
    await page.mouse.click(box.x + 48 + (box.width - 56) / 2, box.y + 100);
    await check(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

describeWorkbench('layout and accessibility of the workbench', workbench => {
  beforeAll(async () => {
    await mkdir(screens, { recursive: true });
  });

  test.each([
    { width: 360, height: 740, colorScheme: 'light' },
    { width: 1280, height: 800, colorScheme: 'light' },
    { width: 2560, height: 1300, colorScheme: 'light' },
    { width: 360, height: 740, colorScheme: 'dark' },
    { width: 1280, height: 800, colorScheme: 'dark' },
    { width: 2560, height: 1300, colorScheme: 'dark' },
  ] as const)(
    'every view fits $width px in $colorScheme and has no serious fault',
    async ({ width, height, colorScheme }) => {
      const { page, complaints, strangers, close } = await workbench.open('', {
        viewport: { width, height },
        colorScheme,
        hasTouch: width === 360,
      });
      for (const view of views) {
        await show(page, view);
        if (process.env.SCREENSHOTS === '1') {
          await page.screenshot({ path: join(screens, `${view.name}-${width}-${colorScheme}.png`) });
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), view.name).toBe(
          true,
        );
        const trace = (await page.locator('.trace-picture').boundingBox())!;
        expect(trace.width, view.name).toBeGreaterThan(300);
        expect(trace.height, view.name).toBeGreaterThan(200);
        expect(await clippedLists(page), view.name).toEqual([]);
        // The middle width stands for all: the rules do not depend on it.
        if (width === 1280) expect(await faultsOf(page), view.name).toEqual([]);
        await page.keyboard.press('Escape');
      }
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
      await close();
    },
  );

  test('works offline once loaded', async () => {
    const { page, close } = await workbench.open('', { serviceWorkers: 'allow' });
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect
      .poll(() =>
        page.evaluate(() =>
          caches
            .open('upstroke-page')
            .then(cache => cache.keys())
            .then(keys => keys.length),
        ),
      )
      .toBeGreaterThan(10);
    await page.context().setOffline(true);
    await page.reload();
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('mitdb-208-excerpt');
    await close();
  });

  test('a trace embedded in another page leaves its style unchanged, and reports a press', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'embed-'));
    await cp('docs/examples/view-in-a-page', folder, { recursive: true });
    await build({ configFile: 'vite.embed.config.ts', build: { outDir: folder, emptyOutDir: false } });
    await onEmbeddingPage(workbench.browser, folder, async page => {
      expect(await textOf(page, '#time')).toBe('4.00 s');
      const heading = await page.evaluate(() => getComputedStyle(document.querySelector('h1')!).fontSize);
      expect(heading).toBe('32px');
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBeUndefined();
    });
  });

  test('a trace as a component of a React page reports a press', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'react-'));
    await build({
      root: 'docs/examples/view-in-react',
      configFile: false,
      logLevel: 'error',
      // The package as a user's bundler finds it, from its source.
      resolve: {
        alias: {
          'upstroke/view.css': resolve('src/view/style.css'),
          'upstroke/view': resolve('src/view/embed.ts'),
        },
      },
      build: { outDir: folder, emptyOutDir: true },
    });
    await onEmbeddingPage(workbench.browser, folder, async page => {
      await expect.poll(() => textOf(page, '#time')).toBe('4.00 s');
      // The state changed, and the trace stayed where it was.
      expect(await page.locator('.trace-overlay').count()).toBe(1);
    });
  });

  test('the examples have at most 15 lines', async () => {
    for (const file of ['view-in-a-page/page.js', 'view-in-react/trace.jsx', 'view-in-react/main.jsx']) {
      const lines = (await readFile(`docs/examples/${file}`, 'utf8')).trim().split('\n');
      expect(lines.length, file).toBeLessThanOrEqual(15);
    }
  });
});
