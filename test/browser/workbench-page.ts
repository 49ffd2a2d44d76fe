/** The workbench in a headless Chromium, built and served as a person would have it, and what it said meanwhile. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { searchPathSource } from '../../src/node/search-path.ts';
import { startViewServer, type ViewServer } from '../../src/node/view-server.ts';
import { builtWorkbench } from '../build-once.ts';
import { chromiumPath, sharedChromium, whenSkipped } from './chromium.ts';

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions. */
  readonly complaints: string[];
  /** Addresses asked for beyond the page's own server. */
  readonly strangers: string[];
  close(): Promise<void>;
}

export interface WorkbenchServer {
  readonly server: ViewServer;
  readonly browser: Browser;
  /** A writable folder with the samples in it, which the server reads records from. */
  readonly records: string;
  /**
   * Opens the page; `hash` is the part of its address behind `#`. Its service worker, which fetches everything a second
   * time, is left out: a test that reloads the page allows it by its options.
   */
  open(hash?: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

/** What Playwright, not the page, says when the page registers its service worker. */
const serviceWorkerBlocked = 'Service Worker registration blocked by Playwright';

/** Serves the built workbench with a copy of the samples to a browser. */
export async function startWorkbench(): Promise<WorkbenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-'));
  const records = join(folder, 'records');
  await cp('samples', records, { recursive: true });
  const server = await startViewServer({
    folder: await builtWorkbench(),
    source: searchPathSource(records),
    recordFolders: [records],
  });
  const browser = await sharedChromium();
  return {
    server,
    browser,
    records,
    async open(hash = '', options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        acceptDownloads: true,
        serviceWorkers: 'block',
        ...options,
      });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      const strangers: string[] = [];
      page.on('console', message => {
        if (message.type() !== 'error' && message.type() !== 'warning') return;
        if (message.text() !== serviceWorkerBlocked) complaints.push(message.text());
      });
      page.on('pageerror', error => complaints.push(String(error)));
      page.on('request', request => {
        const url = request.url();
        if (!url.startsWith(server.url) && !url.startsWith('data:') && !url.startsWith('blob:'))
          strangers.push(url);
      });
      await page.goto(`${server.url}${hash === '' ? '' : `#${hash}`}`);
      await measured(page);
      return { page, complaints, strangers, close: () => context.close() };
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Tests of the workbench, which is served for them; skipped where there is no Chromium. */
export function describeWorkbench(title: string, tests: (workbench: WorkbenchServer) => void): void {
  describe.skipIf(chromiumPath === undefined)(`${title} in Chromium${whenSkipped}`, () => {
    let started: WorkbenchServer | undefined;
    beforeAll(async () => {
      started = await startWorkbench();
    });
    afterAll(() => started?.close());
    tests({
      get server() {
        return started!.server;
      },
      get browser() {
        return started!.browser;
      },
      get records() {
        return started!.records;
      },
      open: (hash, options) => started!.open(hash, options),
      close: () => started!.close(),
    });
  });
}

/** The shortest sample. A page that is to open something else begins with it: the usual one takes a second to measure. */
export const shortest = 'record=synth/twelve';

/** Until the open recording's beats are measured and drawn. */
export async function measured(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName('upstroke-measured').length > 0);
  await settled(page);
}

/** Puts files into the page as a drop does. */
export async function drop(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const list = Object.entries(files).map(
    ([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const,
  );
  await page.evaluate(given => {
    performance.clearMarks();
    const transfer = new DataTransfer();
    for (const [name, base64] of given) {
      const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, list);
}

/** Two frames: the page draws at most one frame after an event. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>(done => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

export const textOf = (page: Page, selector: string): Promise<string> =>
  page
    .locator(selector)
    .first()
    .evaluate(element => element.textContent ?? '');

/** The place on the page (CSS px) of a time (s) in the trace's first column, at a share of its height. */
export async function placeOfTime(page: Page, time: number, share = 0.4): Promise<{ x: number; y: number }> {
  const box = (await page.locator('.trace-overlay').boundingBox())!;
  const { from, to } = await spanOf(page);
  const [left, right] = [48, 8];
  return {
    x: box.x + left + ((time - from) / (to - from)) * (box.width - left - right),
    y: box.y + share * box.height,
  };
}

/** The window on show, s, by the page's address. */
export async function spanOf(page: Page): Promise<{ from: number; to: number }> {
  await page.waitForFunction(() => location.hash.includes('to='));
  // The address follows a quarter of a second after a change.
  await page.waitForTimeout(350);
  const query = new URLSearchParams((await page.evaluate(() => location.hash)).slice(1));
  return { from: Number(query.get('from')), to: Number(query.get('to')) };
}

/** Presses on the trace at a time (s). */
export const pressOn = async (page: Page, time: number): Promise<void> => {
  const { x, y } = await placeOfTime(page, time);
  await page.mouse.click(x, y);
  await settled(page);
};
