/** Learning in the workbench: optimisers compared, the next beat to label, training. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { classifyBeats } from '../../src/analysis/classify.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { parseModel } from '../../src/learn/model/model-json.ts';
import { fileSource } from '../../src/node/files.ts';
import { describeWorkbench, measured, settled, spanOf, textOf } from './workbench-page.ts';

describeWorkbench('learning in the workbench', workbench => {
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
    // Before that, the least certain of the beats measured so far.
    await measured(page);
    await page.getByRole('button', { name: 'Go to this beat' }).click();
    await settled(page);
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
