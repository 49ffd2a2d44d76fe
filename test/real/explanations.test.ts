/** The explanations of real beats hold in the deletion test, against finite differences and against random weights. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  type ExplanationEvaluation,
  evaluateExplanations,
} from '../../src/analysis/explanations/evaluate-explanations.ts';
import { parseModel } from '../../src/learn/model/model-json.ts';
import { recordSet } from '../../src/learn/protocol.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { onRecordings } from './recordings.ts';

onRecordings('mitdb')('explanations of eight beats of two records', () => {
  const model = parseModel(
    readFileSync(resolve(import.meta.dirname, '../../samples/model-ds1-without-208.json'), 'utf8'),
  );
  let result: ExplanationEvaluation;
  beforeAll(async () => {
    result = await evaluateExplanations(fileSource(wfdbPath()), recordSet('208,223', 'mitdb'), model, {
      lead: 'MLII',
      beats: 8,
      seed: 1,
    });
  }, 120_000);
  const areaOf = (name: string): number =>
    result.deletion.rankings.find(({ ranking }) => ranking === name)!.area.value!;

  test('the displayed attribution ranks the decisive samples before the voltage difference does, and that before random order', () => {
    expect(result.deletion.beats).toBe(8);
    expect(areaOf('integrated gradients, smoothed')).toBeLessThan(areaOf('voltage difference'));
    expect(areaOf('voltage difference')).toBeLessThan(areaOf('random order'));
  });
  test('every deletion curve starts at 1 and ends at 0', () => {
    for (const { curve, ranking } of result.deletion.rankings) {
      expect(curve[0], ranking).toBe(1);
      expect(curve.at(-1), ranking).toBeCloseTo(0, 12);
    }
  });
  test('the gradient is that of the whole computation from voltage to log-odds', () => {
    expect(result.differences.beats).toBe(8);
    expect(result.differences.kinked.length).toBeLessThan(8);
    expect(result.differences.worst).toBeLessThan(1e-6);
  });
  test('contributions sum to the difference, and depend on what the model has learned', () => {
    expect(result.completeness.withinOnePercent).toBe(1);
    expect(Math.abs(result.randomised.contributions)).toBeLessThan(0.5);
    expect(Math.abs(result.randomised.gradient)).toBeLessThan(0.5);
  });
});
