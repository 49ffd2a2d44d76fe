/** Readings with their errors, calipers, touch, panning and printing in the workbench, as a person has them. */

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { delineate } from '../../src/beat/delineate/delineate.ts';
import { withoutPacing } from '../../src/beat/pacing/pacing.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { estimateNoise, noiseVariance } from '../../src/beat/uncertainty/noise-model.ts';
import { measureUncertainty } from '../../src/beat/uncertainty/slope-uncertainty.ts';
import { parseScheme } from '../../src/diff/scheme.ts';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import {
  describeWorkbench,
  measured,
  placeOfTime,
  settled,
  shortest,
  spanOf,
  textOf,
} from './workbench-page.ts';

const readBeats = () => readLeadBeats(fileSource(['samples']), 'synth/s01', { beats: { annotator: 'atr' } });

const longBeats = 36 * 600;

/** `long`: six hours of one lead at 100 Hz, a beat each second. */
async function writeLong(folder: string): Promise<void> {
  const adc = Int32Array.from({ length: longBeats * 100 }, (_, k) => {
    const place = (k % 100) - 40;
    return Math.round(200 * Math.exp(-(place * place) / 5) + 3 * Math.sin(k * k));
  });
  const signals = [{ name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc }];
  await writeRecord(folderSink(folder), { name: 'long', samplingFrequency: 100, signals }, { format: 16 });
}

/** The picture's pixels as a string, to be compared. */
const pictureOf = (page: Page): Promise<string> =>
  page.locator('.trace-picture').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL('image/png'));

/** Fingers on the trace: places in CSS pixels by step. */
async function touch(page: Page, steps: readonly (readonly { x: number; y: number }[])[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly object[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id })) as never,
    });
  await send('touchStart', steps[0]!);
  for (const points of steps.slice(1)) await send('touchMove', points);
  await send('touchEnd', []);
  await page.waitForTimeout(400);
}

