/** The report page in a real browser: it draws, its panels move together, and nothing gets in or out. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReportInput, reportData } from '../../src/analysis/report/report-data.ts';
import { type ReportBundle, renderPage } from '../../src/analysis/report/report-page.ts';
import { builtReportBundle } from '../build-once.ts';
import { syntheticInput } from '../view/fixture.ts';
import { chromiumPath, startChromium, whenSkipped } from './chromium.ts';

const SECONDS = 120;
const hostile = '</script><img src="https://example.invalid/x.png" onerror="window.broken=1">';

let folder: string;
let bundle: ReportBundle;
let browser: Browser;

/** A report opened from disk, with everything the page said or asked for. */
interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions. */
  readonly complaints: string[];
  /** Addresses asked for, besides the file itself. */
  readonly requests: string[];
  close(): Promise<void>;
}

async function open(input: ReportInput, options: BrowserContextOptions = {}): Promise<Opened> {
  const file = join(folder, `${Math.abs(hash(JSON.stringify(input.record)))}.html`);
  await writeFile(file, renderPage(reportData(input), bundle));
  const address = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', request => {
    if (request.url() !== address) requests.push(request.url());
  });
  await page.goto(address);
  await settled(page);
  return { page, complaints, requests, close: () => context.close() };
}

const hash = (text: string): number => [...text].reduce((sum, c) => (31 * sum + c.charCodeAt(0)) | 0, 7);

/** Two frames: the page draws at most one frame after an event. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>(done => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

/** Share of the pixel columns of each canvas's plotting area that hold a pixel of a style sheet's colour. */
const inkOf = (page: Page, selector: string, colourName: string): Promise<number[]> =>
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

const text = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).evaluate(element => element.textContent ?? '');

/** The window on show, s. */
async function spanOf(page: Page): Promise<[number, number]> {
  await settled(page);
  const [from, to] = (await text(page, '#time-span')).split(/ – | s/).map(Number);
  return [from!, to!];
}

/** The plotting area of the n-th plot of a section, in page coordinates. */
async function areaOf(page: Page, section: string, index = 0) {
  const area = page.locator(`#${section} .plot .u-over`).nth(index);
  await area.scrollIntoViewIfNeeded();
  return (await area.boundingBox())!;
}

