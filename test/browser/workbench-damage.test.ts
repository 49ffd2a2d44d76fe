/** Damaged recordings in the workbench: each fault is named with what to do, and what is intact is shown. */
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink } from '../../src/wfdb/source.ts';
import { describeWorkbench, drop, measured, settled, shortest, textOf } from './workbench-page.ts';

const sample = (ending: string): Promise<Uint8Array> => readFile(join('samples', 'synth', `s01.${ending}`));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const faults = (page: Page): Promise<string> => page.locator('.file-faults').innerText();
const marks = (page: Page): Promise<string> => textOf(page, '#mark-count');

/** Values of a lead in view as the CSV export has them; NaN for an empty cell. */
async function exported(page: Page): Promise<number[]> {
  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Samples in view (CSV)' }).click(),
  ]);
  const lines = (await readFile((await download.path())!, 'utf8')).trim().split('\n');
  return lines.slice(1).map(line => Number(line.split(',')[1] || 'NaN'));
}

/** One beat a second of 1 mV, in format 16 at 200 units per mV. */
function beatsAt(samplingFrequency: number, length: number): Uint8Array {
  const adc = Int16Array.from({ length }, (_, k) => {
    const fromR = ((k % samplingFrequency) - samplingFrequency / 2) / samplingFrequency;
    return Math.round(200 * Math.exp(-((fromR / 0.015) ** 2)));
  });
  return new Uint8Array(adc.buffer);
}

async function showSeconds(page: Page, from: number, to: number): Promise<void> {
  const record = await textOf(page, 'h1');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain(record);
  await page.evaluate(
    span => {
      location.hash = `${location.hash.replace(/&?(from|to)=[^&]*/g, '')}&from=${span.from}&to=${span.to}`;
    },
    { from, to },
  );
  await page.waitForTimeout(500);
  await settled(page);
}