describeWorkbench('readings of the workbench', workbench => {
  test('the errors of a beat, in the table and at the cursor, are those of the library', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=beats&from=0&to=10');
    const { voltage, rPeaks, symbols } = await readBeats();
    const measurement = measureSlopes(voltage, 360, rPeaks);
    const { beats } = measureUncertainty(voltage, 360, measurement, {
      isUsual: beat => symbols[beat] === 'N',
    })!;
    const { x, y } = await placeOfTime(page, rPeaks[3]! / 360);
    await page.mouse.click(x, y);
    const slope = `${measurement.beats[3]!.upstroke!.slope.toFixed(1)} ± ${beats[3]!.upstrokeSlope!.se.toFixed(1)}`;
    const duration = `± ${(1000 * beats[3]!.qrsDuration!.se).toFixed(0)} ms`;
    await expect.poll(() => textOf(page, '#beat-facts'), { timeout: 30_000 }).toContain(`${slope} mV/s`);
    expect(await textOf(page, '#beat-facts')).toContain(duration);
    expect(await textOf(page, '.beat-table')).toContain(slope);
    const noise = estimateNoise(withoutPacing(voltage, 360), 360, rPeaks)!;
    await page.mouse.move(x + 40, y);
    await settled(page);
    const sd = Math.sqrt(noiseVariance(noise, [1]));
    expect(await textOf(page, '#readout')).toContain(`± ${sd.toFixed(3)} mV`);
    // What a filter leaves of the noise is not known.
    await page.getByLabel('Filter').selectOption('monitor');
    await page.mouse.move(x + 60, y);
    await settled(page);
    expect(await textOf(page, '#readout')).not.toContain('±');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a caliper from QRS onset to T offset snaps to both, and gives QT and QTc; by button and by keys', async () => {
    const { page, close } = await workbench.open('record=synth/s01&from=20&to=24');
    const { voltage, rPeaks } = await readBeats();
    const waves = delineate(voltage, 360, rPeaks);
    const beat = waves.find(({ rPeak, t, qrs }) => rPeak > 21 * 360 && t && qrs.onset !== undefined)!;
    const [onset, offset] = [beat.qrs.onset! / 360, beat.t!.offset / 360];
    const [a, b] = [await placeOfTime(page, onset + 0.006), await placeOfTime(page, offset - 0.006)];
    await page.waitForTimeout(500);
    await page.getByRole('button', { name: 'Caliper' }).click();
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(b.x, b.y, { steps: 4 });
    await page.mouse.up();
    const qt = 1000 * (offset - onset);
    const rr = (beat.rPeak - rPeaks[rPeaks.indexOf(beat.rPeak) - 1]!) / 360;
    expect(await textOf(page, '#caliper')).toContain(`QT ${qt.toFixed(0)} ms`);
    expect(await textOf(page, '#caliper')).toContain(`Bazett ${(qt / Math.sqrt(rr)).toFixed(0)}`);
    expect(await textOf(page, '#caliper')).toContain(`Fridericia ${(qt / Math.cbrt(rr)).toFixed(0)}`);
    // The window did not move: the button makes a drag measure.
    expect(await spanOf(page)).toEqual({ from: 20, to: 24 });
    await page.locator('.trace').focus();
    await page.keyboard.press('c');
    for (let k = 0; k < 36; k++) await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('c');
    expect(Math.abs(Number.parseFloat(await textOf(page, '#caliper')) - 100)).toBeLessThan(60);
    await close();
  });

  test('another scheme measures the beats again, and the provenance names it', async () => {
    const { page, close } = await workbench.open('record=synth/s01&view=beats&from=0&to=10');
    const { voltage, rPeaks } = await readBeats();
    const { x, y } = await placeOfTime(page, rPeaks[3]! / 360);
    await page.mouse.click(x, y);
    await page.getByLabel('dV/dt by').selectOption('central2');
    const { beats } = measureSlopes(voltage, 360, rPeaks, { scheme: parseScheme('central2') });
    const shown = () => textOf(page, '#beat-facts');
    await expect.poll(shown, { timeout: 20_000 }).toContain('dV/dt central2, 360 Hz');
    expect(await shown()).toContain(beats[3]!.upstroke!.slope.toFixed(1));
    await close();
  });

  test('one finger pans, two fingers zoom, and a tap selects', async () => {
    const { page, close } = await workbench.open('record=synth/s01&from=40&to=44&view=marks', {
      viewport: { width: 400, height: 800 },
      hasTouch: true,
    });
    const box = (await page.locator('.trace-overlay').boundingBox())!;
    const at = (share: number) => ({ x: box.x + share * box.width, y: box.y + 80 });
    await touch(page, [[at(0.8)], [at(0.6)], [at(0.4)]]);
    const panned = await spanOf(page);
    expect(panned.from).toBeGreaterThan(41);
    expect(panned.to - panned.from).toBeCloseTo(4, 2);
    await touch(page, [
      [at(0.45), at(0.6)],
      [at(0.4), at(0.7)],
      [at(0.3), at(0.8)],
    ]);
    const zoomed = await spanOf(page);
    expect(zoomed.to - zoomed.from).toBeLessThan(2);
    const { rPeaks, symbols } = await readBeats();
    const beat = rPeaks.findIndex(r => r / 360 > zoomed.from + 0.2 && r / 360 < zoomed.to - 0.2);
    expect(beat).toBeGreaterThan(0);
    const place = await placeOfTime(page, rPeaks[beat]! / 360);
    await page.touchscreen.tap(place.x, place.y);
    await settled(page);
    expect(await textOf(page, '#selected-symbol')).toBe(symbols[beat]);
    await close();
  });

  test('after panning the picture is the one that is painted anew, to the pixel', async () => {
    const { page, close } = await workbench.open('record=synth/s01&from=60&to=70');
    const { x, y } = await placeOfTime(page, 65);
    await page.mouse.move(x, y);
    for (const delta of [37, 211, -90, 640, 3, -377]) await page.mouse.wheel(delta, 0);
    await page.mouse.move(1, 1);
    await page.waitForTimeout(700);
    const panned = await pictureOf(page);
    // A change of theme discards every tile.
    await page.getByLabel('Theme').selectOption('dark');
    await settled(page);
    const dark = await pictureOf(page);
    await page.getByLabel('Theme').selectOption('light');
    await settled(page);
    expect(dark).not.toBe(panned);
    expect(await pictureOf(page)).toBe(panned);
    await close();
  });

  test('prints on white, without controls, with the notice and the trace on the page', async () => {
    const { page, close } = await workbench.open('record=synth/twelve&layout=3x4&speed=25&gain=10', {
      colorScheme: 'dark',
    });
    const pdf = await page.pdf({ format: 'A4', landscape: true, printBackground: true });
    expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages.length).toBe(1);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.waitForTimeout(400);
    const hidden = ['nav', '.toolbar', '.top-bar .tools', '.moving button'];
    for (const part of hidden) expect(await page.locator(part).first().isVisible(), part).toBe(false);
    expect(await page.locator('.foot .notice').isVisible()).toBe(true);
    const corner = await page.locator('.trace-picture').evaluate(canvas => {
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(2, 2, 1, 1);
      return [...data];
    });
    expect(corner).toEqual([255, 255, 255, 255]);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await close();
  });

  test('files that the address names are asked for after a reload, and no sample is shown in their name', async () => {
    const { page, close } = await workbench.open('record=file:mine&from=2&to=4');
    await expect.poll(() => textOf(page, '.message')).toContain('mine must be chosen or dropped again');
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForTimeout(400);
    expect(await textOf(page, 'h1')).toBe('mitdb-208-excerpt');
    await close();
  });

  test('measuring of a long recording shows its progress and can be cancelled; the beats found so far stay', async () => {
    await writeLong(workbench.records);
    const url = workbench.server.recordUrl('long');
    const { page, complaints, close } = await workbench.open(shortest);
    await page.evaluate(record => {
      performance.clearMarks();
      location.hash = new URLSearchParams({ record, view: 'beats' }).toString();
    }, url);
    await page.getByRole('button', { name: 'Cancel: Measuring beats' }).click({ timeout: 20_000 });
    await measured(page);
    expect(await page.locator('.task').count()).toBe(0);
    const shown = /of (\d+) beats/.exec(await textOf(page, '#aligned .setting'))!;
    expect(Number(shown[1])).toBeGreaterThan(100);
    expect(Number(shown[1])).toBeLessThan(longBeats);
    expect(complaints).toEqual([]);
    await close();
  });
});
