/** Fits the rhythm estimate, and evaluates its detection of atrial fibrillation and flutter. */
import { bootstrap, type Interval95 } from '../learn/bootstrap.ts';
import { auroc } from '../learn/calibration.ts';
import { type Classifier, classProbabilities } from '../learn/model/classifier.ts';
import { groupFolds } from '../learn/protocol.ts';
import { type Dataset, train } from '../learn/train/train.ts';
import { selectRows } from './select-rows.ts';

/** AF is rare in the training records and is weighted three times as much. */
const classWeights = [1, 3];

/** Fits a logistic regression in which every record has equal weight. */
export function fitRhythm(data: Dataset): Classifier {
  const sizes = new Map<string, number>();
  for (const group of data.groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const weights = Float64Array.from(data.groups, group => 1 / sizes.get(group)!);
  return train(
    { ...data, weights },
    {
      ...{ hidden: [], activation: 'tanh', optimizer: 'lbfgs', learningRate: 1, epochs: 100, batchSize: 1 },
      ...{ l2: 1e-3, classWeights, seed: 1 },
    },
  ).model;
}

/** The weights and bias of the model for the log-odds of AF, as plain numbers. */
export function logisticOf(model: Classifier) {
  const { weights, bias } = model.network.layers[0]!;
  return {
    mean: [...model.standardization.mean],
    scale: [...model.standardization.scale],
    weights: model.features.map((_, k) => weights.data[2 * k + 1]! - weights.data[2 * k]!),
    bias: bias.data[1]! - bias.data[0]!,
  };
}

const fibrillation = (model: Classifier, data: Dataset): Float64Array =>
  classProbabilities(model, data.x).data.filter((_, i) => i % 2 === 1);

/** Probability of AF for each row, by models not trained on its group: five-fold cross-validation over groups. */
export function crossValidated(data: Dataset): Float64Array {
  const scores = new Float64Array(data.labels.length);
  for (const fold of groupFolds(data.groups, 5)) {
    const held = new Set(fold);
    const part = (wanted: boolean): { rows: number[]; data: Dataset } => {
      const rows = data.groups.flatMap((group, k) => (held.has(group) === wanted ? [k] : []));
      return { rows, data: selectRows(data, rows) };
    };
    const test = part(true);
    const scored = fibrillation(fitRhythm(part(false).data), test.data);
    test.rows.forEach((row, k) => {
      scores[row] = scored[k]!;
    });
  }
  return scores;
}

/** AUROC over records by their mean probability, with a bootstrap interval over records. */
export function recordAuroc(data: Dataset, scores: Float64Array, seed: number): Interval95 {
  const records = [...new Set(data.groups)].map(group => {
    const rows = data.groups.flatMap((name, k) => (name === group ? [k] : []));
    const mean = rows.reduce((sum, row) => sum + scores[row]!, 0) / rows.length;
    return { mean, isFibrillation: data.labels[rows[0]!] === 1 };
  });
  return bootstrap(
    records.length,
    times => {
      const drawn = records.flatMap((record, k) => new Array<typeof record>(times[k]!).fill(record));
      return auroc(
        drawn.map(({ mean }) => mean),
        row => drawn[row]!.isFibrillation,
      );
    },
    { seed, resamples: 500 },
  );
}

/** AUROC over beats, and for each record with AF the share of beats classified as AF at 0.5. */
export function beatAuroc(data: Dataset, scores: Float64Array) {
  const records = [...new Set(data.groups)].map(record => {
    const rows = data.groups.flatMap((name, k) => (name === record ? [k] : []));
    const share = (label: number): number | undefined => {
      const of = rows.filter(row => data.labels[row] === label);
      return of.length === 0 ? undefined : of.filter(row => scores[row]! >= 0.5).length / of.length;
    };
    const fibrillating = rows.filter(row => data.labels[row] === 1).length;
    return { record, beats: rows.length, fibrillating, sensitivity: share(1), falsePositiveRate: share(0) };
  });
  return { auroc: auroc(scores, row => data.labels[row] === 1), records };
}

/** Probability of AF for each row by a logistic regression. */
export function rhythmScores(
  data: Dataset,
  model: { readonly [K in 'mean' | 'scale' | 'weights']: readonly number[] } & { readonly bias: number },
): Float64Array {
  const width = data.features.length;
  return Float64Array.from(data.labels, (_, row) => {
    let score = model.bias;
    for (let k = 0; k < width; k++) {
      score += (model.weights[k]! * (data.x.data[row * width + k]! - model.mean[k]!)) / model.scale[k]!;
    }
    return 1 / (1 + Math.exp(-score));
  });
}