describe.skipIf(chromiumPath === undefined)(`the report in Chromium${whenSkipped}`, () => {
  let whole: Opened;
  const input = syntheticInput(SECONDS);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    bundle = await builtReportBundle();
    browser = await startChromium();
    // An electrode that makes contact late: a plot that begins with NaN stays blank if it is handed on as such.
    input.lead!.voltage.fill(Number.NaN, 0, 60);
    input.lead!.derivative.fill(Number.NaN, 0, 60);
    whole = await open(input);
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  test('opens from disk without a complaint and asks for nothing', () => {
    expect(whole.complaints).toEqual([]);
    expect(whole.requests).toEqual([]);
  });

  test('says what was recorded and how it was measured', async () => {
    const header = await text(whole.page, 'header');
    for (const said of [
      'synthetic/ventricular',
      'MLII',
      '360 Hz',
      '2 min 0 s',
      input.provenance!,
      'Not for diagnosis',
    ]) {
      expect(header).toContain(said);
    }
    const ventricular = input.beats!.filter(beat => beat.symbol === 'V').length;
    expect(header).toContain(`V ${ventricular}`);
  });

  test('starts with six to ten seconds of the record', async () => {
    const [from, to] = await spanOf(whole.page);
    expect(from).toBe(0);
    expect(to).toBeGreaterThanOrEqual(6);
    expect(to).toBeLessThanOrEqual(10);
  });

  test('each plot has ink: the traces from where the samples begin to the right edge', async () => {
    const { page } = whole;
    const missing = 60 / 360 / 8;
    const [voltage] = await inkOf(page, '#voltage', 'trace');
    const [, derivative] = await inkOf(page, '#voltage', 'derivative');
    expect(voltage).toBeGreaterThan(0.95 - missing);
    expect(voltage).toBeLessThan(1);
    expect(derivative).toBeGreaterThan(0.9 - missing);
    const [, , overview] = await inkOf(page, '#voltage', 'muted');
    expect(overview).toBeGreaterThan(0.9);
    expect((await inkOf(page, '#slopes', 'class-0'))[0]).toBeGreaterThan(0.3);
    expect((await inkOf(page, '#slopes', 'class-1'))[0]).toBeGreaterThan(0.05);
    expect((await inkOf(page, '#loss', 'class-0'))[0]).toBeGreaterThan(0.9);
    expect((await inkOf(page, '#loss', 'class-1'))[0]).toBeGreaterThan(0.4);
    expect((await inkOf(page, '#explanation', 'trace'))[0]).toBeGreaterThan(0.9);
    expect((await inkOf(page, '#explanation', 'raise'))[0]).toBeGreaterThan(0.03);
    expect((await inkOf(page, '#explanation', 'lower'))[0]).toBeGreaterThan(0.03);
  });

  test('tangents on the voltage and points on dV/dt stand at the measured slopes', async () => {
    const [onVoltage, onDerivative] = await inkOf(whole.page, '#voltage', 'tangent');
    expect(onVoltage).toBeGreaterThan(0.02);
    expect(onDerivative).toBeGreaterThan(0.05);
  });

  test('the cursor over one panel moves the other, and both readouts tell of the same sample', async () => {
    const { page } = whole;
    const area = await areaOf(page, 'voltage', 1);
    await page.mouse.move(area.x + area.width * 0.4, area.y + 20);
    await settled(page);
    const lines = await page
      .locator('#voltage .plot .u-cursor-x')
      .evaluateAll(elements => elements.map(element => new DOMMatrix(getComputedStyle(element).transform).e));
    expect(Math.abs(lines[0]! - 0.4 * area.width)).toBeLessThan(1.5);
    expect(lines[1]).toBe(lines[0]);

    const time = 0.4 * 8;
    const index = Math.round(time * 360);
    const readout = (await text(page, '#voltage-readout')).split(/\s+/);
    expect(Math.abs(Number(readout[0]) - time)).toBeLessThan(0.01);
    const near = [-3, -2, -1, 0, 1, 2, 3].map(away =>
      input.lead!.voltage[index + away]!.toFixed(3).replace('-', '−'),
    );
    expect(near).toContain(readout[2]);
    const derivative = (await text(page, '#derivative-readout')).split(/\s+/);
    expect(derivative[0]).toBe(readout[0]);
    expect(derivative[3]).toBe('mV/s');

    await page.mouse.move(2, 2);
    await settled(page);
    expect(await text(page, '#voltage-readout')).toBe('');
  });

  test('dragging over one panel zooms both; a double click returns', async () => {
    const { page } = whole;
    const area = await areaOf(page, 'voltage', 0);
    await page.mouse.move(area.x + area.width * 0.25, area.y + 50);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.4, area.y + 60, { steps: 4 });
    await page.mouse.move(area.x + area.width * 0.5, area.y + 60, { steps: 4 });
    await page.mouse.up();
    const [from, to] = await spanOf(page);
    expect([from, to]).toEqual([expect.closeTo(2, 0), expect.closeTo(4, 0)]);

    // Where the cursor stands in either panel is the same time, by the readout and by its place.
    for (const index of [0, 1]) {
      const panel = await areaOf(page, 'voltage', index);
      await page.mouse.move(panel.x + panel.width * 0.5, panel.y + 30);
      await settled(page);
      expect(Number.parseFloat(await text(page, '#derivative-readout'))).toBeCloseTo((from + to) / 2, 1);
    }
    await page.mouse.dblclick(area.x + area.width * 0.5, area.y + 50);
    const back = await spanOf(page);
    expect(back[1] - back[0]).toBeCloseTo(8, 1);
  });

  test('keys pan and zoom, step from beat to beat, and stop at the ends', async () => {
    const { page } = whole;
    await page.locator('#voltage .panels').focus();
    await page.keyboard.press('Home');
    expect(await spanOf(page)).toEqual([0, 8]);
    await page.keyboard.press('ArrowLeft');
    expect(await spanOf(page)).toEqual([0, 8]);
    await page.keyboard.press('ArrowRight');
    expect(await spanOf(page)).toEqual([2, 10]);
    await page.keyboard.press('+');
    expect(await spanOf(page)).toEqual([4, 8]);
    await page.keyboard.press('End');
    expect((await spanOf(page))[1]).toBe(SECONDS);
    await page.keyboard.press('0');
    expect(await spanOf(page)).toEqual([0, SECONDS]);
    await page.keyboard.press('Home');

    await page.locator('#voltage select').selectOption('V');
    await page.locator('#voltage .panels').focus();
    await page.keyboard.press('n');
    const first = input.beats!.find(beat => beat.symbol === 'V' && beat.time > 4)!;
    const said = await text(page, '#picked-beat');
    expect(said).toContain(`V at ${first.time.toFixed(3)} s`);
    const [from, to] = await spanOf(page);
    expect((from + to) / 2).toBeCloseTo(first.time, 0);
  });

  test('a press on a point of the slopes shows its beat', async () => {
    const { page } = whole;
    await page.locator('#voltage .panels').focus();
    await page.keyboard.press('Home');
    const area = await areaOf(page, 'slopes');
    const beat = input.beats!.filter(b => b.symbol === 'V')[14]!;
    const left = area.x + (beat.time / SECONDS) * area.width;
    // Up the column from the axis: ventricular beats are the first met.
    for (let up = 4; up < area.height && !(await text(page, '#slopes-readout')).includes(' V '); up += 5) {
      await page.mouse.move(left, area.y + area.height - up);
      await settled(page);
    }
    expect(await text(page, '#slopes-readout')).toContain(`${beat.time.toFixed(2)} s`);
    await page.mouse.down();
    await page.mouse.up();
    const [from, to] = await spanOf(page);
    expect(Math.abs((from + to) / 2 - beat.time)).toBeLessThan(0.11);
    expect(await text(page, '#picked-beat')).toContain(`V at ${beat.time.toFixed(3)} s`);
  });

  test('a press on the overview moves the window there', async () => {
    const { page } = whole;
    const area = (await page.locator('.overview .u-over').boundingBox())!;
    await page.mouse.click(area.x + area.width * 0.75, area.y + 10);
    const [from, to] = await spanOf(page);
    expect(Math.abs((from + to) / 2 - 0.75 * SECONDS)).toBeLessThan(0.3);
  });

  test('the loss curve is drawn on a logarithmic scale too', async () => {
    const { page } = whole;
    await page.locator('#log-loss').check();
    await settled(page);
    const [log] = await inkOf(page, '#loss', 'class-0');
    expect(log).toBeGreaterThan(0.9);
    expect(await page.locator('#loss canvas').count()).toBe(1);
    await page.locator('#log-loss').uncheck();
    expect(await text(page, '#loss .verdict')).toBe(input.training!.verdict.text);
  });

  test('the confusion matrix is a table with Se and +P by its own counts', async () => {
    const rows = await whole.page.locator('#confusion tbody tr').allInnerTexts();
    expect(rows).toHaveLength(5);
    expect(rows[2]!.split(/\s+/).slice(0, 6)).toEqual(['V', '102', '90', '2,970', '55', '3']);
    // 2970 / 3220, and 2970 / (512 + 50 + 2970): by EC57 a fusion or unknown beat called V is no false positive.
    expect(rows[2]).toContain('92.2 %');
    expect(rows[2]).toContain('84.1 %');
  });

  test('the explained beat says in words what its colours mean', async () => {
    const { page } = whole;
    const said = await text(page, '#explanation');
    expect(said).toContain('raising the voltage raises the probability of class V');
    expect(said).toContain('0.923');
    expect(await page.locator('#explanation td[title*="per mV/s"]').count()).toBeGreaterThan(0);
    const names = await page.locator('#explanation .features th').allInnerTexts();
    const effects = new Map(input.explanation!.features.map(f => [f.name, Math.abs(f.perDeviation!)]));
    expect(names.map(name => effects.get(name))).toEqual([...effects.values()].sort((a, b) => b - a));
  });

  test('the explained beat is found again in the recording', async () => {
    const { page } = whole;
    await page.getByText('Show in recording').click();
    const [from, to] = await spanOf(page);
    expect(Math.abs((from + to) / 2 - input.explanation!.beatTime)).toBeLessThan(0.5);
    expect(await text(page, '#picked-beat')).toContain(`at ${input.explanation!.beatTime.toFixed(3)} s`);
  });

  test.each([
    [1280, 800],
    [1920, 1080],
    [820, 1100],
    [400, 800],
  ])('at %d × %d nothing scrolls sideways, overlaps or is clipped', async (width, height) => {
    const { page } = whole;
    await page.setViewportSize({ width, height });
    await settled(page);
    const layout = await page.evaluate(() => {
      const box = (element: Element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { name: element.id || element.className || element.tagName, left, right, top, bottom };
      };
      return {
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        parts: [...document.querySelectorAll('header, main > section, .pair > section')].map(box),
        plots: [...document.querySelectorAll('.plot, .overview')].map(host => ({
          section: box(host.closest('section')!),
          canvas: box(host.querySelector('canvas')!),
          host: box(host),
        })),
        scrolling: [...document.querySelectorAll('.wide')]
          .filter(frame => frame.scrollWidth > frame.clientWidth)
          .map(frame => frame.textContent),
        clipped: [
          ...document.querySelectorAll(
            'h1, h2, h3, p, dd, .caption, .buttons, button, .says, .scale, .legend',
          ),
        ]
          .filter(
            element =>
              element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline',
          )
          .map(element => `${element.tagName} ${element.textContent}`),
      };
    });
    expect(layout.overflow).toBeLessThanOrEqual(0);
    expect(layout.clipped).toEqual([]);
    // On a narrow screen a wide table may scroll within its own frame.
    if (width >= 800) expect(layout.scrolling).toEqual([]);
    for (const [i, a] of layout.parts.entries()) {
      for (const b of layout.parts.slice(i + 1)) {
        const apart = a.bottom <= b.top || b.bottom <= a.top || a.right <= b.left || b.right <= a.left;
        expect(apart, `${a.name} and ${b.name}`).toBe(true);
      }
    }
    expect(layout.plots).toHaveLength(6);
    for (const { section, canvas, host } of layout.plots) {
      expect(Math.abs(canvas.right - canvas.left - (host.right - host.left))).toBeLessThanOrEqual(1);
      expect(canvas.left).toBeGreaterThanOrEqual(section.left);
      expect(canvas.right).toBeLessThanOrEqual(section.right);
      expect(canvas.bottom).toBeLessThanOrEqual(section.bottom);
    }
  });

  test('at 1280 × 800 the whole recording section is on the first screen', async () => {
    const { page } = whole;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.evaluate(() => scrollTo(0, 0));
    const box = (await page.locator('#voltage').boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(800);
  });

  test('nothing of it all was complained about', () => {
    expect(whole.complaints).toEqual([]);
    expect(whole.requests).toEqual([]);
  });

  test('hostile names are text wherever they show', async () => {
    const explanation = input.explanation!;
    const { page, complaints, requests, close } = await open({
      ...input,
      record: hostile,
      provenance: hostile,
      lead: { ...input.lead!, name: hostile },
      beats: input.beats!.map(beat => ({ ...beat, symbol: hostile, class: hostile, predicted: hostile })),
      training: { ...input.training!, optimizer: hostile, verdict: { kind: hostile, text: hostile } },
      confusion: { classes: [hostile], counts: [[1]] },
      explanation: {
        ...explanation,
        classes: [hostile],
        probabilities: [1],
        target: hostile,
        features: explanation.features.map(feature => ({ ...feature, name: hostile, unit: hostile })),
      },
    });
    await page.locator('#voltage .panels').focus();
    await page.keyboard.press('n');
    await settled(page);
    expect(await text(page, 'h1')).toBe(hostile);
    expect(await page.title()).toContain(hostile);
    expect(await text(page, '#picked-beat')).toContain(hostile);
    expect(await page.locator('img, iframe, object, embed, link, a').count()).toBe(0);
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await close();
  });

  test('even code within the page could fetch nothing and start no script', async () => {
    const { page, requests, close } = await open({ record: 'policy' });
    const outcome = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', event =>
        violations.push(event.effectiveDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'window.broken = 1';
      const image = document.createElement('img');
      image.src = 'https://example.invalid/x.png';
      document.body.append(script, image);
      const fetched = await fetch('https://example.invalid/').then(
        () => 'fetched',
        () => 'refused',
      );
      await new Promise(done => setTimeout(done, 50));
      return { violations: violations.sort(), fetched, broken: 'broken' in window };
    });
    expect(outcome).toEqual({
      violations: ['connect-src', 'img-src', 'script-src-elem'],
      fetched: 'refused',
      broken: false,
    });
    expect(requests.filter(address => !address.startsWith('https://example.invalid/'))).toEqual([]);
    await close();
  });

  test('rhythm, flutter and comments are labelled above the trace, and said to a screen reader', async () => {
    const { page, complaints, close } = await open({
      ...input,
      record: 'spans',
      spans: [
        { startSeconds: 0, endSeconds: 3, kind: 'rhythm', label: 'AFIB' },
        { startSeconds: 3, endSeconds: 5, kind: 'flutter', label: '' },
        { startSeconds: 6, endSeconds: 6, kind: 'comment', label: hostile },
      ],
    });
    const strip = page.locator('.span-strip');
    expect(await strip.getAttribute('aria-label')).toBe(`AFIB, ventricular flutter, ${hostile}`);
    expect(complaints).toEqual([]);
    // Something is drawn where the flutter is, nothing where no span is.
    const inkAt = (time: number) =>
      page.evaluate(share => {
        const canvas = document.querySelector<HTMLCanvasElement>('.span-picture')!;
        const x = 52 + share * (canvas.clientWidth - 64);
        const { data } = canvas.getContext('2d')!.getImageData(x, 0, 4, canvas.height);
        return data.some((value, k) => k % 4 === 3 && value > 0);
      }, time / 8);
    expect(await inkAt(4)).toBe(true);
    expect(await inkAt(5.5)).toBe(false);
    await close();
  });

  test('parts without data are absent', async () => {
    const { page, complaints, close } = await open({ record: 'only counts', confusion: input.confusion! });
    expect(await page.locator('section').evaluateAll(parts => parts.map(part => part.id))).toEqual([
      'confusion',
    ]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('of many features the strongest are shown, and all of them on demand', async () => {
    const explanation = input.explanation!;
    const features = Array.from({ length: 30 }, (_value, i) => ({
      ...explanation.features[0]!,
      name: `feature ${i}`,
      perDeviation: (i % 2 === 0 ? 1 : -1) * i,
    }));
    const { page, close } = await open({ record: 'features', explanation: { ...explanation, features } });
    const shown = page.locator('#explanation .features tr:visible');
    expect(await shown.count()).toBe(12);
    expect(await shown.first().locator('th').allInnerTexts()).toEqual(['feature 29']);
    await page.getByText('All 30 features').click();
    expect(await shown.count()).toBe(30);
    await page.getByText('The strongest 12 only').click();
    expect(await shown.count()).toBe(12);
    await close();
  });

  test('slopes without a recording, a flat line without beats, one epoch: each is drawn', async () => {
    const slopes = await open({ record: 'slopes only', beats: input.beats! });
    expect((await inkOf(slopes.page, '#slopes', 'class-0'))[0]).toBeGreaterThan(0.3);
    expect(slopes.complaints).toEqual([]);
    await slopes.close();

    const flat = await open({
      record: 'flat',
      lead: { ...input.lead!, voltage: new Float64Array(720).fill(0.2), derivative: new Float64Array(720) },
      training: { ...input.training!, losses: [1, Number.NaN], validationLosses: [] },
    });
    expect((await inkOf(flat.page, '#voltage', 'trace'))[0]).toBeGreaterThan(0.95);
    expect(await text(flat.page, '#loss .setting')).toContain('no finite loss from epoch 1');
    expect(await spanOf(flat.page)).toEqual([0, 2]);
    expect(flat.complaints).toEqual([]);
    await flat.close();
  });

  test('in the dark the traces are light, and for printing dark again', async () => {
    const { page, complaints, close } = await open({ ...input, record: 'dark' }, { colorScheme: 'dark' });
    const luminance = () =>
      page.evaluate(() => {
        const hex = getComputedStyle(document.documentElement).getPropertyValue('--trace').trim();
        return Number.parseInt(hex.slice(1, 3), 16);
      });
    expect(await luminance()).toBeGreaterThan(150);
    expect((await inkOf(page, '#voltage', 'trace'))[0]).toBeGreaterThan(0.9);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await settled(page);
    expect(await luminance()).toBeLessThan(100);
    // Not the voltage: its printed colour is near that of the grid in the dark.
    expect((await inkOf(page, '#voltage', 'derivative'))[1]).toBeGreaterThan(0.9);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await settled(page);
    expect((await inkOf(page, '#voltage', 'trace'))[0]).toBeGreaterThan(0.9);
    expect(complaints).toEqual([]);
    await close();
  });
});
