/** The inter-patient classifier on real recordings: trained on DS1, tested on DS2, and explained on a real beat. */
import { beforeAll, expect, test } from 'vitest';
import { classedBeats, readBeatDataset } from '../../src/analysis/dataset.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { beatRecipe } from '../../src/analysis/recipe.ts';
import {
  beatFeatureNames,
  beatFeatures,
  describeBeat,
  windowOf,
} from '../../src/beat/features/beat-features.ts';
import { reshape } from '../../src/diff/reshape.ts';
import { evaluateClassifier } from '../../src/learn/evaluation.ts';
import { explain } from '../../src/learn/explain.ts';
import { type Classifier, classProbabilities } from '../../src/learn/model/classifier.ts';
import { withoutTestPatients } from '../../src/learn/patients.ts';
import { recordSet } from '../../src/learn/protocol.ts';
import type { RecordName } from '../../src/learn/record-name.ts';
import { train } from '../../src/learn/train/train.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { onRecordings } from './recordings.ts';

onRecordings('mitdb')('the beat classifier', () => {
  let source: ReturnType<typeof fileSource>;
  let model: Classifier;
  const [ds1, ds2] = ['DS1', 'DS2'].map(name => recordSet(name, 'mitdb')) as [RecordName[], RecordName[]];
  beforeAll(async () => {
    source = fileSource(wfdbPath());
    const rows = await readBeatDataset(source, withoutTestPatients(ds1, ds2), { lead: 'MLII' });
    const recipe = beatRecipe('mlp', rows, 1);
    model = train(recipe.rows, recipe.options).model;
  }, 300_000);

  test('on patients it has not seen: V F1 ≥ 0.85, S Se ≥ 0.70 at +P ≥ 0.35, accuracy ≥ 0.92', async () => {
    const rows = await readBeatDataset(source, ds2, { lead: 'MLII' });
    const { accuracy, classes } = evaluateClassifier(model, rows);
    expect(rows.labels.length).toBe(49_712);
    expect(classes.V!.f1).toBeGreaterThanOrEqual(0.85);
    expect(classes.S!.sensitivity).toBeGreaterThanOrEqual(0.7);
    expect(classes.S!.positivePredictivity).toBeGreaterThanOrEqual(0.35);
    expect(accuracy).toBeGreaterThanOrEqual(0.92);
  }, 300_000);

  test.each([
    ['mitdb/200', 'V'],
    ['mitdb/100', 'N'],
    ['mitdb/232', 'S'],
  ])('∂p/∂V of a beat of %s equals finite differences of the whole pipeline', async (record, target) => {
    const beats = classedBeats(
      await readLeadBeats(source, record, { lead: 'MLII', beats: { annotator: 'atr' } }),
    );
    const { voltage, samplingFrequency, rPeaks } = beats;
    const features = beatFeatures(voltage, samplingFrequency, rPeaks);
    const index = model.classes.indexOf(target);
    // A beat whose probability can still move.
    const p = classProbabilities(model, features.x).data;
    const width = model.classes.length;
    let beat = 5;
    for (let k = 5; k < rPeaks.length - 5; k++) {
      if (Math.abs(p[k * width + index]! - 0.7) < Math.abs(p[beat * width + index]! - 0.7)) beat = k;
    }
    const window = windowOf(voltage, features, beat);
    const { voltageGradient } = explain(model, window, describeBeat(features, beat), target);
    const start = features.aligned[beat]! - features.window.rIndex;
    // From the record's own samples, moved one at a time, through cutting, slopes, features and classifier.
    const probability = (sample: number, by: number): number => {
      const moved = voltage.slice();
      moved[start + sample]! += by;
      const x = describeBeat(features, beat)(windowOf(moved, features, beat));
      return classProbabilities(model, reshape(x, [1, beatFeatureNames.length])).data[index]!;
    };
    const size = Math.max(...voltageGradient.map(Math.abs));
    expect(size).toBeGreaterThan(1e-3);
    for (let sample = 0; sample < window.data.length; sample += 7) {
      const difference = (probability(sample, 1e-6) - probability(sample, -1e-6)) / 2e-6;
      expect(Math.abs(voltageGradient[sample]! - difference)).toBeLessThan(1e-5 * Math.max(1, size));
    }
  });
});