describeWorkbench('damaged recordings in the workbench', workbench => {
  test('of a cut annotation file the readable marks are offered, and beats are detected meanwhile', async () => {
    const { page, complaints, close } = await workbench.open(`${shortest}&view=marks`);
    const [hea, dat, atr] = [await sample('hea'), await sample('dat'), await sample('atr')];
    await drop(page, { 's01.hea': hea, 's01.dat': dat, 's01.atr': atr.subarray(0, 301) });
    await measured(page);
    expect(await faults(page)).toContain('s01.atr, byte 301');
    expect(await faults(page)).toContain('copy or download it again');
    const { signals } = await readRecord(fileSource(['samples']), 'synth/s01');
    const detected = detectQrs(signals[0]!.physical, 360);
    expect(await marks(page)).toBe(`${detected.length} marks`);
    // The independent list of the marks before the cut: all but the last one, whose modifiers may be lost.
    const whole = await readAnnotations(fileSource(['samples']), 'synth/s01', 'atr');
    await page.getByRole('button', { name: /Use the 149 readable marks of atr/ }).click();
    await expect.poll(() => marks(page)).toBe('149 marks');
    await page.getByRole('searchbox').fill(whole[148]!.symbol);
    expect(await textOf(page, '.found li:last-child')).toContain(
      (whole[148]!.sample / 360 - 120).toFixed(3).padStart(6, '0'),
    );
    expect(await faults(page)).not.toContain('Use the');
    expect(complaints).toEqual([]);
    await close();
  });

  test('an annotation file without one readable mark, and one of two that is damaged', async () => {
    const { page, complaints, close } = await workbench.open(`${shortest}&view=marks`);
    const [hea, dat, atr] = [await sample('hea'), await sample('dat'), await sample('atr')];
    await drop(page, { 's01.hea': hea, 's01.dat': dat, 's01.atr': new Uint8Array() });
    await measured(page);
    expect(await faults(page)).toContain('None of its marks can be read; the beats shown were detected');
    expect(Number.parseInt(await marks(page), 10)).toBeGreaterThan(150);
    await drop(page, { 's01.hea': hea, 's01.dat': dat, 's01.atr': atr.subarray(0, 99), 's01.qrs': atr });
    await measured(page);
    // The intact one is edited.
    expect(await marks(page)).toBe('215 marks');
    expect(await faults(page)).toContain('s01.atr, byte 99');
    expect(complaints).toEqual([]);
    await close();
  });

  test.each(['dropped', 'by address'])('of a cut signal file, %s, the intact part is shown', async way => {
    const { page, complaints, close } = await workbench.open(shortest);
    const dat = await sample('dat');
    // Format 212 holds two samples in three bytes; the file ends in the middle of a pair.
    const frames = 13_334;
    if (way === 'dropped') {
      await drop(page, {
        's01.hea': await sample('hea'),
        's01.dat': dat.subarray(0, 20_001),
        's01.atr': await sample('atr'),
      });
    } else {
      for (const ending of ['hea', 'dat', 'atr'])
        await writeFile(join(workbench.records, `s01.${ending}`), await sample(ending));
      await truncate(join(workbench.records, 's01.dat'), 20_001);
      await page.evaluate(
        hash => {
          performance.clearMarks();
          location.hash = hash;
        },
        `record=${encodeURIComponent(workbench.server.recordUrl('s01'))}`,
      );
    }
    await measured(page);
    expect(await faults(page)).toContain('s01.dat is cut off');
    expect(await faults(page)).toContain(`${64_800 - frames} samples a lead are missing, from 37.04 s on`);
    await showSeconds(page, 36, 38);
    const { signals } = await readRecord(fileSource(['samples']), 'synth/s01', {
      from: 36 * 360,
      to: 38 * 360,
    });
    const values = await exported(page);
    const there = frames - 36 * 360;
    expect(values.slice(0, there).map(value => Math.round(200 * value))).toEqual(
      [...signals[0]!.physical.subarray(0, there)].map(value => Math.round(200 * value)),
    );
    expect(values.slice(there).every(Number.isNaN)).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a longer signal file, a wrong length and a wrong checksum are named, and everything is shown', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
    const [hea, dat] = [new TextDecoder().decode(await sample('hea')), await sample('dat')];
    const shows = async (header: string, bytes: Uint8Array, ...parts: string[]): Promise<void> => {
      await drop(page, { 's01.hea': text(header), 's01.dat': bytes });
      for (const part of parts) await expect.poll(() => faults(page)).toContain(part);
      expect(await textOf(page, 'h1')).toBe('s01');
    };
    await shows(hea, Buffer.concat([dat, new Uint8Array(5000)]), 's01.dat, byte 97200', '5000 bytes');
    await shows(hea.replace(' 64800', ' 60000'), dat, 's01.dat, byte 90000', 'of the same recording');
    await shows(hea.replace(' 64800', ' 70000'), dat, '5200 samples a lead are missing, from 3 min 0 s on');
    await shows(hea.replace(' 11090 ', ' 11091 '), dat, 'sum to 11091, found 11090', 'samples are damaged');
    // A length that no file has does not make the page reserve memory for it.
    await shows(hea.replace(' 64800', ' 900000000000'), dat, '899999935200 samples a lead are missing');
    await drop(page, { 's01.hea': text(hea), 's01.dat': dat });
    await measured(page);
    expect(await faults(page)).toBe('');
    expect(complaints).toEqual([]);
    await close();
  });

  test('of two signal files one is missing: its lead is a gap, and the other is measured', async () => {
    const { page, complaints, close } = await workbench.open('view=marks');
    const header = 'two 2 250 5000\na.dat 16 200 16 0 0 0 0 I\nb.dat 16 200 16 0 0 0 0 II\n';
    await drop(page, { 'two.hea': text(header), 'b.dat': beatsAt(250, 5000) });
    await measured(page);
    expect(await faults(page)).toContain('a.dat is missing: I is shown as a gap. Choose that file together');
    expect(await page.getByRole('combobox', { name: 'Lead' }).first().inputValue()).toBe('1');
    expect(await marks(page)).toBe('20 marks');
    expect(complaints).toEqual([]);
    await close();
  });

  test('the rows before a ragged one, and the data records before the end of a cut EDF file', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
    const recording = await readRecord(fileSource(['samples']), 'synth/s01', { from: 0, to: 7200 });
    const rows = formatCsv(recording).trimEnd().split('\n');
    rows[5001] += ',9';
    await drop(page, { 'ragged.csv': text(rows.join('\n')) });
    await measured(page);
    expect(await faults(page)).toContain('ragged.csv, line 5002: expected 2 cells');
    expect(await faults(page)).not.toContain('--');
    expect(await textOf(page, '.record-facts')).toContain('360 Hz · 13.89 s');
    // Neither has annotations, so the detected beats are proposed.
    await page.keyboard.press('3');
    expect(Number.parseInt(await marks(page), 10)).toBeGreaterThan(10);
    const sink = memorySink();
    await writeEdf(sink, 'night.edf', recording);
    const whole = sink.files.get('night.edf')!;
    await drop(page, { 'night.edf': whole.slice(0, whole.length - 100) });
    await measured(page);
    expect(await faults(page)).toContain('360 samples a lead are missing, from 19 s on');
    expect(Number.parseInt(await marks(page), 10)).toBeGreaterThan(15);
    await showSeconds(page, 18, 20);
    const values = await exported(page);
    expect(values.slice(0, 360).every(Number.isFinite)).toBe(true);
    expect(values.slice(360).every(Number.isNaN)).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test('in Japanese the faults are in Japanese, and survive a change of language', async () => {
    const { page, close } = await workbench.open(shortest, { locale: 'ja-JP' });
    await drop(page, {
      's01.hea': await sample('hea'),
      's01.dat': (await sample('dat')).subarray(0, 20_001),
    });
    await measured(page);
    expect(await faults(page)).toContain('s01.dat が途中で切れています。37.04 秒 以降、各誘導 51466 標本');
    await page.locator('#language').selectOption('en');
    expect(await faults(page)).toContain('s01.dat is cut off');
    await close();
  });

  test('a table that does not say its sampling frequency asks for it, and can be read otherwise later', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
    const { signals } = await readRecord(fileSource(['samples']), 'synth/s01', { from: 0, to: 7200 });
    await drop(page, { 'column.csv': text([...signals[0]!.physical].join('\n')) });
    const dialog = page.getByRole('dialog', { name: 'How is column.csv to be read?' });
    await dialog.getByLabel('Sampling frequency, Hz').fill('360');
    await page.keyboard.press('Enter');
    await measured(page);
    expect(await textOf(page, '.record-facts')).toContain('360 Hz · 20 s');
    await page.getByRole('button', { name: 'Read otherwise…' }).click();
    await dialog.getByLabel('Sampling frequency, Hz').fill('180');
    await dialog.getByRole('combobox', { name: 'Unit' }).selectOption('uV');
    await page.evaluate(() => performance.clearMarks());
    await dialog.getByRole('button', { name: 'Open' }).click();
    await measured(page);
    expect(await textOf(page, '.record-facts')).toContain('180 Hz · 40 s');
    const [first] = await exported(page);
    expect(first).toBeCloseTo(signals[0]!.physical[0]! / 1000, 6);
    expect(complaints).toEqual([]);
    await close();
  });
});
