/** Marks, beats, reasons and learning in the workbench: what a person does there, and what is saved. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beatReasons } from '../../src/analysis/beat-reasons.ts';
import { classifyBeats, explainBeat } from '../../src/analysis/classify.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { parseModel } from '../../src/learn/model/model-json.ts';
import { fileSource } from '../../src/node/files.ts';
import { significant } from '../../src/view/number-format.ts';
import {
  decodeAnnotations,
  readAnnotationFile,
  readAnnotations,
} from '../../src/wfdb/annotations/annotation-file.ts';
import { memorySource } from '../../src/wfdb/source.ts';
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

const pressOn = async (page: Page, time: number): Promise<void> => {
  const { x, y } = await placeOfTime(page, time);
  await page.mouse.click(x, y);
  await settled(page);
};

/** A slope in mV/s, with its standard error once that is estimated. */
const shownSlope = (slope: number): RegExp =>
  new RegExp(`${slope.toFixed(1).replace('.', '\\.')}( ± [\\d.]+)? mV/s`);

const savedBytes = async (page: Page): Promise<Uint8Array> => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  return readFile((await download.path())!);
};

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

describe.skipIf(chromiumPath === undefined)(`panels of the workbench in Chromium${whenSkipped}`, () => {
  beforeAll(async () => {
    workbench = await startWorkbench();
  });
  afterAll(() => workbench?.close());

  test('ten beats are retyped by keyboard alone, one undone, and the saved .atr holds just that', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=marks');
    const before = await readAnnotations(fileSource(['samples']), 'synth/s01', 'atr');
    await page.keyboard.press('Home');
    await page.keyboard.press('.');
    for (let k = 0; k < 10; k++) {
      await page.keyboard.press('v');
      await page.keyboard.press('.');
    }
    await page.keyboard.press('Control+z');
    const saved = decodeAnnotations(await savedBytes(page), 's01.edit');
    expect(saved.map(mark => mark.sample)).toEqual(before.map(mark => mark.sample));
    expect(saved.slice(0, 9).every(mark => mark.symbol === 'V')).toBe(true);
    expect(saved.slice(9).map(mark => mark.symbol)).toEqual(before.slice(9).map(mark => mark.symbol));
    expect(complaints).toEqual([]);
    await close();
  });

  test('marks are added on the peak, moved, given text, deleted, and come back after a reload', async () => {
    const { page, close } = await workbench.open('record=synth/s01&view=marks&from=30&to=36');
    const before = await readAnnotations(fileSource(['samples']), 'synth/s01', 'atr');
    const beat = before.find(mark => mark.sample > 31 * 360)!;
    await pressOn(page, beat.sample / 360);
    await page.keyboard.press('Delete');
    expect(await textOf(page, '#mark-count')).toBe(`${before.length - 1} marks`);
    // The cursor is some ms beside the peak; the mark goes onto it.
    const { x, y } = await placeOfTime(page, beat.sample / 360 + 0.02);
    await page.mouse.move(x, y);
    await page.keyboard.press('i');
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('looks odd');
    await page.getByRole('textbox', { name: 'Text', exact: true }).press('Enter');
    const saved = decodeAnnotations(await savedBytes(page), 's01.edit');
    const added = saved.find(mark => mark.aux === 'looks odd')!;
    expect(Math.abs(added.sample - beat.sample)).toBeLessThanOrEqual(2);
    await page.waitForTimeout(500);
    await page.reload();
    await measured(page);
    await page.getByRole('searchbox').fill('odd');
    expect(await page.locator('.found li').count()).toBe(1);
    await page.getByRole('button', { name: 'Back to the file' }).click();
    expect(await textOf(page, '#mark-count')).toBe(`${before.length} marks`);
    await close();
  });

  test('the local server writes a new annotator beside the record, and never over one', async () => {
    const url = workbench.server.recordUrl('synth/s02');
    const { page, complaints, close } = await workbench.open(`record=${encodeURIComponent(url)}&view=marks`);
    const save = async (name: string): Promise<string> => {
      await page.locator('#annotator-name').fill(name);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.waitForTimeout(300);
      return textOf(page, '.message');
    };
    expect(await save('mine')).toBe('Saved s02.mine');
    const source = fileSource([workbench.records]);
    const strip = (mark: object) => ({ ...mark });
    expect((await readAnnotations(source, 'synth/s02', 'mine')).map(strip)).toEqual(
      (await readAnnotations(source, 'synth/s02', 'atr')).map(strip),
    );
    const reference = await readFile(join(workbench.records, 'synth/s02.atr'));
    expect(await save('atr')).toContain('Not saved');
    expect(complaints).toEqual([]);
    expect(await save('mine')).toContain('already exists');
    expect(await readFile(join(workbench.records, 'synth/s02.atr'))).toEqual(reference);
    await close();
  });

  test('an own type is defined, given to a mark, saved with its description, and comes back after a reload', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=marks');
    await page.locator('#type-symbol').fill('mi');
    await page.locator('#type-description').fill('micro-reentry');
    await page.getByRole('button', { name: 'Add type' }).click();
    expect(await textOf(page, '#own-types')).toContain('mi micro-reentry');
    await page.locator('#type-symbol').fill('V');
    await page.getByRole('button', { name: 'Add type' }).click();
    expect(await textOf(page, '.message')).toContain('no new symbol');
    await page.locator('.trace').first().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('.');
    await page.locator('.selected-mark').getByLabel('Symbol').selectOption('mi');
    await page.waitForTimeout(500);
    await page.reload();
    await measured(page);
    expect(await textOf(page, '#own-types')).toContain('mi micro-reentry');
    const sink = memorySource({ 's01.edit': await savedBytes(page) });
    const file = await readAnnotationFile(sink, 's01', 'edit', { samplingFrequency: 360 });
    expect(file.definitions).toEqual([{ code: 42, symbol: 'mi', description: 'micro-reentry' }]);
    expect(file.annotations.filter(mark => mark.symbol === 'mi')).toHaveLength(1);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a link annotation opens its address, and no other kind of address', async () => {
    const { page, close } = await workbench.open('record=synth/s01&view=marks');
    await page.keyboard.press('Home');
    await page.keyboard.press('.');
    await page.locator('.selected-mark').getByLabel('Symbol').selectOption('@');
    const text = page.getByRole('textbox', { name: 'Text', exact: true });
    await text.fill('https://example.org/case/7');
    await text.press('Enter');
    const goToLink = async (): Promise<void> => {
      await page.getByRole('searchbox').fill('@');
      await page.locator('.found li').getByRole('button').first().click();
    };
    await goToLink();
    expect(await page.locator('#mark-link').getAttribute('href')).toBe('https://example.org/case/7');
    expect(await page.locator('#mark-link').getAttribute('rel')).toBe('noopener noreferrer');
    await text.fill('javascript:alert(1)');
    await text.press('Enter');
    await goToLink();
    expect(await page.locator('#mark-link').count()).toBe(0);
    await close();
  });

  test('review goes through proposals from the least certain; Enter accepts, a letter corrects', async () => {
    const { page, close } = await workbench.open('view=marks');
    expect(await textOf(page, '#review-progress')).toBe('0 of 501 confirmed');
    await page.getByRole('button', { name: 'Start review' }).click();
    await page.keyboard.press('Enter');
    await page.keyboard.press('v');
    await page.keyboard.press('Enter');
    expect(await textOf(page, '#review-progress')).toBe('3 of 501 confirmed');
    await close();
  });

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
    expect(await page.locator('.features tbody th').first().getAttribute('title')).toBe(features[0]!.name);
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
    await page.getByLabel('Shade by').selectOption('gradient');
    expect(await textOf(page, '#shading-meaning')).toContain('raises p(V)');
    expect(complaints).toEqual([]);
    await close();
  });

  test('the optimisers run from one start, their paths lie on the loss surface, and the run can be cancelled', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=learn');
    await page.getByRole('button', { name: 'Compare optimisers' }).click();
    await page.locator('#loss-surface').getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Compare optimisers' }).isEnabled()).toBe(true);
    expect(await page.locator('#optimizer-paths li').count()).toBe(0);
    await page.getByRole('button', { name: 'Compare optimisers' }).click();
    await expect.poll(() => page.locator('#optimizer-paths li').count(), { timeout: 60_000 }).toBe(4);
    const paths = await page.locator('#optimizer-paths li').allTextContents();
    const losses = paths.map(text => /loss ([\d.]+) → ([\d.e−]+)/.exec(text)!.slice(1).map(Number));
    // One start, so one first loss; at this rate each of them has lowered it.
    expect(new Set(losses.map(([before]) => before)).size).toBe(1);
    for (const [before, after] of losses) expect(after!).toBeLessThan(before!);
    expect(complaints).toEqual([]);
    await close();
  });

  test('the next beat to label is the least certain proposal, and the button goes there', async () => {
    const { page, close } = await workbench.open('view=learn');
    await page.getByRole('button', { name: 'Go to this beat' }).click();
    const said = await textOf(page, '#next-beat');
    const beats = await readLeadBeats(fileSource(['samples']), 'mitdb-208-excerpt', { beats: 'detector' });
    const model = parseModel(await readFile('samples/model-ds1-without-208.json', 'utf8'));
    const { probabilities } = classifyBeats(model, beats);
    const known = probabilities.filter(p => p !== undefined);
    expect(said).toContain(`probability ${Math.min(...known).toFixed(3)}`);
    const time = Number(/beat at ([\d.]+) s/.exec(said)![1]);
    const { from, to } = await spanOf(page);
    expect(time).toBeGreaterThanOrEqual(from);
    expect(time).toBeLessThanOrEqual(to);
    await close();
  });

  test('training runs in the worker: losses fall, it pauses, resumes, and its model classifies', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=learn');
    expect(await textOf(page, '#training-rows')).toContain('labelled beats');
    await page.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => textOf(page, '#training-epoch'), { timeout: 20_000 }).toContain('Epoch 60 of 60');
    expect(await textOf(page, '#training-verdict')).toMatch(/^(Converged|Still improving)/);
    await page.getByRole('button', { name: 'Use this model' }).click();
    await expect.poll(() => textOf(page, '.message')).toContain('now classifies');
    await page.getByLabel('Epochs').fill('300');
    await page.getByLabel('Hidden units').fill('64');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(150);
    const paused = await textOf(page, '#training-epoch');
    await page.waitForTimeout(300);
    expect(await textOf(page, '#training-epoch')).toBe(paused);
    expect(paused).not.toContain('Epoch 300');
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => textOf(page, '#training-epoch'), { timeout: 30_000 }).toContain('Epoch 300');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.locator('#learn').getByRole('button', { name: 'Cancel' }).click();
    await page.waitForTimeout(300);
    expect(await textOf(page, '#training-epoch')).toBe('');
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    // Too large a rate is said to be so.
    await page.getByLabel('Epochs').fill('20');
    await page.getByLabel('Optimiser').selectOption('sgd');
    await page.getByLabel('Learning rate').fill('2');
    await page.getByRole('button', { name: 'Train' }).click();
    await expect
      .poll(() => textOf(page, '#training-verdict'), { timeout: 20_000 })
      .toMatch(/Diverged|Oscillating/);
    expect(complaints).toEqual([]);
    await close();
  });
});
