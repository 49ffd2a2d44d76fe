/** Evaluation of a classifier on labelled rows of unseen patients: overall, by class and by record. */

import { full, type Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { type Decision, decide, recordContexts } from './decision.ts';
import { accuracy, type ClassMetrics, classMetrics, cohensKappa, confusionMatrix } from './metrics.ts';
import { type Classifier, classProbabilities, predictedClasses } from './model/classifier.ts';
import { isSamePatient } from './patients.ts';
import { blockSeconds, type Protocol } from './protocol.ts';
import { recordName } from './record-name.ts';
import type { Dataset } from './train/train.ts';

/** Metrics of a set of rows; undefined where a ratio has a zero denominator. */
export interface Evaluation {
  readonly rows: number;
  readonly accuracy: number | undefined;
  readonly kappa: number | undefined;
  readonly classes: Readonly<Record<string, ClassMetrics>>;
  /** `confusion[truth][predicted]`, in the order of the model's classes. */
  readonly confusion: readonly (readonly number[])[];
}

export interface RecordEvaluation extends Evaluation {
  readonly record: string;
}

/** Throws `RangeError`, naming the records, when the model was trained on patients of these records (groups). */
export function requireNewPatients(model: Classifier, records: readonly string[]): void {
  const test = records.map(record => recordName(record));
  const seen = model.training.trainedOn.filter(record =>
    test.some(other => isSamePatient(recordName(record), other)),
  );
  if (seen.length > 0) {
    throw new InputError(`the model was trained on patients of the test set: record ${seen.join(', ')}`);
  }
}

/**
 * Evaluates a classifier over all rows and over those of each group (record). Throws `RangeError` when the features or
 * classes are not those of the model, or when the model was trained on a patient of these rows.
 *
 * @example evaluateClassifier(model, data).accuracy.toFixed(3) // => '0.998'
 */
export function evaluateClassifier(
  model: Classifier,
  data: Dataset,
): Evaluation & { readonly records: readonly RecordEvaluation[] } {
  const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(', ');
  if (names(model.features) !== names(data.features)) {
    throw new InputError(`the model takes ${names(model.features)}; the rows have ${names(data.features)}`);
  }
  if (model.classes.join() !== data.classes.join()) {
    throw new InputError(
      `the model's classes are ${model.classes.join(', ')}, not ${data.classes.join(', ')}`,
    );
  }
  if (model.definition?.fingerprint !== data.definition?.fingerprint) {
    throw new InputError('the model and the rows have features of different definitions');
  }
  const records = [...new Set(data.groups)];
  requireNewPatients(model, records);
  const predicted = predictedClasses(decidedProbabilities(model, data));
  const of = (keep: (row: number) => boolean): Evaluation => {
    const rows = Array.from(data.labels.keys()).filter(keep);
    const confusion = confusionMatrix(
      model.classes,
      rows.map(row => data.labels[row]!),
      rows.map(row => predicted[row]!),
    );
    return {
      rows: rows.length,
      accuracy: accuracy(confusion),
      kappa: cohensKappa(confusion),
      classes: Object.fromEntries(model.classes.map((name, k) => [name, classMetrics(confusion, k)])),
      confusion: confusion.counts,
    };
  };
  return {
    ...of(() => true),
    records: records.map(record => ({ record, ...of(row => data.groups[row] === record) })),
  };
}

/**
 * The class probabilities `[rows, classes]` that a classifier predicts by: those of the network, adjusted by rhythm and
 * record where the model has a decision. The rows of a group must then be all beats of a record, in order. In the context
 * `past` a row is adjusted by the record up to the end of its block of 30 s, for which `times` are needed.
 */
export function decidedProbabilities(
  model: Classifier,
  data: Pick<Dataset, 'x' | 'groups' | 'fibrillation' | 'times'>,
  context: Protocol['context'] = 'record',
): Tensor {
  const probabilities = probabilitiesInBatches(model, data.x);
  const { decision, classes } = model;
  return decision === undefined
    ? probabilities
    : adjustedProbabilities(probabilities, decision, { ...data, classes, features: model.features }, context);
}

/** The probabilities `[rows, classes]` of a network, adjusted as by `decidedProbabilities`. */
export function adjustedProbabilities(
  probabilities: Tensor,
  decision: Decision,
  data: Pick<Dataset, 'x' | 'features' | 'classes' | 'groups' | 'fibrillation' | 'times'>,
  context: Protocol['context'] = 'record',
): Tensor {
  const { classes, features } = data;
  const inputs = features.length;
  const width = classes.length;
  const rowsOf = new Map<string, number[]>();
  data.groups.forEach((group, row) => {
    const rows = rowsOf.get(group) ?? [];
    rowsOf.set(group, rows);
    rows.push(row);
  });
  const decided = new Float64Array(probabilities.data.length);
  for (const rows of rowsOf.values()) {
    const blocks = context === 'record' ? [rows.length] : blockEnds(rows, data.times);
    let first = 0;
    for (const end of blocks) {
      const known = rows.slice(0, end);
      const own = full([end, width], 0);
      known.forEach((row, k) => {
        own.data.set(probabilities.data.subarray(row * width, (row + 1) * width), k * width);
      });
      const x = full([end, inputs], 0);
      known.forEach((row, k) => {
        x.data.set(data.x.data.subarray(row * inputs, (row + 1) * inputs), k * inputs);
      });
      const fibrillation = known.map(row => data.fibrillation?.[row] ?? Number.NaN);
      const contexts = recordContexts(own, classes, decision, fibrillation, { x, features });
      const { data: values } = decide(own, classes, decision, contexts);
      for (let k = first; k < end; k++) {
        decided.set(values.subarray(k * width, (k + 1) * width), known[k]! * width);
      }
      first = end;
    }
  }
  return { shape: probabilities.shape, data: decided };
}

/** Numbers of a record's rows that are known at the end of each block of 30 s. */
function blockEnds(rows: readonly number[], times: Float64Array | undefined): number[] {
  if (times === undefined) throw new InputError('decidedProbabilities: the context past needs times');
  const blockOf = (row: number): number => Math.floor(times[row]! / blockSeconds);
  return rows.flatMap((row, k) =>
    k === rows.length - 1 || blockOf(rows[k + 1]!) !== blockOf(row) ? [k + 1] : [],
  );
}

/** Rows per batch, which bounds the memory in use. */
const batch = 4096;

function probabilitiesInBatches(model: Classifier, x: Tensor): Tensor {
  const [rows, width] = x.shape as [number, number];
  const classes = model.classes.length;
  const data = new Float64Array(rows * classes);
  for (let first = 0; first < rows; first += batch) {
    const end = Math.min(first + batch, rows);
    const part = { shape: [end - first, width], data: x.data.subarray(first * width, end * width) };
    data.set(classProbabilities(model, part).data, first * classes);
  }
  return { shape: [rows, classes], data };
}
