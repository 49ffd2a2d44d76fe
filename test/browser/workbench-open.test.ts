/** Opening recordings in the workbench: dropped, chosen, by address, hostile; and what the page may fetch. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { describeWorkbench, drop, measured, textOf } from './workbench-page.ts';

const sample = (name: string): Promise<Uint8Array> => readFile(join('samples', name));

/** The trace as the page exports it. */
async function pictureOf(page: Page): Promise<string> {
  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Picture (SVG)' }).click(),
  ]);
  return readFile((await download.path())!, 'utf8');
}

describeWorkbench('opening in the workbench', workbench => {
  test('a dropped record, table and EDF open; missing and foreign files are named, with what to do', async () => {
    const { page, complaints, close } = await workbench.open();
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
    const { page, complaints, close } = await workbench.open('', { locale: 'ja-JP' });
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
    const { page, complaints, close } = await workbench.open();
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

  test('clock time is that of the header, and poor quality is a labelled span with a legend', async () => {
    const { page, close } = await workbench.open();
    const adc = Int32Array.from({ length: 60 * 250 }, (_, k) => {
      const place = (k % 200) - 100;
      return k > 20 * 250 && k < 35 * 250 ? 0 : Math.round(200 * Math.exp(-(place * place) / 30));
    });
    const sink = memorySink();
    await writeRecord(
      sink,
      {
        name: 'flat',
        samplingFrequency: 250,
        header: { baseTime: '23:59:50', baseDate: undefined },
        signals: [{ name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc }],
      },
      { format: 16 },
    );
    await drop(page, Object.fromEntries(sink.files));
    await measured(page);
    expect(await textOf(page, '.span-legend')).toContain('Quality');
    await page.getByLabel('Clock time').check();
    await page.locator('.trace').focus();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('PageDown');
    await page.waitForTimeout(400);
    expect(await textOf(page, '#time-span')).toBe('00:00:10.0 – 00:00:20.0');
    await page.locator('summary', { hasText: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Picture (SVG)' }).click(),
    ]);
    const svg = await readFile((await download.path())!, 'utf8');
    expect(svg).toMatch(/>flat[^<]*<\/text>/);
    await close();
  });

  test('text of a hostile file is displayed as text: no script runs, nothing is fetched', async () => {
    const { page, complaints, strangers, close } = await workbench.open();
    const nasty = '<img/src=x/onerror=window.broken=1>';
    const header = `x 1 250 2500\nx.dat 16 200 16 0 0 0 0 ${nasty}\n# <script>window.broken=1</script>\n`;
    const { annotationBytes } = await import('../../src/view/annotate/annotation-bytes.ts');
    const marks = [
      { sample: 100, symbol: '+', aux: `(${nasty}` },
      { sample: 600, symbol: '"', aux: nasty },
      { sample: 900, symbol: 'N', aux: nasty },
    ].map(mark => ({ subtype: 0, channel: 0, num: 0, ...mark }));
    await drop(page, {
      'x.hea': new TextEncoder().encode(header),
      'x.dat': new Uint8Array(5000),
      'x.atr': annotationBytes(marks),
    });
    await measured(page);
    expect(await textOf(page, '.record-facts')).toContain(nasty);
    await page.getByRole('button', { name: 'Marks', exact: true }).click();
    await page.getByRole('searchbox').fill('img');
    expect(await page.locator('.found li').count()).toBe(3);
    expect(await page.evaluate(() => 'broken' in globalThis)).toBe(false);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await close();
  });

  test('the page fetches only from its own server and from addresses that the user enters', async () => {
    const { page, close } = await workbench.open();
    const blocked = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.broken = 1';
      document.head.append(script);
      const plain = await fetch('http://192.0.2.1/x').then(
        () => 'fetched',
        () => 'refused',
      );
      return { plain, inline: 'broken' in globalThis };
    });
    expect(blocked).toEqual({ plain: 'refused', inline: false });
    await close();
  });

  test('a table by an address with characters that URLs encode, and again after a reload', async () => {
    const { page, complaints, close } = await workbench.open();
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
    const { page, close } = await workbench.open();
    await drop(page, { 'empty.csv': new Uint8Array() });
    await expect.poll(() => textOf(page, '.message')).toContain('These files are empty: empty.csv');
    await drop(page, { 'notes.txt': new TextEncoder().encode('bring cake\nand tea\n') });
    await expect.poll(() => textOf(page, '.message')).toContain('no table of numbers in notes.txt');
    await close();
  });

  test('of fifteen leads all are named, II is measured as by the commands, and all can be shown', async () => {
    const { page, complaints, close } = await workbench.open();
    const names = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'X', 'Y', 'Z'];
    const lines = names.map(name => `frank.dat 16 200 16 0 0 0 0 ${name}`);
    const adc = Int16Array.from({ length: 15 * 5000 }, (_, k) => {
      const fromR = ((Math.floor(k / 15) % 500) - 250) / 8;
      return Math.round((100 + 10 * (k % 15)) * Math.exp(-(fromR ** 2)));
    });
    await drop(page, {
      'frank.hea': new TextEncoder().encode(`frank 15 500 5000\n${lines.join('\n')}\n`),
      'frank.dat': new Uint8Array(adc.buffer),
    });
    await measured(page);
    expect(await textOf(page, '.record-facts')).toBe(`${names.join(' ')} · 500 Hz · 10 s`);
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('lead=1');
    await page.locator('.menu summary', { hasText: 'Leads' }).click();
    await page.getByRole('button', { name: 'All leads' }).click();
    const svg = await pictureOf(page);
    for (const name of names) expect(svg).toContain(`>${name}</text>`);
    expect(complaints).toEqual([]);
    await close();
  });

  test('of a lead without a valid sample the page says so, near and far', async () => {
    const { page, complaints, close } = await workbench.open();
    await drop(page, {
      'off.hea': new TextEncoder().encode('off 1 250 25000\noff.dat 16 200 16 0 0 0 0 II\n'),
      'off.dat': new Uint8Array(new Int16Array(25_000).fill(-32_768).buffer),
    });
    await measured(page);
    expect((await pictureOf(page)).match(/>no valid samples here</g)).toHaveLength(2);
    await page.keyboard.press('0');
    await page.waitForTimeout(300);
    expect(await pictureOf(page)).toContain('>no valid samples here<');
    expect(await pictureOf(page)).not.toContain('reading…');
    await page.keyboard.press('2');
    expect(await page.locator('#side').innerText()).toContain('No beats were found in this lead');
    expect(complaints).toEqual([]);
    await close();
  });

  test('from a record of a low rate the address leads to one with another scheme, without a complaint', async () => {
    const { page, complaints, close } = await workbench.open();
    const adc = Int16Array.from({ length: 128 * 20 }, (_, k) => {
      const fromR = ((k % 128) - 64) / 2;
      return Math.round(200 * Math.exp(-(fromR ** 2)));
    });
    await drop(page, {
      'low.hea': new TextEncoder().encode('low 1 128 2560\nlow.dat 16 200 16 0 0 0 0 V5\n'),
      'low.dat': new Uint8Array(adc.buffer),
    });
    await measured(page);
    // The usual scheme needs more samples than there are in its window at 128 Hz.
    expect(await page.getByLabel('dV/dt by').inputValue()).not.toBe('sg:16ms:4');
    await page.evaluate(() => {
      performance.clearMarks();
      location.hash = 'record=synth/s01&scheme=sg:12ms:2&view=beats';
    });
    const messages: string[] = [];
    for (let k = 0; k < 20; k++) {
      messages.push(await textOf(page, '.message'));
      await page.waitForTimeout(50);
    }
    await measured(page);
    expect(messages.filter(text => !/^(low|Opening s01…|s01)/.test(text))).toEqual([]);
    expect(await textOf(page, 'h1')).toBe('s01');
    expect(await page.getByLabel('dV/dt by').inputValue()).toBe('sg:12ms:2');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a folder with folders in it is dropped by the browser itself, and a record of it chosen', async () => {
    const { page, complaints, close } = await workbench.open();
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
