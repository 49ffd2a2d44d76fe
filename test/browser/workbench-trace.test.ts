/** Looking and sharing in the workbench: what a person does with the trace, read off the screen. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { differentiator, parseScheme } from '../../src/diff/scheme.ts';
import { fileSource } from '../../src/node/files.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import {
  describeWorkbench,
  measured,
  placeOfTime,
  settled,
  shortest,
  spanOf,
  textOf,
} from './workbench-page.ts';

describeWorkbench('the trace in the workbench', workbench => {
  test('opens with the sample, draws it, says nothing on the console and asks for nothing elsewhere', async () => {
    const { page, complaints, strangers, close } = await workbench.open('', { serviceWorkers: 'allow' });
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

  test('panning paints each part of a curve once, also while waves are found', async () => {
    const { page, close } = await workbench.open('from=100&to=110');
    await measured(page);
    await page.waitForTimeout(400);
    // Tiles are the only opaque canvases that ask for their context each time they are painted.
    await page.evaluate(() => {
      const counted = { tiles: 0 };
      Object.assign(globalThis, { counted });
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...given: unknown[]) {
        if (this.width === 256 && !this.isConnected) counted.tiles++;
        return Reflect.apply(getContext, this, given);
      } as typeof getContext;
    });
    const { x, y } = await placeOfTime(page, 105);
    await page.mouse.move(x, y);
    const pixels = 1200;
    for (let moved = 0; moved < pixels; moved += 24) {
      await page.mouse.wheel(24, 0);
      await page.waitForTimeout(30);
    }
    await page.waitForTimeout(600);
    const tiles = await page.evaluate('globalThis.counted.tiles');
    const curves = 2;
    expect(tiles).toBeGreaterThanOrEqual(curves * Math.floor(pixels / 256));
    // A beat larger than the others may change the scale of a curve once.
    const inView = 8;
    expect(tiles).toBeLessThanOrEqual(curves * (pixels / 256 + 2) + inView);
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

  test('twelve leads on paper: true scale by the calibration, four columns of a quarter each', async () => {
    const { page, close } = await workbench.open('record=synth/twelve');
    await page.getByLabel('Layout').selectOption('3x4');
    await page.getByLabel('Speed').selectOption('50');
    await page.getByLabel('Gain').selectOption('10');
    await page.waitForTimeout(400);
    const { from, to } = await spanOf(page);
    const width = (await page.locator('.trace-overlay').boundingBox())!.width - 56;
    // The window fills the plot but for the calibration pulses beside it.
    const spare = width - ((to - from) * 50 * 96) / 25.4;
    expect(spare).toBeGreaterThan(70);
    expect(spare).toBeLessThan(80);
    // 100 mm along the rhythm strip are 2 s, to a sample.
    const place = await placeOfTime(page, from, 0.9);
    const readAt = async (millimetres: number): Promise<number> => {
      await page.mouse.move(place.x + (millimetres * 96) / 25.4, place.y);
      await settled(page);
      const readout = await textOf(page, '#readout');
      expect(readout).toContain('II ');
      return Number.parseFloat(readout);
    };
    const [first, second] = [await readAt(50), await readAt(150)];
    expect(Math.abs(second - first - 2)).toBeLessThan(0.008);
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

  test('images and samples of the window are exported', async () => {
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
    await page.locator('summary', { hasText: 'Export' }).click();
    await page.getByRole('button', { name: 'Plots of the panel (PNG)' }).click();
    await expect.poll(() => textOf(page, '.message')).toContain('The panel shows no plot');
    await page.keyboard.press('2');
    await page.waitForTimeout(800);
    const png = Buffer.from(await exported('Plots of the panel (PNG)'), 'latin1');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // Four plots one below the other, in the width of the panel.
    const plots = await page.locator('#side canvas').evaluateAll(all => all.map(plot => plot.clientHeight));
    expect(plots).toHaveLength(4);
    expect(png.readUInt32BE(20)).toBeGreaterThan(plots.reduce((sum, height) => sum + height, 0));
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

  test('light, dark and Japanese are chosen and kept', async () => {
    const { page, close } = await workbench.open(shortest, { serviceWorkers: 'allow' });
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
