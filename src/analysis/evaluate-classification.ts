/**
 * Evaluation of a beat classifier by a protocol: trained with several seeds on the training records and applied to the
 * test records, with bootstrap intervals over records and results per record.
 */

import type { InputName } from '../beat/beat-inputs.ts';
import { featureDefinition } from '../beat/features/feature-definition.ts';
import { InputError } from '../input-error.ts';
import type { Interval95 } from '../learn/bootstrap.ts';
import { atOrAboveProbability, type Calibration, calibration } from '../learn/calibration.ts';
import { decidedProbabilities } from '../learn/evaluation.ts';
import {
  type Counts,
  macroMetrics,
  pooled,
  pooledMetrics,
  type SeedCounts,
  withoutRecords,
} from '../learn/metric-intervals.ts';
import { accuracy, classMetrics, cohensKappa } from '../learn/metrics.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { predictedClasses } from '../learn/model/classifier.ts';
import { aamiClasses, type Protocol } from '../learn/protocol.ts';
import { recordName, recordText } from '../learn/record-name.ts';
import type { Dataset } from '../learn/train/train.ts';
import type { Source } from '../wfdb/source.ts';
import { readBeatDataset } from './dataset.ts';
import { readDetectedRows } from './detected-rows.ts';
import type { ClassifierKind } from './recipe.ts';

/** The rows of one test record, and the number of reference beats without a row. */
export interface TestRecord {
  readonly record: string;
  readonly data: Dataset;
  readonly missed: readonly number[];
}

/** Predictions of one model for one record, `[beats, classes]`. */
interface Answer {
  readonly counts: Counts;
  readonly probabilities: ReturnType<typeof decidedProbabilities>;
}

export interface ClassificationReport {
  readonly protocol: Protocol;
  readonly beats: 'annotations' | 'detected';
  readonly model: ClassifierKind;
  readonly featureVersion: number;
  readonly trainingRows: number;
  /** Classes of the confusion matrix; with detected beats also `O`, no beat. */
  readonly classes: readonly string[];
  readonly seeds: readonly {
    readonly seed: number;
    readonly accuracy: number | undefined;
    readonly kappa: number | undefined;
    readonly f1: Readonly<Record<string, number | undefined>>;
  }[];
  /** Medians over seeds, pooled over records, with 95 % intervals over resampled records. */
  readonly intervals: Readonly<Record<string, Interval95>>;
  /**
   * The same metrics without record 232, which contains three quarters of the S beats, and without record 202, whose
   * patient is also in DS1.
   */
  readonly without: Readonly<Record<string, Readonly<Record<string, Interval95>>>>;
  readonly macro: Readonly<Record<string, Interval95 & { readonly records: number }>>;
  /** Confusion matrix, for the first seed. */
  readonly confusion: Counts;
  readonly calibration: Calibration & {
    /** Reliability of the beats with p(S) ≥ 0.9. */
    readonly trustedS: ReturnType<typeof atOrAboveProbability>;
  };
  /** For the first seed. */
  readonly records: readonly {
    readonly record: string;
    readonly beats: number;
    readonly accuracy: number | undefined;
    readonly shareOfErrors: number;
    readonly ece: number | undefined;
    readonly brier: number | undefined;
    readonly confusion: Counts;
  }[];
}

/** Reads the test records of a protocol, with annotated or detected beats. */
export async function readTestRecords(
  source: Source,
  protocol: Protocol,
  {
    beats,
    inputs,
    onRecord,
  }: {
    readonly beats: 'annotations' | 'detected';
    readonly inputs: readonly InputName[];
    readonly onRecord: (done: number, record: string) => void;
  },
): Promise<TestRecord[]> {
  const records: TestRecord[] = [];
  for (const [done, text] of protocol.test.entries()) {
    const record = recordName(text, protocol.database);
    onRecord(done, recordText(record));
    const { classMap, context } = protocol;
    const options = { ...{ lead: protocol.leads[0]!, inputs, classMap, context } };
    const { data, missed } =
      beats === 'detected'
        ? await readDetectedRows(source, record, options)
        : {
            data: await readBeatDataset(source, [record], options),
            missed: aamiClasses.map(() => 0),
          };
    records.push({ record: recordText(record), data, missed });
  }
  return records;
}

