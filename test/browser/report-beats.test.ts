/** The report's beats with their standard errors, its labelled spans, and the report on paper, in headless Chromium. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { readLead } from '../../src/analysis/leads.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { indexTableOf } from '../../src/analysis/qrs-index-summary.ts';
import { qualitySpans } from '../../src/analysis/report/quality-spans.ts';
import { readSignalSpans } from '../../src/analysis/report/read-signal-spans.ts';
import { recordReport } from '../../src/analysis/report/record-report.ts';
import type { ReportData } from '../../src/analysis/report/report-data.ts';
import { measureQuality } from '../../src/beat/quality/quality.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import {
  measureUncertainty,
  type UncertaintyMeasurement,
} from '../../src/beat/uncertainty/slope-uncertainty.ts';
import { fileSource } from '../../src/node/files.ts';
import { parseModelFile } from '../../src/node/model-file.ts';
import { databaseFolder } from '../real/recordings.ts';
import { faultsOf } from './accessibility-faults.ts';
import { chromiumPath, whenSkipped } from './chromium.ts';
import { type OpenedReport, type Reports, startReports } from './opened-report.ts';

/** A page of A4 without the margins of the style sheet, CSS pixels. */
const paper = { width: Math.floor(((210 - 24) / 25.4) * 96), height: Math.floor(((297 - 24) / 25.4) * 96) };

let reports: Reports;

/** The report of a record's chosen lead as the command `report` makes it, and the uncertainties in it. */
async function reportOf(
  path: string,
  record: string,
): Promise<{ readonly data: ReportData; readonly uncertainty: UncertaintyMeasurement }> {
  const source = fileSource([path]);
  const recording = (await openRecording(source, record)).withSignals(['MLII']);
  const found = await beatsOf(recording, ['MLII'], 'annotations or detector');
  const beats = { record, lead: 'MLII', start: 0, ...(await readLead(recording, 'MLII')), ...found };
  const { voltage, samplingFrequency, rPeaks } = beats;
  const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
  const uncertainty = measureUncertainty(voltage, samplingFrequency, measurement)!;
  const to = voltage.length / samplingFrequency;
  const model = parseModelFile('model', await readFile('samples/model-ds1-without-208.json', 'utf8'));
  const data = recordReport(beats, {
    ...{ model, measurement, uncertainty: uncertainty.beats },
    spans: [
      ...(await readSignalSpans(source, record, 'atr', { from: 0, to })),
      ...qualitySpans(measureQuality(voltage, samplingFrequency, rPeaks), samplingFrequency),
    ],
  });
  const indices = await indexTableOf(recording, ['MLII'], found, {});
  return { data: { ...data, indices }, uncertainty };
}

async function show(data: ReportData): Promise<OpenedReport> {
  const opened = await reports.show(data, { viewport: { width: 1280, height: 900 } });
  await opened.page.locator('#beats tbody .go').first().waitFor();
  return opened;
}

const cellsOf = (page: Page, row: string): Promise<string[]> => page.locator(`${row} td`).allTextContents();

describe.skipIf(chromiumPath === undefined)(`the report's beats in Chromium${whenSkipped}`, () => {
  let excerpt: Awaited<ReturnType<typeof reportOf>>;
  beforeAll(async () => {
    reports = await startReports();
    excerpt = await reportOf('samples', 'mitdb-208-excerpt');
  });
  afterAll(() => reports?.close());

  test('the table and the point under the pointer have the standard error and interval of the library', async () => {
    const { data, uncertainty } = excerpt;
    const { page, complaints, close } = await show(data);
    const { slope } = data.beats[1]!.upstroke!;
    const { se, bias } = uncertainty.beats[1]!.upstrokeSlope!;
    const row = '#beats tbody tr:nth-child(2)';
    const [symbol, time, , upstroke] = await cellsOf(page, row);
    expect([symbol, time]).toEqual([data.beats[1]!.symbol, data.beats[1]!.time.toFixed(3)]);
    expect(upstroke).toBe(`${slope.toFixed(1)} ± ${se.toFixed(1)}`);
    const interval = [-1.96, 1.96].map(sign => (slope - bias + sign * se).toFixed(1)).join(' to ');
    expect(await page.locator(`${row} td`).nth(3).getAttribute('title')).toBe(`95 %: ${interval} mV/s`);
    await page.locator(row).click();
    expect(await page.locator('#picked-beat').textContent()).toContain(
      `upstroke ${slope.toFixed(1)} ± ${se.toFixed(1)} mV/s`,
    );
    // The list follows the selection to rows that were not in the page before.
    await page.locator('#beats .beat-scroll').evaluate(host => {
      host.scrollTop = 400 * 26;
    });
    await page.locator('#beats .go', { hasText: /^402$/ }).click();
    expect(await page.locator('#picked-beat').textContent()).toContain('Beat 402 (0–500)');
    const area = page.locator('#slopes .u-over');
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    for (let x = 20; x < 200 && !(await page.locator('#slopes-readout').textContent()); x += 2) {
      await page.mouse.move(box.x + x, box.y + box.height * 0.5);
    }
    expect(await page.locator('#slopes-readout').textContent()).toMatch(
      /mV\/s {3}\(95 %: [−\d.]+ to [−\d.]+\)$/,
    );
    expect(await faultsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('on paper nothing is cut off: every section fits the page, and a plot is on one sheet', async () => {
    const { page, close } = await show(excerpt.data);
    await page.setViewportSize(paper);
    await page.emulateMedia({ media: 'print' });
    await page.waitForTimeout(300);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('section, table, canvas, .plot, dl')]
        .filter(part => part.offsetParent !== null)
        .filter(part => {
          const { left, right } = part.getBoundingClientRect();
          return left < -1 || right > innerWidth + 1 || part.scrollWidth > part.clientWidth + 1;
        })
        .map(part => `${part.tagName} ${part.className} ${part.scrollWidth}/${part.clientWidth}`),
    );
    expect(cut).toEqual([]);
    const tallest = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('.plot')].map(plot => plot.getBoundingClientRect().height)),
    );
    expect(tallest).toBeLessThan(paper.height);
    const text = await page.evaluate(() => document.body.innerText);
    for (const part of ['Research use only', 'Recording', 'Slopes over time', 'One beat explained'])
      expect(text).toContain(part);
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b/g)!.length;
    expect(pages).toBeGreaterThanOrEqual(2);
    expect(pages).toBeLessThanOrEqual(4);
    await close();
  });

  const database = databaseFolder('mitdb');
  test.skipIf(database === undefined)(
    'ventricular flutter of 207 and poor quality are labelled',
    async () => {
      const { data } = await reportOf(database!, '207');
      const flutter = data.spans!.filter(({ kind }) => kind === 'flutter');
      expect(flutter.length).toBe(6);
      const { page, complaints, close } = await show(data);
      expect(await page.locator('.span-strip').getAttribute('aria-label')).toContain('ventricular flutter');
      expect(await page.locator('.span-legend').innerText()).toContain('ventricular flutter');
      expect(complaints).toEqual([]);
      await close();
    },
  );
});
