/** Editing of annotations with what WAVE and LightWAVE have, and records of unusual kinds, in headless Chromium. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { standardLead } from '../../src/synth/leads.ts';
import { synthesize } from '../../src/synth/synthesize.ts';
import { decodeAnnotations, writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { memorySink } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { describeWorkbench, measured, settled, shortest, spanOf, textOf } from './workbench-page.ts';

async function drop(page: Page, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const list = [...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const);
  await page.evaluate(given => {
    performance.clearMarks();
    const transfer = new DataTransfer();
    for (const [name, base64] of given)
      transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name));
    dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, list);
  await measured(page);
}

async function saved(page: Page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  return decodeAnnotations(await readFile((await download.path())!), 's01.edit');
}

const atr = async () => decodeAnnotations(await readFile('samples/synth/s01.atr'), 's01.atr');

/** A record in format 16 of a made-up lead, NaN where `isGap` holds, with no annotations. */
async function madeUp(
  heart: { readonly seconds: number; readonly rate: number; readonly samplingFrequency: number },
  isGap: (time: number) => boolean,
): Promise<{ files: ReadonlyMap<string, Uint8Array>; beats: number }> {
  const { samplingFrequency, seconds, rate } = heart;
  const made = synthesize({
    ...{ samplingFrequency, seconds, seed: 3, leads: [standardLead('II')] },
    heartRate: { mean: rate, sd: 2, lfHfRatio: 0.5 },
  });
  const adc = Int32Array.from(made.leads[0]!.voltage, (value, k) =>
    isGap(k / samplingFrequency) ? -32768 : Math.round(200 * value),
  );
  const sink = memorySink();
  const signals = [{ name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc }];
  await writeRecord(sink, { name: 'made', samplingFrequency, signals }, { format: 16 });
  return { files: sink.files, beats: made.beats.length };
}

describeWorkbench('editing in the workbench', workbench => {
  test('the template types what is added and all beats in view; an unusable view is a labelled span', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01&view=marks&from=30&to=36');
    const before = await atr();
    await page.getByLabel('Template').selectOption('A');
    await page.getByRole('button', { name: 'Retype all in view' }).click();
    const { from, to } = await spanOf(page);
    await page.getByRole('button', { name: 'Mark view unusable' }).click();
    await settled(page);
    expect(await textOf(page, '.span-legend')).toContain('unusable');
    const after = await saved(page);
    const isInView = ({ sample }: { readonly sample: number }): boolean =>
      sample >= from * 360 && sample < to * 360;
    const beats = after.filter(({ symbol }) => symbol !== '"');
    expect(beats.map(({ sample }) => sample)).toEqual(before.map(({ sample }) => sample));
    expect(beats.every((mark, k) => mark.symbol === (isInView(mark) ? 'A' : before[k]!.symbol))).toBe(true);
    expect(after.filter(({ symbol }) => symbol === '"').map(({ aux }) => aux)).toEqual([
      'unusable from',
      'unusable to',
    ]);
    // Both edits are undone, one after the other.
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await saved(page)).toEqual(before);
    expect(complaints).toEqual([]);
    await close();
  });

  test('two annotators stand one above the other, and the next disagreement is where they differ', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
    const marks = await atr();
    const sink = memorySink();
    const differing = marks.map((mark, k) => (k === 25 ? { ...mark, symbol: 'V' } : mark));
    await writeAnnotations(sink, 's01', 'second', differing);
    const files = await Promise.all(
      ['hea', 'dat', 'atr'].map(
        async end => [`s01.${end}`, await readFile(`samples/synth/s01.${end}`)] as const,
      ),
    );
    await drop(page, new Map<string, Uint8Array>([...files, ...sink.files]));
    await page.getByRole('button', { name: 'Marks' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+D');
    await settled(page);
    const time = marks[25]!.sample / 360;
    expect(await textOf(page, '.selected-mark')).toContain(time.toFixed(3));
    expect(await textOf(page, '.selected-mark')).toMatch(/(second: V|atr: N)/);
    expect(complaints).toEqual([]);
    await close();
  });

  test.each([
    { what: 'three seconds', seconds: 3, rate: 70, samplingFrequency: 360, isGap: () => false },
    { what: 'a neonate’s rate', seconds: 30, rate: 185, samplingFrequency: 500, isGap: () => false },
    {
      ...{ what: 'lost samples', seconds: 30, rate: 70, samplingFrequency: 250 },
      isGap: (time: number) => (time > 10 && time < 14) || time > 27,
    },
  ])(
    '$what without annotations: opened, its beats proposed, every view shown',
    async ({ isGap, ...heart }) => {
      const { page, complaints, close } = await workbench.open(shortest);
      const { files, beats } = await madeUp(heart, isGap);
      await drop(page, files);
      expect(await textOf(page, 'h1')).toBe('made');
      for (const view of ['Beats', 'Marks', 'Why', 'Learn', 'Trace']) {
        await page.locator('nav').getByRole('button', { name: view }).click();
        await page.waitForTimeout(200);
        if (view !== 'Marks') continue;
        const proposed = Number.parseInt(await textOf(page, '#mark-count'), 10);
        const lost = Math.round((heart.rate / 60) * (isGap(12) ? 7 : 0));
        expect(Math.abs(proposed - (beats - lost))).toBeLessThanOrEqual(2);
      }
      if (isGap(12)) expect(await textOf(page, '.span-legend')).toContain('Quality');
      expect(complaints).toEqual([]);
      await close();
    },
  );
});
