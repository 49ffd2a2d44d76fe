/** The workbench works offline, and its views are embedded in other pages. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { startViewServer } from '../../src/node/view-server.ts';
import { describeWorkbench, measured, textOf } from './workbench-page.ts';

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

describeWorkbench('the workbench offline and its views in other pages', workbench => {
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
