/** Opening recordings in the workbench: dropped, chosen, by address; and what it says of files that it cannot open. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink } from '../../src/wfdb/source.ts';
import { describeWorkbench, drop, measured, shortest, textOf } from './workbench-page.ts';

const sample = (name: string): Promise<Uint8Array> => readFile(join('samples', name));

describeWorkbench('opening in the workbench', workbench => {
  test('a dropped record, table and EDF open; missing and foreign files are named, with what to do', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
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

  test('in Japanese, a missing, malformed or unsupported file is explained, with what to do', async () => {
    const { page, complaints, close } = await workbench.open(shortest, { locale: 'ja-JP' });
    const text = (content: string): Uint8Array => new TextEncoder().encode(content);
    const [header, samples] = [await sample('synth/s01.hea'), await sample('synth/s01.dat')];
    const shows = async (files: Readonly<Record<string, Uint8Array>>, ...parts: string[]): Promise<void> => {
      await drop(page, files);
      for (const part of parts) await expect.poll(() => textOf(page, '.message')).toContain(part);
    };
    await shows({ 's01.hea': header }, 's01.dat がありません', '一緒に選択してください');
    await shows(
      { 'a.hea': text('a 1 x\n'), 'a.dat': samples },
      'a を開けません',
      '書式が正しくありません',
      'line 1',
    );
    await shows(
      { 'b.hea': text('b 1 360 100\nb.dat 999 200\n'), 'b.dat': samples },
      'b を開けません',
      'この形式には対応していません',
    );
    await shows({ 'c.hea': text('c 1 360 900\n../c.dat 16 200\n') }, 'フォルダー外');
    await shows({ 'd.png': Uint8Array.of(1, 2, 3) }, 'd.png', '.dat ファイルを一緒に選択してください');
    expect(await page.locator('.message').getAttribute('role')).toBe('alert');
    await page.getByRole('button', { name: '開く…' }).click();
    await page.locator('#open-url').fill('ftp://example.org/100');
    await page.getByRole('button', { name: 'URL を開く' }).click();
    await expect.poll(() => textOf(page, '.message')).toContain('記録のアドレスではありません');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a folder is chosen, and one of its recordings; an address is typed, and opens by ranges', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
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
    // The address names what is open, without anything else having been done.
    await expect
      .poll(() => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('record')))
      .toBe(workbench.server.recordUrl('synth/s01'));
    expect(ranges.some(range => /^bytes=\d+-\d+$/.test(range))).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a table by an address with characters that URLs encode, and again after a reload', async () => {
    const { page, complaints, close } = await workbench.open(shortest, { serviceWorkers: 'allow' });
    const name = '心電図 50%#?.csv';
    const recording = await readRecord(fileSource(['samples']), 'synth/s01', { from: 0, to: 3600 });
    await writeFile(join(workbench.records, name), formatCsv(recording));
    await page.evaluate(
      hash => {
        performance.clearMarks();
        location.hash = hash;
      },
      `${new URLSearchParams({ record: workbench.server.recordUrl(name) })}`,
    );
    await measured(page);
    expect(await textOf(page, 'h1')).toBe(name);
    await page.reload();
    await measured(page);
    expect(await textOf(page, 'h1')).toBe(name);
    expect(complaints).toEqual([]);
    await close();
  });

  test('empty files and texts without a table are told apart', async () => {
    const { page, close } = await workbench.open(shortest);
    await drop(page, { 'empty.csv': new Uint8Array() });
    await expect.poll(() => textOf(page, '.message')).toContain('These files are empty: empty.csv');
    await drop(page, { 'notes.txt': new TextEncoder().encode('bring cake\nand tea\n') });
    await expect.poll(() => textOf(page, '.message')).toContain('no table of numbers in notes.txt');
    await close();
  });

  test('a folder with folders in it is dropped by the browser itself, and a record of it chosen', async () => {
    const { page, complaints, close } = await workbench.open(shortest);
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [resolve('samples')], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    }
    await page.evaluate(() => performance.clearMarks());
    await page.getByRole('button', { name: 'synth/s02', exact: true }).click();
    await measured(page);
    expect(await textOf(page, 'h1')).toBe('synth/s02');
    await page.keyboard.press('3');
    expect(Number.parseInt(await textOf(page, '#mark-count'), 10)).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
    await close();
  });
});
