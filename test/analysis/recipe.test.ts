/** The ensemble of the recipe: one network over the inputs of its members, applied to beats as it was to rows. */
import { expect, test } from 'vitest';
import { classifyBeats } from '../../src/analysis/classify.ts';
import { readBeatDataset } from '../../src/analysis/dataset.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { modelInputs, trainBeatClassifier } from '../../src/analysis/recipe.ts';
import { decidedProbabilities } from '../../src/learn/evaluation.ts';
import { predictedClasses } from '../../src/learn/model/classifier.ts';
import { formatModel, parseModel } from '../../src/learn/model/model-json.ts';
import { recordNames } from '../../src/learn/record-name.ts';
import { fileSource } from '../../src/node/files.ts';
import { samplesFolder } from '../../src/node/samples-folder.ts';

const source = fileSource([samplesFolder]);

test('the ensemble gives the same classes of beats, from a file, as of rows', async () => {
  const inputs = modelInputs('ensemble');
  const training = await readBeatDataset(source, recordNames('s01,s02,s03', 'synth'), {
    lead: 'MLII',
    inputs,
  });
  const model = trainBeatClassifier('ensemble', training, 1);
  expect(model.features).toEqual(inputs);
  const read = parseModel(formatModel(model));
  expect(read).toEqual(model);

  const beats = await readLeadBeats(source, 'synth/s11', { lead: 'MLII', beats: { annotator: 'atr' } });
  const classified = classifyBeats(read, beats);
  const rows = await readBeatDataset(source, recordNames('s11', 'synth'), { lead: 'MLII', inputs });
  const called = [...predictedClasses(decidedProbabilities(model, rows))].map(k => model.classes[k]);
  // Beats at the ends have rows, but no class.
  const compared = classified.classes.flatMap((name, beat) => (name === undefined ? [] : [beat]));
  expect(compared.length).toBeGreaterThan(50);
  expect(rows.labels.length).toBe(classified.classes.length);
  for (const beat of compared) expect(classified.classes[beat]).toBe(called[beat]);
});
