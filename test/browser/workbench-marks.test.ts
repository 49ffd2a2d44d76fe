/** Marks in the workbench: what a person edits, reviews and searches, and what is saved. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import {
  decodeAnnotations,
  encodeAnnotations,
  readAnnotationFile,
  readAnnotations,
} from '../../src/wfdb/annotations/annotation-file.ts';
import { memorySource } from '../../src/wfdb/source.ts';
import {
  describeWorkbench,
  drop,
  measured,
  placeOfTime,
  pressOn,
  shortest,
  textOf,
} from './workbench-page.ts';

const savedBytes = async (page: Page): Promise<Uint8Array> => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  return readFile((await download.path())!);
};

describeWorkbench('marks in the workbench', workbench => {
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
    const { page, close } = await workbench.open('record=synth/s01&view=marks&from=30&to=36', {
      serviceWorkers: 'allow',
    });
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
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=marks', {
      serviceWorkers: 'allow',
    });
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

  test('in a review one key a beat retypes it and moves on, and the saved .atr holds it', async () => {
    const { page, complaints, close } = await workbench.open('view=marks');
    await page.getByRole('button', { name: 'Start review' }).click();
    const samples: number[] = [];
    for (let k = 0; k < 10; k++) {
      const [, minutes = 0, seconds] = /(?:(\d+):)?([\d.]+)/.exec(await textOf(page, '.selected-mark'))!;
      samples.push(Math.round((60 * Number(minutes) + Number(seconds)) * 360));
      await page.keyboard.press('e');
    }
    expect(new Set(samples).size).toBe(10);
    expect(await textOf(page, '#review-progress')).toBe('10 of 501 confirmed');
    const saved = decodeAnnotations(await savedBytes(page), 'excerpt.edit');
    const escapes = saved.filter(({ symbol }) => symbol === 'E').map(({ sample }) => sample);
    expect(escapes).toEqual(samples.sort((a, b) => a - b));
    expect(saved).toHaveLength(501);
    expect(complaints).toEqual([]);
    await close();
  });

  test('who edited and when is a comment at the first sample of the saved .atr, if wished', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=marks');
    const comments = async () =>
      decodeAnnotations(await savedBytes(page), 's01.edit').filter(({ symbol }) => symbol === '"');
    expect(await comments()).toEqual([]);
    await page.getByLabel('Note who and when').check();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Example');
    const before = Date.now();
    const [comment, ...others] = await comments();
    expect(others).toEqual([]);
    expect(comment!.sample).toBe(0);
    const [, when] = /^edited by Ada Example (\S+Z)$/.exec(comment!.aux)!;
    // Written in whole seconds.
    expect(Date.parse(when!)).toBeGreaterThanOrEqual(before - 1000);
    expect(Date.parse(when!)).toBeLessThanOrEqual(Date.now());
    expect(complaints).toEqual([]);
    await close();
  });

  test('a beat stays selected when dV/dt is measured by another scheme or on another lead', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/twelve&view=beats');
    // Without its annotations the beats are the detector's.
    await drop(page, {
      'twelve.hea': await readFile('samples/synth/twelve.hea'),
      'twelve.dat': await readFile('samples/synth/twelve.dat'),
    });
    await measured(page);
    await page.keyboard.press('.');
    await page.keyboard.press('.');
    await page.keyboard.press('.');
    const chosen = async (): Promise<string | undefined> =>
      /Beat \d+ of \d+/.exec(await page.locator('#side').innerText())?.[0];
    expect(await chosen()).toMatch(/^Beat 2 of/);
    const before = await chosen();
    await page.getByRole('combobox', { name: 'dV/dt by' }).first().selectOption('central2');
    await page.waitForTimeout(1500);
    expect(await chosen()).toBe(before);
    await page.getByRole('combobox', { name: 'Lead' }).first().selectOption('1');
    await page.waitForTimeout(1500);
    expect(await chosen()).toBe(before);
    expect(complaints).toEqual([]);
    await close();
  });

  test('of several annotators another is edited, and the edits of each are kept', async () => {
    const { page, complaints, close } = await workbench.open(`${shortest}&view=marks`);
    const [hea, dat] = await Promise.all(['hea', 'dat'].map(end => readFile(`samples/synth/s01.${end}`)));
    const atr = await readFile('samples/synth/s01.atr');
    const few = encodeAnnotations(decodeAnnotations(atr, 's01.atr').slice(0, 100));
    const files = { 's01.hea': hea!, 's01.dat': dat!, 's01.atr': atr, 's01.mine': few };
    await drop(page, files);
    await measured(page);
    expect(await textOf(page, '#mark-count')).toBe('215 marks');
    await page.getByRole('combobox', { name: 'Annotator' }).selectOption('mine');
    await expect.poll(() => textOf(page, '#mark-count')).toBe('100 marks');
    await page.keyboard.press('.');
    await page.keyboard.press('Delete');
    await expect.poll(() => textOf(page, '#mark-count')).toBe('99 marks');
    await page.getByRole('combobox', { name: 'Annotator' }).selectOption('atr');
    await expect.poll(() => textOf(page, '#mark-count')).toBe('215 marks');
    await page.getByRole('combobox', { name: 'Annotator' }).selectOption('mine');
    await expect.poll(() => textOf(page, '#mark-count')).toBe('99 marks');
    await page.waitForTimeout(400);
    await drop(page, files);
    await measured(page);
    expect(await textOf(page, '#mark-count')).toBe('215 marks');
    await page.getByRole('combobox', { name: 'Annotator' }).selectOption('mine');
    await expect.poll(() => textOf(page, '#mark-count')).toBe('99 marks');
    expect(complaints).toEqual([]);
    await close();
  });
});
