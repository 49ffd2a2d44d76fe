/** Beats and the reasons for their class in the workbench: what is shown is what the library gives. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { beatReasons } from '../../src/analysis/beat-reasons.ts';
import { classifyBeats, explainBeat } from '../../src/analysis/classify.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { featureMeaning } from '../../src/beat/features/feature-glossary.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { parseModel } from '../../src/learn/model/model-json.ts';
import { fileSource } from '../../src/node/files.ts';
import { significant } from '../../src/view/number-format.ts';
import { describeWorkbench, pressOn, settled, textOf } from './workbench-page.ts';

/** A slope in mV/s, with its standard error once that is estimated. */
const shownSlope = (slope: number): RegExp =>
  new RegExp(`${slope.toFixed(1).replace('.', '\\.')}( ± [\\d.]+)? mV/s`);

/** Selects the sample's first ventricular beat after 60 s on the page, and classifies it with the library. */
async function explainVentricularBeat(page: Page) {
  const beats = await readLeadBeats(fileSource(['samples']), 'mitdb-208-excerpt', { beats: 'detector' });
  const model = parseModel(await readFile('samples/model-ds1-without-208.json', 'utf8'));
  const classified = classifyBeats(model, beats);
  const beat = classified.classes.findIndex((name, k) => name === 'V' && beats.rPeaks[k]! > 60 * 360);
  await pressOn(page, beats.rPeaks[beat]! / 360);
  await expect.poll(() => textOf(page, '#probabilities .target .name'), { timeout: 15_000 }).toBe('V');
  return { model, beats, classified, beat };
}

