/**
 * Local learning from labelled beats of the test record, which ANSI/AAMI EC57 permits for its first five minutes (de
 * Chazal & Reilly 2006, IEEE Trans Biomed Eng 53:2535). The labelled beats vote on those that resemble them, by kernel
 * weights, beside the classifier; nothing is trained anew. Only beats after the first five minutes are tested.
 */
import { decidedProbabilities } from '../learn/evaluation.ts';
import { type Counts, pooledMetrics, type SeedCounts } from '../learn/metric-intervals.ts';
import { confusionMatrix } from '../learn/metrics.ts';
import { type Classifier, predictedClasses } from '../learn/model/classifier.ts';
import type { Protocol } from '../learn/protocol.ts';
import { type Likeness, withLabelledBeats } from '../learn/similar-beats.ts';
import type { Dataset } from '../learn/train/train.ts';
import { similarBeats } from './recipe.ts';
import { selectRows } from './select-rows.ts';

/** Duration of the labelled part of a record, s. */
const labelledSeconds = 300;

/** Labelled beats used per record: the first n, or all of the first five minutes. */
export type Labelled = number | 'five minutes';

/** Scales of P wave and RR features: of their standard deviations over DS1, √2 times and a third (1/√8). */
const scales: Readonly<Record<string, number>> = {
  ...{ pWaveCorrelation: 0.48, pWaveRise: 0.31, pWaveFall: 0.38, pWaveHeight: 0.05 },
  ...{ rrBeforeToRecordMean: 0.064, rrBeforeToRecordLong: 0.079 },
  ...{ rrBeforeToLocalMean: 0.055, rrAfterToBefore: 0.087 },
};

/** How labelled beats vote, chosen by cross-validation over DS1: the QRS complex, the P wave and, most of all, RR. */
const likeness: Likeness & { readonly prior: number } = {
  features: [...similarBeats.features, ...Object.entries(scales).map(([name, scale]) => ({ name, scale }))],
  width: 0.45,
  prior: 1,
};

/** Performance on the part after the first five minutes of each test record, for one number of labelled beats. */
export function evaluateLocally(
  models: readonly Classifier[],
  tests: readonly { readonly record: string; readonly data: Dataset }[],
  labelled: Labelled,
  context: Protocol['context'] = 'record',
): { readonly labelled: Labelled; readonly figures: ReturnType<typeof pooledMetrics> } {
  const counts = models.map(model =>
    tests.map(({ data }): Counts => {
      const all = Array.from(data.labels.keys());
      const isEarly = (row: number): boolean => data.times![row]! < labelledSeconds;
      const known = all.filter(isEarly).slice(0, labelled === 'five minutes' ? undefined : labelled);
      const late = all.filter(row => !isEarly(row));
      const called = predictedClasses(
        withLabelledBeats(
          decidedProbabilities(model, data, context),
          data,
          selectRows(data, known),
          likeness,
        ),
      );
      return confusionMatrix(
        data.classes,
        late.map(row => data.labels[row]!),
        late.map(row => called[row]!),
      ).counts;
    }),
  );
  const data: SeedCounts = {
    classes: models[0]!.classes,
    records: tests.map(({ record }) => record),
    counts,
  };
  return { labelled, figures: pooledMetrics(data, 1) };
}
