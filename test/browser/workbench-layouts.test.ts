/** The standard layouts of twelve leads, of a real recording, as a person sees them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { databaseFolder, onRecordings } from '../real/recordings.ts';
import { describeWorkbench, measured, settled, shortest } from './workbench-page.ts';

const limb = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF'];
const chest = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const isLead = (text: string): boolean => /^−?(I{1,3}|aV[RLF]|V[1-6])$/.test(text);

/** Names of the leads by column, from top to bottom, where the picture has them. */
async function columnsOf(page: Page): Promise<string[][]> {
  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Picture (SVG)' }).click(),
  ]);
  const svg = await readFile((await download.path())!, 'utf8');
  const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<\/text>/g)]
    .map(([, x, y, text]) => ({ x: Number(x), y: Number(y), text: normal(text!) }))
    .filter(({ text }) => isLead(text));
  const columns = [...new Set(labels.map(({ x }) => Math.round(x)))].sort((a, b) => a - b);
  return columns.map(column =>
    labels
      .filter(({ x }) => Math.round(x) === column)
      .sort((a, b) => a.y - b.y)
      .map(({ text }) => text),
  );
}

/** The name of a lead in the usual letters: LUDB writes them in small ones. */
const normal = (text: string): string =>
  text
    .replace(/^-/, '−')
    .replace(/^(−?)(i{1,3})$/i, (_, sign: string, name: string) => sign + name.toUpperCase())
    .replace(/^(−?)av([rlf])$/i, (_, sign: string, name: string) => `${sign}aV${name.toUpperCase()}`)
    .replace(/^v([1-6])$/i, 'V$1');

onRecordings('ludb')('LUDB', () => {
  describeWorkbench('layouts of twelve leads', workbench => {
    test('6×2, 12×1, Cabrera and 3×4 show the leads in their order', async () => {
      const { page, complaints, close } = await workbench.open(shortest, {
        viewport: { width: 1400, height: 1200 },
      });
      const folder = join(databaseFolder('ludb')!, 'data');
      await page.getByRole('button', { name: 'Open…' }).click();
      await page.evaluate(() => performance.clearMarks());
      await page.locator('#files').setInputFiles([join(folder, '1.hea'), join(folder, '1.dat')]);
      await measured(page);
      const shown = async (layout: string): Promise<string[][]> => {
        await page.getByLabel('Layout').selectOption(layout);
        await settled(page);
        return columnsOf(page);
      };
      expect(await shown('6x2')).toEqual([limb, chest]);
      expect(await shown('12x1')).toEqual([[...limb, ...chest]]);
      expect(await shown('cabrera')).toEqual([['aVL', 'I', '−aVR', 'II', 'aVF', 'III'], chest]);
      // Lead II is the rhythm strip below.
      expect(await shown('3x4')).toEqual([
        [...limb.slice(0, 3), 'II'],
        limb.slice(3),
        chest.slice(0, 3),
        chest.slice(3),
      ]);
      expect(complaints).toEqual([]);
      await close();
    });
  });
});
