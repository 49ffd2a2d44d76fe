/**
 * Patient adaptation: further training on labelled beats of the test record, which ANSI/AAMI EC57 permits for its first
 * five minutes (de Chazal & Reilly 2006, IEEE Trans Biomed Eng 53:2535). The trained network is fine-tuned on these
 * beats and, to prevent forgetting, on a sample of the training rows. Only beats after the first five minutes are
 * tested.
 */
import { decidedProbabilities } from '../learn/evaluation.ts';
import { type Counts, pooledMetrics, type SeedCounts } from '../learn/metric-intervals.ts';
import { confusionMatrix } from '../learn/metrics.ts';
import { type Classifier, predictedClasses } from '../learn/model/classifier.ts';
import type { Protocol } from '../learn/protocol.ts';
import { inverseFrequencyWeights } from '../learn/train/dataset.ts';
import { type Dataset, train } from '../learn/train/train.ts';
import { createRandom } from '../random.ts';
import { selectRows } from './select-rows.ts';

/** Duration of the labelled part of a record, s. */
export const labelledSeconds = 300;

/** Labelled beats used per record: the first n, or all of the first five minutes. */
export type Labelled = number | 'five minutes';

const remembered = 6000;
/** Total weight of the labelled beats of the record, relative to that of the sampled training rows. */
const localWeight = 1;
const epochs = 12;

/** The classifier after adaptation to labelled beats of one record. */
export function adaptTo(model: Classifier, training: Dataset, local: Dataset, seed: number): Classifier {
  if (local.labels.length === 0) return model;
  const random = createRandom(seed);
  const some = Array.from({ length: Math.min(remembered, training.labels.length) }, () =>
    Math.floor(random.uniform() * training.labels.length),
  );
  const kept = selectRows(training, some);
  const width = training.features.length;
  const count = kept.labels.length + local.labels.length;
  const x = new Float64Array(count * width);
  x.set(kept.x.data);
  x.set(local.x.data, kept.x.data.length);
  const labels = Int32Array.from([...kept.labels, ...local.labels]);
  const each = (localWeight * kept.labels.length) / local.labels.length;
  const { network } = train(
    {
      ...{ classes: training.classes, features: training.features, labels },
      x: { shape: [count, width], data: x },
      groups: [...kept.groups, ...local.groups],
      weights: Float64Array.from(labels, (_, row) => (row < kept.labels.length ? 1 : each)),
    },
    {
      ...{ hidden: [], activation: model.network.activation, network: model.network },
      ...{ optimizer: 'adam', learningRate: 0.003, cosineDecay: true, epochs, batchSize: 256 },
      ...{ l2: 1e-4, inputNoise: 0.1, seed },
      classWeights: inverseFrequencyWeights(labels, training.classes.length, 0.25),
      standardization: model.standardization,
    },
  ).model;
  return { ...model, network };
}

/** Performance on the part after the first five minutes of each test record, for one number of labelled beats. */
export function evaluateLocally(
  models: readonly Classifier[],
  training: Dataset,
  tests: readonly { readonly record: string; readonly data: Dataset }[],
  labelled: Labelled,
  context: Protocol['context'] = 'record',
): { readonly labelled: Labelled; readonly figures: ReturnType<typeof pooledMetrics> } {
  const counts = models.map((model, m) =>
    tests.map(({ data }): Counts => {
      const inTime = (row: number): boolean => data.times![row]! < labelledSeconds;
      const all = Array.from(data.labels.keys());
      const first = all.filter(inTime).slice(0, labelled === 'five minutes' ? undefined : labelled);
      const adapted = adaptTo(model, training, selectRows(data, first), m + 1);
      const held = selectRows(
        data,
        all.filter(row => !inTime(row)),
      );
      const called = predictedClasses(decidedProbabilities(adapted, held, context));
      return confusionMatrix(data.classes, held.labels, called).counts;
    }),
  );
  const data: SeedCounts = {
    classes: training.classes,
    records: tests.map(({ record }) => record),
    counts,
  };
  return { labelled, figures: pooledMetrics(data, 1) };
}
