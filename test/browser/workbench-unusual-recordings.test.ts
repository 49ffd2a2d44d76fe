/** Recordings of unusual content in the workbench: hostile text, many leads, no valid sample, a low rate, poor quality. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { memorySink } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { describeWorkbench, drop, measured, shortest, textOf } from './workbench-page.ts';

/** The trace as the page exports it. */
async function pictureOf(page: Page): Promise<string> {
  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Picture (SVG)' }).click(),
  ]);
  return readFile((await download.path())!, 'utf8');
}

describeWorkbench('unusual recordings in the workbench', workbench => {
  test('clock time is that of the header, and poor quality is a labelled span with a legend', async () => {
    const { page, close } = await workbench.open(shortest);
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
    const { page, complaints, strangers, close } = await workbench.open(shortest);
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
    const { page, close } = await workbench.open(shortest);
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
    const { page, complaints, close } = await workbench.open(shortest);
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
    const { page, complaints, close } = await workbench.open(shortest);
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
});
