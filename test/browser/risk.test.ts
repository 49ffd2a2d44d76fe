/** The page of a risk in a real browser: it opens from disk, says what it must, and has no serious fault. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf, type ReportBundle } from '../../src/analysis/report/report-page.ts';
import { parseClinicalTable } from '../../src/analysis/risk/clinical-table.ts';
import { type RiskReport, riskReport } from '../../src/analysis/risk/risk-report.ts';
import { riskTask } from '../../src/analysis/risk/risk-task.ts';
import { builtReportBundle } from '../build-once.ts';
import { faultsOf } from './accessibility-faults.ts';
import { chromiumPath, sharedChromium, whenSkipped } from './chromium.ts';

const hostile = '</script><img src="https://example.invalid/x.png" onerror="window.broken=1">';

let folder: string;
let bundle: ReportBundle;
let browser: Browser;
let report: RiskReport;

async function open(
  shown: RiskReport,
  colorScheme: 'light' | 'dark',
  width: number,
): Promise<{ page: Page; complaints: string[] }> {
  const file = join(folder, 'risk.html');
  await writeFile(file, pageOf({ title: shown.target, dataId: 'risk-data', data: shown }, bundle));
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', request => {
    if (request.url() !== address) complaints.push(request.url());
  });
  await page.goto(address);
  await page.locator('#validation').waitFor();
  return { page, complaints };
}

describe.skipIf(chromiumPath === undefined)(`the risk in Chromium${whenSkipped}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'risk-'));
    bundle = await builtReportBundle();
    browser = await sharedChromium();
    const text = readFileSync('samples/heart_failure_clinical_records_dataset.csv', 'utf8');
    const task = riskTask(parseClinicalTable(text), { target: 'DEATH_EVENT' });
    report = riskReport(task, { file: 'table.csv', kinds: ['logistic'], seed: 1, folds: 2, row: 0 });
  }, 120_000);
  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true });
  });

  test.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 390],
  ] as const)(
    'in %s at %d px: says what it must, nothing overflows, no serious fault',
    async (theme, width) => {
      const { page, complaints } = await open(report, theme, width);
      const said = await page.locator('main').innerText();
      const { auroc } = report.models[0]!.validation;
      for (const words of [
        'Research use only. Not for diagnosis.',
        'time is left out: follow-up time is known only afterwards',
        auroc.value!.toFixed(3),
        'Held fixed: age',
        'Smallest change that crosses the threshold',
      ]) {
        expect(said).toContain(words);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('hostile names are displayed as text', async () => {
    const text = JSON.stringify(report)
      .replaceAll('ejection_fraction', JSON.stringify(hostile).slice(1, -1))
      .replaceAll('table.csv', JSON.stringify(hostile).slice(1, -1));
    const { page, complaints } = await open(JSON.parse(text) as RiskReport, 'light', 1200);
    expect(await page.locator('main').innerText()).toContain(hostile);
    expect(await page.evaluate(() => (globalThis as { broken?: number }).broken)).toBeUndefined();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
