/** The search on synthetic patients: every candidate gets figures, and the mean of alike members is that member. */
import { expect, test } from 'vitest';
import { readBeatDataset } from '../../src/analysis/dataset.ts';
import { modelKinds } from '../../src/analysis/recipe.ts';
import { decisionsTried, searchClassifier } from '../../src/analysis/search-classifier.ts';
import { beatInputNames } from '../../src/beat/beat-inputs.ts';
import { recordNames } from '../../src/learn/record-name.ts';
import { fileSource } from '../../src/node/files.ts';
import { samplesFolder } from '../../src/node/samples-folder.ts';

test('every model with every decision', async () => {
  const rows = await readBeatDataset(fileSource([samplesFolder]), recordNames('s01,s02,s03,s04', 'synth'), {
    ...{ lead: 'MLII', inputs: beatInputNames },
  });
  const results = searchClassifier(rows, 2, modelKinds, () => {});
  const models = [...new Set(results.map(({ candidate }) => candidate.model))];
  expect(models).toContain('mlp × 3 + stencil');
  expect(results).toHaveLength(models.length * decisionsTried().length);
  for (const { accuracy } of results) expect(accuracy! > 0 && accuracy! <= 1).toBe(true);
  const best = (model: string): number =>
    Math.max(
      ...results.filter(({ candidate }) => candidate.model === model).map(({ accuracy }) => accuracy!),
    );
  // Made-up patients are easy.
  expect(best('mlp × 3')).toBeGreaterThan(0.9);
  const onlySoftmax = searchClassifier(rows, 2, ['softmax'], () => {});
  expect(onlySoftmax).toEqual(results.filter(({ candidate }) => candidate.model === 'softmax'));
});
