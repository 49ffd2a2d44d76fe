/** The report page in a real browser: its panels move together, and nothing gets in or out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, whenSkipped } from './chromium.ts';
import {
  areaOf,
  hostile,
  inkOf,
  type OpenedReport,
  type Reports,
  reportInput,
  SECONDS,
  spanOf,
  startReports,
  text,
} from './opened-report.ts';
import { settled } from './workbench-page.ts';

let reports: Reports;

describe.skipIf(chromiumPath === undefined)(`moving in the report in Chromium${whenSkipped}`, () => {
  let whole: OpenedReport;
  const input = reportInput();

  beforeAll(async () => {
    reports = await startReports();
    whole = await reports.open(input);
  });
  afterAll(() => reports?.close());

  test('the cursor over one panel moves the other, and both readouts show the same sample', async () => {
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

  test('the explained beat is found again in the recording', async () => {
    const { page } = whole;
    await page.getByText('Show in recording').click();
    const [from, to] = await spanOf(page);
    expect(Math.abs((from + to) / 2 - input.explanation!.beatTime)).toBeLessThan(0.5);
    expect(await text(page, '#picked-beat')).toContain(`at ${input.explanation!.beatTime.toFixed(3)} s`);
  });

  test('none of this wrote to the console', () => {
    expect(whole.complaints).toEqual([]);
    expect(whole.requests).toEqual([]);
  });

  test('hostile names are displayed as text', async () => {
    const explanation = input.explanation!;
    const { page, complaints, requests, close } = await reports.open({
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

  test('code within the page can fetch nothing and start no script', async () => {
    const { page, requests, close } = await reports.open({ record: 'policy' });
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
    const { page, complaints, close } = await reports.open({
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
});
