/** Reports opened from disk in a headless Chromium, and what is read off their pages. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type ReportData, type ReportInput, reportData } from '../../src/analysis/report/report-data.ts';
import { renderPage } from '../../src/analysis/report/report-page.ts';
import { builtReportBundle } from '../build-once.ts';
import { syntheticInput } from '../view/fixture.ts';
import { sharedChromium } from './chromium.ts';
import { settled } from './workbench-page.ts';

/** Length of the recording of `reportInput`. */
export const SECONDS = 120;
/** A name that runs code where it is taken for HTML. */
export const hostile = '</script><img src="https://example.invalid/x.png" onerror="window.broken=1">';

/** A report opened from disk, with everything the page said or asked for. */
export interface OpenedReport {
  readonly page: Page;
  /** What it said on the console, and exceptions. */
  readonly complaints: string[];
  /** Addresses asked for, besides the file itself. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface Reports {
  /** Opens the report of `input`. */
  open(input: ReportInput, options?: BrowserContextOptions): Promise<OpenedReport>;
  /** Opens the report with these data. */
  show(data: ReportData, options?: BrowserContextOptions): Promise<OpenedReport>;
  close(): Promise<void>;
}

/** Opens a browser for reports that are written to disk. */
export async function startReports(): Promise<Reports> {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  const bundle = await builtReportBundle();
  const browser = await sharedChromium();
  const reports: Reports = {
    open: (input, options) => reports.show(reportData(input), options),
    async show(data, options = {}) {
      const file = join(folder, `${Math.abs(hash(JSON.stringify(data.record)))}.html`);
      await writeFile(file, renderPage(data, bundle));
      const address = pathToFileURL(file).href;
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', message => complaints.push(message.text()));
      page.on('pageerror', error => complaints.push(String(error)));
      page.on('request', request => {
        if (request.url() !== address) requests.push(request.url());
      });
      await page.goto(address);
      await settled(page);
      return { page, complaints, requests, close: () => context.close() };
    },
    async close() {
      await rm(folder, { recursive: true });
    },
  };
  return reports;
}

/** A report of a synthetic lead whose electrode makes contact late: its first samples are NaN. */
export function reportInput(): ReportInput {
  const input = syntheticInput(SECONDS);
  // A plot that begins with NaN stays blank if it is handed on as such.
  input.lead!.voltage.fill(Number.NaN, 0, 60);
  input.lead!.derivative.fill(Number.NaN, 0, 60);
  return input;
}

const hash = (text: string): number => [...text].reduce((sum, c) => (31 * sum + c.charCodeAt(0)) | 0, 7);

/** Share of the pixel columns of each canvas's plotting area that hold a pixel of a style sheet's colour. */
export const inkOf = (page: Page, selector: string, colourName: string): Promise<number[]> =>
  page.evaluate(
    ([plots, name]) => {
      const hex = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
      const wanted = [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16));
      return [...document.querySelectorAll(`${plots} .uplot`)].map(plot => {
        const canvas = plot.querySelector('canvas')!;
        const over = plot.querySelector<HTMLElement>('.u-over')!;
        const [left, top, width, height] = [
          over.offsetLeft,
          over.offsetTop,
          over.offsetWidth,
          over.offsetHeight,
        ];
        // A copy for reading: asking the plot's own canvas would turn its acceleration off.
        const copy = document.createElement('canvas');
        copy.width = width;
        copy.height = height;
        const context = copy.getContext('2d', { willReadFrequently: true })!;
        context.drawImage(canvas, -left, -top);
        const { data } = context.getImageData(0, 0, width, height);
        let columns = 0;
        for (let x = 0; x < width; x++) {
          for (let y = 0; y < height; y++) {
            const at = 4 * (y * width + x);
            if (data[at + 3]! > 100 && wanted.every((value, i) => Math.abs(value - data[at + i]!) < 40)) {
              columns++;
              break;
            }
          }
        }
        return columns / width;
      });
    },
    [selector, colourName] as const,
  );

export const text = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).evaluate(element => element.textContent ?? '');

/** The window on show, s. */
export async function spanOf(page: Page): Promise<[number, number]> {
  await settled(page);
  const [from, to] = (await text(page, '#time-span')).split(/ – | s/).map(Number);
  return [from!, to!];
}

/** The plotting area of the n-th plot of a section, in page coordinates. */
export async function areaOf(page: Page, section: string, index = 0) {
  const area = page.locator(`#${section} .plot .u-over`).nth(index);
  await area.scrollIntoViewIfNeeded();
  return (await area.boundingBox())!;
}
