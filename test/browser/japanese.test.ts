/** In Japanese, nothing that a person sees or hears of the workbench and the report is left in English. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { recordReport } from '../../src/analysis/report/record-report.ts';
import { renderPage } from '../../src/analysis/report/report-page.ts';
import { fileSource } from '../../src/node/files.ts';
import { builtReportBundle } from '../build-once.ts';
import { englishRemains } from './english-remains.ts';
import { describeWorkbench, settled, textOf } from './workbench-page.ts';

describeWorkbench('Japanese', workbench => {
  test('no view, dialog or result of the workbench has English left', async () => {
    const { page, complaints, close } = await workbench.open('record=synth/s01', { locale: 'ja-JP' });
    for (const view of ['1', '2', '3', '4', '5']) {
      await page.keyboard.press(view);
      await page.keyboard.press('.');
      if (view === '4') await page.locator('#shading-meaning').waitFor();
      await settled(page);
      expect(await englishRemains(page), `view ${view}`).toEqual([]);
    }
    await page.getByRole('button', { name: '学習開始' }).click();
    await expect.poll(() => page.locator('#side').innerText()).toContain('収束');
    expect(await englishRemains(page), 'a trained model').toEqual([]);
    for (const [name, open] of [
      ['keys', () => page.keyboard.press('?')],
      ['open', () => page.getByRole('button', { name: '開く…' }).click()],
      ['screen', () => page.getByRole('button', { name: '画面の校正' }).click()],
      ['export', () => page.locator('summary', { hasText: '書き出し' }).click()],
    ] as const) {
      await open();
      expect(await englishRemains(page), name).toEqual([]);
      await page.keyboard.press('Escape');
    }
    expect(complaints).toEqual([]);
    await close();
  });

  test('a report is in the language of the browser, verdict and all, or in the one that is chosen', async () => {
    const beats = await readLeadBeats(fileSource(['samples']), 'synth/s01', {
      lead: 'MLII',
      beats: 'detector',
    });
    const losses = [1, 0.5, 0.4];
    const report = recordReport(beats, {
      training: {
        subject: { en: 'Some beats', ja: '心拍の例' },
        ...{ losses, validationLosses: [0.6, 0.5], optimizer: 'adam', learningRate: 0.1 },
        verdict: { kind: 'converged', text: 'Converged: the loss fell.' },
      },
      confusion: {
        ...{ subject: { en: 'Others', ja: '別の例' }, classes: ['N', 'V'] },
        counts: [
          [8, 1],
          [0, 5],
        ],
      },
      spans: [{ startSeconds: 3, endSeconds: 5, kind: 'quality', label: 'noisy' }],
    });
    const folder = await mkdtemp(join(tmpdir(), 'japanese-'));
    const file = join(folder, 'report.html');
    await writeFile(file, renderPage(report, await builtReportBundle()));
    const page = await workbench.browser.newPage({ locale: 'ja-JP' });
    await page.goto(pathToFileURL(file).href);
    await settled(page);
    await page.locator('.beat-table .go').first().click();
    expect(await englishRemains(page)).toEqual([]);
    expect(await textOf(page, '.verdict')).toBe('収束: 損失が 1 から 0.4 に下がり、収束しました。');
    expect(await textOf(page, 'header')).toContain('dV/dt: sg:16ms:4(360 Hz、フィルターなし)');
    await page.locator('#language').selectOption('en');
    await expect.poll(() => textOf(page, '.verdict')).toBe('Converged: the loss fell.');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.close();
    await rm(folder, { recursive: true });
  });
});
