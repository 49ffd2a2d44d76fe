import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'learning-rate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runWords(['learning-rate', ...words]);

describe('scripts/learning-rate.ts', () => {
  const out = join(folder, 'rates.html');
  const few = ['--records', 's01,s02', '--rates', '1e-6:1000:4', '--optimizers', 'sgd,adam', '--epochs', '4'];

  test('a small rate stalls, a large one diverges, adaptive optimisers have a wider good range; curvature and page are written', async () => {
    const { status, stdout, stderr } = await run(...few, '--out', out, '--json');
    expect(stderr.replace(/^npm warn.*\n/gm, '')).toBe('');
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.records).toEqual(['synth/s01', 'synth/s02']);
    expect(result.curvature.end.largestStableRate).toBeCloseTo(2 / result.curvature.end.eigenvalue, 12);
    expect(result.curvature.end.converged).toBe(true);
    expect(result.best.learningRate).toBeGreaterThan(1e-6);
    const kind = (optimizer: string, rate: number): string =>
      result.runs.find(
        (r: { optimizer: string; learningRate: number }) =>
          r.optimizer === optimizer && r.learningRate === rate,
      ).verdict;
    expect(kind('sgd', 1e-6)).toBe('stalled');
    expect(kind('sgd', 1000)).toBe('diverged');
    expect(result.rangeTest.sgd).toBeGreaterThan(1e-6);
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>/);
  });
  test('on a table in its own units plain descent has a narrow good range, and standardising widens it', async () => {
    const sweep = async (units: string): Promise<(optimizer: string) => number> => {
      const words = ['--scaling', units, '--optimizers', 'sgd,adam', '--out', out, '--overwrite', '--json'];
      const { stdout, status } = await run(...words);
      expect(status).toBe(0);
      const result = JSON.parse(stdout) as {
        runs: { optimizer: string; endLoss: number; losses: number[]; verdict: string }[];
      };
      for (const { losses, verdict, endLoss } of result.runs) {
        expect(losses.at(-1)).toBe(endLoss);
        if (verdict !== 'diverged' && verdict !== 'stopped') expect(losses).toHaveLength(61);
      }
      // How many of the rates end with a loss that is of use: below that of one and the same risk for all.
      return optimizer =>
        result.runs.filter(each => each.optimizer === optimizer && each.endLoss < 0.62).length;
    };
    const [raw, scaled] = [await sweep('raw'), await sweep('standardized')];
    expect(raw('sgd')).toBeLessThanOrEqual(1);
    expect(raw('adam')).toBeGreaterThan(raw('sgd'));
    expect(scaled('sgd')).toBeGreaterThanOrEqual(5);
  });
  test('bad arguments end with exit code 2', async () => {
    expect((await run('--rates', '1:2')).status).toBe(2);
    expect((await run('--optimizers', 'best')).stderr).toMatch(/--optimizers is one of sgd/);
    expect((await run('extra')).status).toBe(2);
    expect((await run('--rows=-5')).stderr).toMatch(/--rows takes a whole number of at least 1/);
    expect((await run('--epochs', '0.5')).status).toBe(2);
    expect((await run('--seed', '1.5')).status).toBe(2);
    expect((await run('--rates', '1:1:3')).stderr).toMatch(/--rates is A:B:N/);
  });
});