describeWorkbench('beats in the workbench', workbench => {
  test('a beat in numbers is what the library measures; the table sorts and goes there', async () => {
    const { page, close } = await workbench.open('record=synth/s01&view=beats&from=0&to=10');
    const beats = await readLeadBeats(fileSource(['samples']), 'synth/s01', { beats: { annotator: 'atr' } });
    const { beats: slopes } = measureSlopes(beats.voltage, 360, beats.rPeaks);
    await pressOn(page, beats.rPeaks[3]! / 360);
    const facts = (await textOf(page, '#beat-facts')).replaceAll('−', '-');
    expect(facts).toMatch(shownSlope(slopes[3]!.upstroke!.slope));
    expect(facts).toMatch(shownSlope(slopes[3]!.downstroke!.slope));
    await page.locator('.beat-table thead').getByRole('button', { name: 'Upstroke' }).click();
    await page.locator('.beat-table thead').getByRole('button', { name: 'Upstroke' }).click();
    const steepest = Math.max(...slopes.map(beat => beat.upstroke?.slope ?? 0));
    const first = page.locator('.beat-table tbody tr:not([aria-hidden])').first();
    expect(await first.textContent()).toContain(steepest.toFixed(1));
    await first.click();
    await settled(page);
    expect(await textOf(page, '#beat-facts')).toMatch(shownSlope(steepest));
    await close();
  });

  test('a lasso selects beats, and the selection gets a label', async () => {
    const { page, close } = await workbench.open('record=synth/s01&view=beats');
    const area = page.locator('#scatter .plot .u-over').first();
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    const corners = [
      [1, 1],
      [box.width - 1, 1],
      [box.width - 1, box.height - 1],
      [1, box.height - 1],
      [1, 2],
    ] as const;
    await page.mouse.move(box.x + 1, box.y + 1);
    await page.mouse.down();
    for (const [x, y] of corners) await page.mouse.move(box.x + x, box.y + y, { steps: 3 });
    await page.mouse.up();
    const count = Number.parseInt(await textOf(page, '#selected-count'), 10);
    expect(count).toBeGreaterThan(100);
    // Every view shows the selection: the table, the beats on their R peaks, and the symbols of the trace.
    expect(await page.locator('.beat-table tbody tr.lassoed').count()).toBeGreaterThan(5);
    expect(await page.locator('.beat-table tbody tr:not(.lassoed):not([aria-hidden])').count()).toBe(0);
    expect(await textOf(page, '#aligned')).toContain(`of ${count} beats`);
    const picture = async (): Promise<string> => {
      await page.locator('summary', { hasText: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Picture (SVG)' }).click(),
      ]);
      return readFile((await download.path())!, 'utf8');
    };
    const chosenSymbols = async (): Promise<number> => {
      const tangent = await page.evaluate(() =>
        getComputedStyle(document.documentElement).getPropertyValue('--tangent').trim(),
      );
      return (
        (await picture())
          .split('\n')
          .join('')
          .match(new RegExp(`fill="${tangent}"[^>]*>[NVSF]</text>`, 'g'))?.length ?? 0
      );
    };
    const selectedInView = await chosenSymbols();
    expect(selectedInView).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await chosenSymbols()).toBe(0);
    expect(await page.locator('.beat-table tbody tr.lassoed').count()).toBe(0);
    await page.locator('#scatter').scrollIntoViewIfNeeded();
    await area.scrollIntoViewIfNeeded();
    const again = (await area.boundingBox())!;
    await page.mouse.move(again.x + 1, again.y + 1);
    await page.mouse.down();
    for (const [x, y] of corners) await page.mouse.move(again.x + x, again.y + y, { steps: 3 });
    await page.mouse.up();
    expect(Number.parseInt(await textOf(page, '#selected-count'), 10)).toBe(count);
    await page.getByLabel('Label selection as').first().selectOption('F');
    await page.getByTitle('Label selection as').click();
    await page.getByRole('button', { name: 'Marks', exact: true }).click();
    await page.getByRole('searchbox').fill('F');
    expect(await textOf(page, '#search output')).toBe(`${count} found`);
    await close();
  });

  test('probabilities and reasons are those of the library; a handle and a slider move the probability', async () => {
    const { page, complaints, close } = await workbench.open('view=why&from=60&to=66');
    const { model, beats, classified, beat } = await explainVentricularBeat(page);
    const { features, probabilities } = explainBeat(model, beats, classified, beat);
    const p = probabilities[model.classes.indexOf('V')]!;
    const shown = await textOf(page, '#probabilities .target .value');
    if (p < 0.9995) expect(Number(shown)).toBeCloseTo(p, 3);
    else expect(shown).toBe('> 0.999');
    expect(await page.locator('.features tbody th').first().getAttribute('title')).toBe(
      featureMeaning(features[0]!.name),
    );
    await page.getByLabel('Amplitude').fill('0.4');
    await expect.poll(() => textOf(page, '#what-if'), { timeout: 10_000 }).toContain('amplitude × 0.40');
    const probabilityAfter = async (): Promise<string> =>
      (await textOf(page, '#what-if')).split(' to ').at(-1)!;
    const byslider = await probabilityAfter();
    const area = page.locator('#why .plot .u-over');
    await area.scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => textOf(page, '#what-if'), { timeout: 10_000 }).toContain('amplitude × 1.00');
    expect(await probabilityAfter()).not.toBe(byslider);
    // As recorded again: the same probability, by rhythm, record and similar beats, too.
    expect(Number((await probabilityAfter()).replace(/\.$/, ''))).toBeCloseTo(p, 3);
    expect(await page.locator('.class-notes').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('integrated gradients and the smallest changes are those of the library', async () => {
    const { page, complaints, close } = await workbench.open('view=why&from=60&to=66');
    const { model, beats, classified, beat } = await explainVentricularBeat(page);
    const { integrated, counterfactual } = beatReasons(model, beats, classified, beat);
    const total = integrated.contributions.reduce((sum, value) => sum + value, 0);
    await expect
      .poll(() => textOf(page, '#shading-meaning'), { timeout: 20_000 })
      .toContain(`Their sum is ${significant(total)}`);
    const said = await textOf(page, '#counterfactual-voltage');
    if (counterfactual.voltage === undefined) expect(said).toContain('no change');
    else {
      expect(said).toContain(`called ${counterfactual.voltage.to}`);
      expect(said).toContain(
        `${(1000 * counterfactual.voltage.rmsMillivolts).toFixed(0)} µV root mean square`,
      );
    }
    expect(await textOf(page, '#log-odds')).toContain(integrated.score.toFixed(2).replace('-', '−'));
    await page.getByLabel('Shade by').selectOption('gradient');
    expect(await textOf(page, '#shading-meaning')).toContain('raises p(V)');
    expect(complaints).toEqual([]);
    await close();
  });

  test('reservations about the classes of a record stand beside them, in the language of the page', async () => {
    for (const [locale, said] of [
      ['en-GB', 'the model is made for lead MLII or II, not for I'],
      ['ja-JP', 'モデルは誘導 MLII または II 用で、I 用ではありません'],
    ] as const) {
      const { page, close } = await workbench.open('record=synth/twelve&view=why&lead=0&from=2&to=6', {
        locale,
      });
      await expect.poll(() => textOf(page, '.class-notes'), { timeout: 20_000 }).toContain(said);
      await close();
    }
  });
});
