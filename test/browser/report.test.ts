/** The report page in a real browser: it draws what it was given, at any size and in any theme. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, whenSkipped } from './chromium.ts';
import {
  inkOf,
  type OpenedReport,
  type Reports,
  reportInput,
  spanOf,
  startReports,
  text,
} from './opened-report.ts';
import { settled } from './workbench-page.ts';

let reports: Reports;

describe.skipIf(chromiumPath === undefined)(`the report in Chromium${whenSkipped}`, () => {
  let whole: OpenedReport;
  const input = reportInput();

  beforeAll(async () => {
    reports = await startReports();
    whole = await reports.open(input);
  });
  afterAll(() => reports?.close());

  test('opens from disk without console messages or requests', () => {
    expect(whole.complaints).toEqual([]);
    expect(whole.requests).toEqual([]);
  });

  test('states what was recorded and how it was measured', async () => {
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
    expect(said).toContain('Log-odds of V: 2.48; −9.10 for the typical beat');
    expect(said).toContain('Not differentiable here');
    expect(said).toContain('It differs by 35 µV root mean square');
    expect(said).toContain('called N with correlation of dV/dt with the typical beat 0.41 → 0.87');
    const shading = page.locator('#explanation-shading');
    expect(await shading.locator('option').allInnerTexts()).toEqual(['∂p(V)/∂V, smoothed', '∂p(V)/∂V']);
    await shading.selectOption('1');
    expect(await text(page, '#explanation .caption:has(output) h3')).toContain('shaded by ∂p(V)/∂V');
    expect(await text(page, '#explanation')).toContain(
      'raising the voltage raises the probability of class V',
    );
    await shading.selectOption('0');
    expect(await page.locator('#explanation td[title*="per mV/s"]').count()).toBeGreaterThan(0);
    const names = await page.locator('#explanation .features th').allInnerTexts();
    const effects = new Map(input.explanation!.features.map(f => [f.name, Math.abs(f.perDeviation!)]));
    expect(names.map(name => effects.get(name))).toEqual([...effects.values()].sort((a, b) => b - a));
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

  test('none of this wrote to the console', () => {
    expect(whole.complaints).toEqual([]);
    expect(whole.requests).toEqual([]);
  });

  test('parts without data are absent', async () => {
    const { page, complaints, close } = await reports.open({
      record: 'only counts',
      confusion: input.confusion!,
    });
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
    const { page, close } = await reports.open({
      record: 'features',
      explanation: { ...explanation, features },
    });
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
    const slopes = await reports.open({ record: 'slopes only', beats: input.beats! });
    expect((await inkOf(slopes.page, '#slopes', 'class-0'))[0]).toBeGreaterThan(0.3);
    expect(slopes.complaints).toEqual([]);
    await slopes.close();

    const flat = await reports.open({
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
    const { page, complaints, close } = await reports.open(
      { ...input, record: 'dark' },
      { colorScheme: 'dark' },
    );
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