/** Predictions of a model for a record, with counts. */
function answerOf(model: Classifier, { data, missed }: TestRecord, context: Protocol['context']): Answer {
  const probabilities = decidedProbabilities(model, data, context);
  const called = predictedClasses(probabilities);
  const size = missed.length + 1;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  data.labels.forEach((label, row) => {
    counts[label]![called[row]!]!++;
  });
  missed.forEach((count, k) => {
    counts[k]![size - 1] = count;
  });
  return { counts, probabilities };
}

/** Evaluates models trained on the training records of `protocol` with different seeds. */
export function evaluateByProtocol(
  protocol: Protocol,
  models: readonly Classifier[],
  tests: readonly TestRecord[],
  options: { readonly model: ClassifierKind; readonly beats: 'annotations' | 'detected' },
): ClassificationReport {
  const { model, beats } = options;
  if (models.length === 0) throw new InputError('evaluateByProtocol: no models');
  const answers = models.map(classifier => tests.map(test => answerOf(classifier, test, protocol.context)));
  const size = aamiClasses.length + (beats === 'detected' ? 1 : 0);
  const classes = [...aamiClasses, 'O'].slice(0, size);
  const trimmed = (counts: Counts): Counts => counts.slice(0, size).map(row => row.slice(0, size));
  const data: SeedCounts = {
    classes,
    records: tests.map(({ record }) => record),
    counts: answers.map(records => records.map(({ counts }) => trimmed(counts))),
  };
  const first = data.counts[0]!;
  const whole = pooled(classes, first);
  const errorsOf = (counts: Counts): number =>
    counts.reduce((sum, row, k) => sum + row.reduce((a, b) => a + b, 0) - row[k]!, 0);
  const left = ['232', '202'].map(record => `${protocol.database}/${record}`);
  return {
    ...{ protocol, beats, model, classes, trainingRows: models[0]!.training.rows },
    featureVersion: featureDefinition().version,
    seeds: data.counts.map((records, k) => {
      const confusion = pooled(classes, records);
      return {
        seed: models[k]!.training.seed,
        accuracy: accuracy(confusion),
        kappa: cohensKappa(confusion),
        f1: Object.fromEntries(classes.map((name, c) => [name, classMetrics(confusion, c).f1])),
      };
    }),
    intervals: pooledMetrics(data, 1),
    without: Object.fromEntries(
      left
        .filter(record => data.records.includes(record) && data.records.length > 1)
        .map(record => [record, pooledMetrics(withoutRecords(data, [record]), 1)]),
    ),
    macro: macroMetrics(data, 1),
    confusion: whole.counts,
    calibration: overallCalibration(tests, answers[0]!),
    records: tests.map(({ record, data: rows }, r) => {
      const { ece, brier } = calibration(answers[0]![r]!.probabilities, rows.labels);
      return {
        record,
        beats: rows.labels.length,
        accuracy: accuracy({ classes, counts: first[r]! }),
        shareOfErrors: errorsOf(first[r]!) / Math.max(1, errorsOf(whole.counts)),
        ...{ ece, brier, confusion: first[r]! },
      };
    }),
  };
}

function overallCalibration(
  tests: readonly TestRecord[],
  answers: readonly Answer[],
): ClassificationReport['calibration'] {
  const width = aamiClasses.length;
  const labels = tests.flatMap(({ data }) => [...data.labels]);
  const all = new Float64Array(labels.length * width);
  let at = 0;
  for (const { probabilities } of answers) {
    all.set(probabilities.data, at);
    at += probabilities.data.length;
  }
  const probabilities = { shape: [labels.length, width], data: all };
  return {
    ...calibration(probabilities, labels),
    trustedS: atOrAboveProbability(probabilities, labels, aamiClasses.indexOf('S'), 0.9),
  };
}
