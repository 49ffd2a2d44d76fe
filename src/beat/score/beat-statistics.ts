/** Statistics of a beat-by-beat comparison as ANSI/AAMI EC57 defines them and `bxb` computes them. */

import { mean } from '../../statistics.ts';
import { type BeatClass, beatClasses } from './beat-classes.ts';
import { type BeatComparison, type PairLabel, pairLabels } from './compare-beats.ts';
import { falsePositiveRate, positivePredictivity, sensitivity } from './sensitivity.ts';

/** Counts and ratios of a detector. Ratios are fractions from 0 to 1, undefined when the denominator is 0. */
export interface DetectionStatistics {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly falsePositives: number;
  /** TP / (TP + FN) */
  readonly sensitivity: number | undefined;
  /** TP / (TP + FP) */
  readonly positivePredictivity: number | undefined;
}

/** Statistics of the detection of one class of ectopic beats. */
export interface ClassStatistics extends DetectionStatistics {
  readonly trueNegatives: number;
  /** FP / (TN + FP) */
  readonly falsePositiveRate: number | undefined;
}

type Counts = BeatComparison['counts'];

const sumOver = (counts: Counts, references: readonly PairLabel[], tests: readonly PairLabel[]): number => {
  let sum = 0;
  for (const r of references) {
    for (const t of tests) sum += counts[pairLabels.indexOf(r)]![pairLabels.indexOf(t)]!;
  }
  return sum;
};

/**
 * The sum of the counts of several records, for gross statistics.
 *
 * @example
 * const mark = (sample, symbol) => ({ sample, symbol });
 * const reference = [mark(100, 'N'), mark(400, 'V'), mark(700, 'N')];
 * const detected = [mark(101, 'N'), mark(402, 'N')];
 * const { counts } = compareBeats(reference, detected, 360, { startSeconds: 0 });
 * sumCounts([counts, counts])[0][0] // => 2
 */
export function sumCounts(records: readonly Counts[]): number[][] {
  return pairLabels.map((_, r) => pairLabels.map((_, t) => records.reduce((sum, c) => sum + c[r]![t]!, 0)));
}

/**
 * Detection statistics regardless of class. A beat that is missed or falsely detected while the other side is shut down
 * is counted too.
 *
 * @example
 * const mark = (sample, symbol) => ({ sample, symbol });
 * const reference = [mark(100, 'N'), mark(400, 'V'), mark(700, 'N')];
 * const detected = [mark(101, 'N'), mark(402, 'N')];
 * detectionStatistics(compareBeats(reference, detected, 360, { startSeconds: 0 }).counts) // => { truePositives: 2, falseNegatives: 1, falsePositives: 0, sensitivity: 0.6666…, positivePredictivity: 1 }
 */
export function detectionStatistics(counts: Counts): DetectionStatistics {
  const truePositives = sumOver(counts, beatClasses, beatClasses);
  const falseNegatives = sumOver(counts, beatClasses, ['O', 'X']);
  const falsePositives = sumOver(counts, ['O', 'X'], beatClasses);
  return {
    truePositives,
    falseNegatives,
    falsePositives,
    sensitivity: sensitivity(truePositives, falseNegatives),
    positivePredictivity: positivePredictivity(truePositives, falsePositives),
  };
}

// Confusions that are not counted as errors of a class: a fusion or unclassifiable beat classified as ventricular, an
// unclassifiable one as supraventricular.
const forgiven: Readonly<Partial<Record<BeatClass, readonly PairLabel[]>>> = { V: ['F', 'Q'], S: ['Q'] };

/**
 * Statistics of ventricular (`V`) or supraventricular (`S`) ectopic beat detection. The standard defines the false
 * positive rate for V only; for S it is computed in the same way.
 *
 * @example
 * const mark = (sample, symbol) => ({ sample, symbol });
 * const reference = [mark(100, 'N'), mark(400, 'V'), mark(700, 'N')];
 * const detected = [mark(101, 'N'), mark(402, 'N')];
 * classStatistics(compareBeats(reference, detected, 360, { startSeconds: 0 }).counts, 'V').falseNegatives // => 1
 */
export function classStatistics(counts: Counts, beatClass: 'V' | 'S'): ClassStatistics {
  const others = pairLabels.filter(label => label !== beatClass);
  const blamed = others.filter(label => !forgiven[beatClass]!.includes(label));
  const truePositives = sumOver(counts, [beatClass], [beatClass]);
  const falseNegatives = sumOver(counts, [beatClass], others);
  const falsePositives = sumOver(counts, blamed, [beatClass]);
  const otherTests = beatClasses.filter(label => label !== beatClass);
  const trueNegatives = sumOver(counts, others, otherTests);
  return {
    truePositives,
    falseNegatives,
    falsePositives,
    trueNegatives,
    sensitivity: sensitivity(truePositives, falseNegatives),
    positivePredictivity: positivePredictivity(truePositives, falsePositives),
    falsePositiveRate: falsePositiveRate(falsePositives, trueNegatives),
  };
}

/** The mean of the defined values; undefined when there are none. */
export function averageOf(values: readonly (number | undefined)[]): number | undefined {
  const present = values.filter(value => value !== undefined);
  return present.length === 0 ? undefined : mean(present);
}

/**
 * The time differences between test beats and the reference beats they are paired with, ms.
 *
 * @example
 * const mark = (sample, symbol) => ({ sample, symbol });
 * const reference = [mark(100, 'N'), mark(400, 'V'), mark(700, 'N')];
 * const detected = [mark(101, 'N'), mark(402, 'N')];
 * timeErrorsMs(compareBeats(reference, detected, 360, { startSeconds: 0 }), 360) // => [2.7777…, 5.5555…]
 */
export function timeErrorsMs(comparison: BeatComparison, samplingFrequency: number): Float64Array {
  return Float64Array.from(
    comparison.testSamples,
    (sample, i) => ((sample - comparison.referenceSamples[i]!) / samplingFrequency) * 1000,
  );
}

/**
 * Differences between the intervals of successive test beats and those of the paired reference beats, ms. An interval
 * that contains a missed or an extra beat, or that extends over flutter or a shutdown, is left out, because the
 * standard considers it invalid.
 *
 * @example
 * const mark = (sample, symbol) => ({ sample, symbol });
 * const reference = [mark(100, 'N'), mark(400, 'V'), mark(700, 'N')];
 * const detected = [mark(101, 'N'), mark(402, 'N')];
 * intervalErrorsMs(compareBeats(reference, detected, 360, { startSeconds: 0 }), 360) // => [2.7777…]
 */
export function intervalErrorsMs(comparison: BeatComparison, samplingFrequency: number): Float64Array {
  const { referenceSamples, testSamples, missed, extra, interruptions } = comparison;
  const lies = (samples: Int32Array, from: number, to: number): boolean =>
    samples.some(sample => sample > from && sample < to);
  const errors: number[] = [];
  for (let i = 1; i < testSamples.length; i++) {
    if (lies(missed, referenceSamples[i - 1]!, referenceSamples[i]!)) continue;
    if (lies(extra, testSamples[i - 1]!, testSamples[i]!)) continue;
    const [from, to] = [referenceSamples[i - 1]!, referenceSamples[i]!];
    if (interruptions.some(gap => gap.start < to && gap.end - 1 > from)) continue;
    const reference = to - from;
    errors.push(((testSamples[i]! - testSamples[i - 1]! - reference) / samplingFrequency) * 1000);
  }
  return Float64Array.from(errors);
}
