/** Opening, looking and sharing in the workbench: what a person does, read off the screen. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differentiator, parseScheme } from '../../src/diff/scheme.ts';
import { fileSource } from '../../src/node/files.ts';
import { formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { chromiumPath, whenSkipped } from './chromium.ts';
import {
  measured,
  placeOfTime,
  settled,
  spanOf,
  startWorkbench,
  textOf,
  type WorkbenchServer,
} from './workbench-page.ts';

let workbench: WorkbenchServer;

/** Puts files into the page as a drop does. */
async function drop(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
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

const sample = (name: string): Promise<Uint8Array> => readFile(join('samples', name));

describe.skipIf(chromiumPath === undefined)(`the workbench in Chromium${whenSkipped}`, () => {
  beforeAll(async () => {
    workbench = await startWorkbench();
  });
  afterAll(() => workbench?.close());

  test('opens with the sample, draws it, says nothing on the console and asks for nothing elsewhere', async () => {
    const { page, complaints, strangers, close } = await workbench.open();
    expect(await textOf(page, 'h1')).toBe('mitdb-208-excerpt');
    expect(await textOf(page, '.record-facts')).toBe('MLII · 360 Hz · 5 min 0 s');
    expect(await textOf(page, '.foot .notice')).toContain('Research use only');
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await close();
  });

  test('voltage and slope under the cursor are those of the library, and follow the scheme', async () => {
    const { page, close } = await workbench.open();
    const { signals } = await readRecord(fileSource(['samples']), 'mitdb-208-excerpt');
    const voltage = signals[0]!.physical;
    for (const scheme of ['sg:16ms:4', 'central2']) {
      await page.getByLabel('dV/dt by').selectOption(scheme);
      await settled(page);
      await page.mouse.move(0, 0);
      const { x, y } = await placeOfTime(page, 4.2);
      await page.mouse.move(x, y);
      await settled(page);
      const [time, millivolts, slope] = (await textOf(page, '#readout'))
        .replaceAll('−', '-')
        .split('   ')
        .map(text => Number.parseFloat(text));
      const at = Math.round(time! * 360);
      const derivative = differentiator(parseScheme(scheme), voltage.length, 360).apply(voltage);
      expect(millivolts).toBeCloseTo(voltage[at]!, 3);
      expect(Math.abs(slope! - derivative[at]!)).toBeLessThan(0.051);
    }
    await close();
  });

  test('wheel, drag, pinch, keys, buttons and the overview move the window; the address follows', async () => {
    const { page, close } = await workbench.open('from=100&to=110');
    const { x, y } = await placeOfTime(page, 105);
    const moves = async (act: () => Promise<unknown>): Promise<{ from: number; to: number }> => {
      await act();
      await page.waitForTimeout(400);
      return spanOf(page);
    };
    await page.mouse.move(x, y);
    const wheel = await moves(() => page.mouse.wheel(0, 200));
    expect(wheel.from).toBeGreaterThan(100.5);
    expect(wheel.to - wheel.from).toBeCloseTo(10, 2);
    const drag = await moves(async () => {
      await page.mouse.down();
      await page.mouse.move(x + 300, y, { steps: 4 });
      await page.mouse.up();
    });
    expect(drag.from).toBeLessThan(wheel.from - 1);
    const pinch = await moves(async () => {
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -300);
      await page.keyboard.up('Control');
    });
    expect(pinch.to - pinch.from).toBeLessThan(7);
    await page.locator('.trace').focus();
    const key = await moves(() => page.keyboard.press('ArrowRight'));
    expect(key.from - pinch.from).toBeCloseTo(0.2 * (pinch.to - pinch.from), 1);
    const whole = await moves(() => page.getByRole('button', { name: 'All' }).click());
    expect(whole).toEqual({ from: 0, to: 300 });
    await moves(() => page.keyboard.press('+'));
    const box = (await page.locator('.overview-picture').boundingBox())!;
    const overview = await moves(() => page.mouse.click(box.x + box.width * 0.75, box.y + 20));
    expect((overview.from + overview.to) / 2).toBeGreaterThan(200);
    await close();
  });

  test('a dropped record, table and EDF open; missing and foreign files are named, with what to do', async () => {
    const { page, complaints, close } = await workbench.open();
    await drop(page, {
      's01.hea': await sample('synth/s01.hea'),
      's01.dat': await sample('synth/s01.dat'),
      's01.atr': await sample('synth/s01.atr'),
    });
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('s01');
    const recording = await readRecord(fileSource(['samples']), 'synth/s01', { from: 0, to: 3600 });
    await drop(page, { 'watch.csv': new TextEncoder().encode(formatCsv(recording)) });
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('watch.csv');
    const sink = memorySink();
    await writeEdf(sink, 'night.edf', recording);
    await drop(page, { 'night.edf': sink.files.get('night.edf')! });
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('night.edf');
    expect(await textOf(page, '.record-facts')).toContain('360 Hz · 10 s');
    await drop(page, { 's01.hea': await sample('synth/s01.hea') });
    await expect.poll(() => textOf(page, '.message')).toContain('s01.dat is missing');
    await drop(page, { 'notes.png': Uint8Array.of(1, 2, 3) });
    await expect
      .poll(() => textOf(page, '.message'))
      .toContain('Choose the .hea file together with its .dat file');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a folder is chosen, and one of its recordings; an address is typed, and opens by ranges', async () => {
    const { page, complaints, close } = await workbench.open();
    await page.getByRole('button', { name: 'Open…' }).click();
    await page.locator('input[webkitdirectory]').setInputFiles('samples/synth');
    await page.evaluate(() => performance.clearMarks());
    await page.getByRole('button', { name: 's02', exact: true }).click();
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('s02');
    await page.getByRole('button', { name: 'Open…' }).click();
    const ranges: string[] = [];
    page.context().on('request', request => ranges.push(request.headers().range ?? ''));
    await page.getByLabel('Address of a header').fill(`${workbench.server.recordUrl('synth/s01')}.hea`);
    await page.evaluate(() => performance.clearMarks());
    await page.getByRole('button', { name: 'Open a URL' }).click();
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('s01');
    expect(ranges.some(range => /^bytes=\d+-\d+$/.test(range))).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test('clock time is that of the header, and poor quality is a labelled span with a legend', async () => {
    const { page, close } = await workbench.open();
    const adc = Int32Array.from({ length: 60 * 250 }, (_, k) => {
      const place = (k % 200) - 100;
      return k > 20 * 250 && k < 35 * 250 ? 0 : Math.round(200 * Math.exp(-(place * place) / 30));
    });
    const sink = memorySink();
    await writeRecord(
      sink,
      {
        name: 'flat',
        samplingFrequency: 250,
        header: { baseTime: '23:59:50', baseDate: undefined },
        signals: [{ name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc }],
      },
      { format: 16 },
    );
    await drop(page, Object.fromEntries(sink.files));
    await measured(page);
    expect(await textOf(page, '.span-legend')).toContain('Quality');
    await page.getByLabel('Clock time').check();
    await page.locator('.trace').focus();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('PageDown');
    await page.waitForTimeout(400);
    expect(await textOf(page, '#time-span')).toBe('00:00:10.0 – 00:00:20.0');
    await page.locator('summary', { hasText: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Picture (SVG)' }).click(),
    ]);
    const svg = await readFile((await download.path())!, 'utf8');
    expect(svg).toMatch(/>flat[^<]*<\/text>/);
    await close();
  });

  test('text of a hostile file is text: nothing runs, nothing is fetched', async () => {
    const { page, complaints, strangers, close } = await workbench.open();
    const nasty = '<img/src=x/onerror=window.broken=1>';
    const header = `x 1 250 2500\nx.dat 16 200 16 0 0 0 0 ${nasty}\n# <script>window.broken=1</script>\n`;
    const { annotationBytes } = await import('../../src/view/annotate/annotation-bytes.ts');
    const marks = [
      { sample: 100, symbol: '+', aux: `(${nasty}` },
      { sample: 600, symbol: '"', aux: nasty },
      { sample: 900, symbol: 'N', aux: nasty },
    ].map(mark => ({ subtype: 0, channel: 0, num: 0, ...mark }));
    await drop(page, {
      'x.hea': new TextEncoder().encode(header),
      'x.dat': new Uint8Array(5000),
      'x.atr': annotationBytes(marks),
    });
    await measured(page);
    expect(await textOf(page, '.record-facts')).toContain(nasty);
    await page.getByRole('button', { name: 'Marks', exact: true }).click();
    await page.getByRole('searchbox').fill('img');
    expect(await page.locator('.found li').count()).toBe(3);
    expect(await page.evaluate(() => 'broken' in globalThis)).toBe(false);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await close();
  });

  test('twelve leads on paper: true scale by the calibration, four columns of a quarter each', async () => {
    const { page, close } = await workbench.open('record=synth/twelve');
    await page.getByLabel('Layout').selectOption('3x4');
    await page.getByLabel('Speed').selectOption('50');
    await page.getByLabel('Gain').selectOption('10');
    await page.waitForTimeout(400);
    const { from, to } = await spanOf(page);
    const width = (await page.locator('.trace-overlay').boundingBox())!.width - 56;
    expect(width / (to - from)).toBeCloseTo((50 * 96) / 25.4, 0);
    const place = await placeOfTime(page, from, 0.9);
    await page.mouse.move(place.x + width * 0.6, place.y);
    await settled(page);
    expect(await textOf(page, '#readout')).toContain('II ');
    await close();
  });

  test('a caliper measures what lies between, and the view is shared by its address', async () => {
    const { page, close } = await workbench.open('from=20&to=24&scheme=central4&view=trace');
    expect(await page.getByLabel('dV/dt by').inputValue()).toBe('central4');
    const [a, b] = [await placeOfTime(page, 21.1, 0.55), await placeOfTime(page, 22.1, 0.55)];
    await page.keyboard.down('Shift');
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(b.x, b.y, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const milliseconds = Number.parseFloat(await textOf(page, '#caliper'));
    expect(Math.abs(milliseconds - 1000)).toBeLessThan(60);
    expect(await textOf(page, '#caliper')).toContain('mV/s');
    await close();
  });

  test('pictures and samples of what is seen are exported', async () => {
    const { page, close } = await workbench.open('from=10&to=12');
    const exported = async (label: string): Promise<string> => {
      await page.locator('summary', { hasText: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: label }).click(),
      ]);
      return (await readFile((await download.path())!)).toString('latin1');
    };
    expect(await exported('Picture (SVG)')).toMatch(/^<svg .*MLII.*<\/svg>\n$/s);
    expect(await exported('Picture (PNG)')).toMatch(/^\x89PNG/);
    const lines = (await exported('Samples in view (CSV)')).trim().split('\n');
    const { signals } = await readRecord(fileSource(['samples']), 'mitdb-208-excerpt');
    expect(lines[0]).toBe('time (s),MLII (mV)');
    expect(lines.length).toBe(721);
    expect(Number(lines[1]!.split(',')[1])).toBeCloseTo(signals[0]!.physical[3600]!, 6);
    expect((await exported('Beats (CSV)')).split('\n').length).toBe(503);
    await close();
  });

  test('dV/dt of the whole recording is drawn, and its scale holds the steepest sample', async () => {
    const { page, close } = await workbench.open('from=0&to=300');
    await page.locator('summary', { hasText: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Picture (SVG)' }).click(),
    ]);
    const svg = await readFile((await download.path())!, 'utf8');
    expect(svg).toContain('dV/dt MLII');
    expect(svg).not.toContain('zoom in to see it');
    const { signals } = await readRecord(fileSource(['samples']), 'mitdb-208-excerpt');
    const voltage = signals[0]!.physical;
    const slope = differentiator(parseScheme('sg:16ms:4'), voltage.length, 360).apply(voltage);
    const [low, high] = slope.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [0, 0]);
    const numbers = [...svg.matchAll(/>(−?[\d.]+)<\/text>/g)].map(([, text]) =>
      Number(text!.replace('−', '-')),
    );
    const [top, bottom] = [Math.max(...numbers), Math.min(...numbers)];
    expect(top).toBeGreaterThanOrEqual(high);
    expect(top).toBeLessThan(1.3 * high);
    expect(bottom).toBeLessThanOrEqual(low);
    expect(bottom).toBeGreaterThan(1.3 * low);
    await close();
  });

  test('the page may fetch from nowhere but its own server and what a person names', async () => {
    const { page, close } = await workbench.open();
    const blocked = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.broken = 1';
      document.head.append(script);
      const plain = await fetch('http://192.0.2.1/x').then(
        () => 'fetched',
        () => 'refused',
      );
      return { plain, inline: 'broken' in globalThis };
    });
    expect(blocked).toEqual({ plain: 'refused', inline: false });
    await close();
  });

  test('light, dark and Japanese are chosen and kept', async () => {
    const { page, close } = await workbench.open();
    const panel = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--panel').trim());
    await page.getByLabel('Theme').selectOption('dark');
    expect(await panel()).toBe('#191f26');
    await page.getByLabel('Language').selectOption('ja');
    await expect.poll(() => textOf(page, 'nav button')).toBe('波形');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ja');
    expect(await textOf(page, '.foot .notice')).toContain('研究専用');
    await page.reload();
    await measured(page);
    expect(await panel()).toBe('#191f26');
    expect(await textOf(page, 'nav button')).toBe('波形');
    await close();
  });
});
