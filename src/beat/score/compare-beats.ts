/**
 * Beat-by-beat comparison of the annotations of a detector or classifier with a reference, after ANSI/AAMI EC57 as
 * implemented by the `bxb` program of the WFDB Applications (bxb(1) and the WFDB Applications Guide).
 *
 * Both lists are traversed in time. The earlier of the two next beats is paired with the other list's next beat when
 * that is within the match window, and is nearer to it than the beat after the earlier one is, or would be paired
 * better with that list's own next beat. Otherwise it is paired with O, or with X where the other list is shut down (a
 * noise annotation `~` with bits 4 and 5 of its subtype set). What the reference marks as ventricular flutter or
 * fibrillation, from `[` to `]`, is not compared.
 *
 * Deviation from `bxb`: all intervals of flutter and shutdown are kept, not only the last two of each.
 */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { SampleSpan } from '../sample-span.ts';
import { type BeatClass, beatClass, beatClasses, type ClassMap } from './beat-classes.ts';

/** The fields of an annotation that the comparison uses. */
export interface LabelledSample {
  /** Sample index. */
  readonly sample: number;
  /** Mnemonic, e.g. `N`, `V`, `+`. */
  readonly symbol: string;
  readonly subtype?: number;
}

/** Start and match window of a comparison, s, and the class mapping. */
export interface ComparisonOptions {
  /** Start of the comparison, s; default 300, as in the standard. */
  readonly startSeconds?: number;
  /** The match window, s; default 0.15, as in the standard. */
  readonly windowSeconds?: number;
  /** Mapping from symbols to classes; default `ec57`. */
  readonly classMap?: ClassMap;
}

/**
 * The labels of a pair: a beat's class, or O or X for a missing beat.
 *
 * @example pairLabels // => ['N', 'S', 'V', 'F', 'Q', 'O', 'X']
 */
export const pairLabels = [...beatClasses, 'O', 'X'] as const;
export type PairLabel = (typeof pairLabels)[number];

/** The result of a beat-by-beat comparison. */
export interface BeatComparison {
  /** Numbers of pairs: `counts[reference][test]`, both in the order of `pairLabels`. */
  readonly counts: readonly (readonly number[])[];
  /** The paired beats, sample indices in the reference and in the test annotations. */
  readonly referenceSamples: Int32Array;
  readonly testSamples: Int32Array;
  /** Spans of flutter and shutdown in either list: intervals between beats that extend over one are invalid. */
  readonly interruptions: readonly SampleSpan[];
  /** Reference beats that were missed, and test beats without a counterpart, sample indices. */
  readonly missed: Int32Array;
  readonly extra: Int32Array;
}

/**
 * Compares test annotations with a reference; both in order of time. Throws `RangeError` for annotations out of order,
 * a sampling frequency that is not positive, or a negative window or start.
 *
 * @example
 * const mark = (sample, symbol) => ({ sample, symbol });
 * const reference = [mark(100, 'N'), mark(400, 'V'), mark(700, 'N')];
 * const detected = [mark(101, 'N'), mark(402, 'N')];
 * compareBeats(reference, detected, 360, { startSeconds: 0 }).missed // => [700]
 */
export function compareBeats(
  reference: readonly LabelledSample[],
  test: readonly LabelledSample[],
  samplingFrequency: number,
  options: ComparisonOptions = {},
): BeatComparison {
  const { startSeconds = 300, windowSeconds = 0.15, classMap = 'ec57' } = options;
  requireSamplingFrequency(samplingFrequency);
  if (!(startSeconds >= 0)) throw new InputError(`a comparison starts at 0 s or later, not ${startSeconds}`);
  if (!(windowSeconds >= 0)) throw new InputError(`a match window is 0 s or longer, not ${windowSeconds}`);
  const window = Math.floor(windowSeconds * samplingFrequency + 1e-9);
  const start = Math.round(startSeconds * samplingFrequency);
  const truth = readBeats('reference', reference, window, classMap);
  const answer = readBeats('test', test, window, classMap);

  const counts = pairLabels.map(() => pairLabels.map(() => 0));
  const count = (ref: PairLabel, found: PairLabel): void => {
    counts[pairLabels.indexOf(ref)]![pairLabels.indexOf(found)]!++;
  };
  const matched: [number, number][] = [];
  const missed: number[] = [];
  const extra: number[] = [];
  let r = truth.samples.findIndex(sample => sample >= start);
  if (r < 0) r = truth.samples.length;
  let t = firstTestBeat(truth.samples, r, answer.samples, start, window);
  const at = (samples: readonly number[], i: number): number => samples[i] ?? Number.POSITIVE_INFINITY;

  while (r < truth.samples.length || t < answer.samples.length) {
    const ref = at(truth.samples, r);
    const found = at(answer.samples, t);
    const refNext = at(truth.samples, r + 1);
    const foundNext = at(answer.samples, t + 1);
    const distance = Math.abs(ref - found);
    // The beat that competes with the earlier one for the later one, and how well it matches that list's next beat.
    const rival = found < ref ? Math.abs(ref - foundNext) : Math.abs(found - refNext);
    const isRivalBetterOff = Math.abs(refNext - foundNext) < rival;
    if (distance <= window && (distance < rival || isRivalBetterOff)) {
      count(truth.classes[r]!, answer.classes[t]!);
      matched.push([ref, found]);
      r++;
      t++;
    } else if (found < ref) {
      if (!isInside(truth.flutter, found)) {
        count(isInside(truth.shutdown, found) ? 'X' : 'O', answer.classes[t]!);
        extra.push(found);
      }
      t++;
    } else {
      count(truth.classes[r]!, isInside(answer.shutdown, ref) ? 'X' : 'O');
      missed.push(ref);
      r++;
    }
  }
  return {
    counts,
    referenceSamples: Int32Array.from(matched, pair => pair[0]),
    testSamples: Int32Array.from(matched, pair => pair[1]),
    interruptions: [...truth.flutter, ...truth.shutdown, ...answer.flutter, ...answer.shutdown],
    missed: Int32Array.from(missed),
    extra: Int32Array.from(extra),
  };
}

interface Beats {
  readonly samples: readonly number[];
  readonly classes: readonly BeatClass[];
  readonly flutter: readonly SampleSpan[];
  readonly shutdown: readonly SampleSpan[];
}

const isInside = (intervals: readonly SampleSpan[], sample: number): boolean =>
  intervals.some(({ start, end }) => start <= sample && sample < end);

/**
 * The beats outside flutter, and the spans of flutter and shutdown. Throws `RangeError` for annotations out of order.
 */
function readBeats(
  which: string,
  annotations: readonly LabelledSample[],
  window: number,
  classMap: ClassMap,
): Beats {
  requireOrder(which, annotations);
  const samples: number[] = [];
  const classes: BeatClass[] = [];
  const flutter: SampleSpan[] = [];
  const shutdown: SampleSpan[] = [];
  for (let i = 0; i < annotations.length; i++) {
    const { sample, symbol } = annotations[i]!;
    const found = beatClass(symbol, classMap);
    if (found !== undefined) {
      samples.push(sample);
      classes.push(found);
    } else if (symbol === '[') {
      while (i + 1 < annotations.length && annotations[i + 1]!.symbol !== ']') i++;
      i++;
      flutter.push({ start: sample, end: (annotations[i]?.sample ?? Number.POSITIVE_INFINITY) + 1 });
    } else if (isShutdown(annotations[i]!)) {
      const next = annotations[i + 1];
      if (next === undefined) shutdown.push({ start: sample, end: Number.POSITIVE_INFINITY });
      else if (next.symbol === '~' && !isShutdown(next)) {
        shutdown.push({ start: sample, end: next.sample + 1 });
        i++;
      } else {
        // A single mark in the middle of a shutdown, as in the AHA database: it extends between the neighbouring beats.
        const before = Math.max(samples.at(-1) ?? 0, (flutter.at(-1)?.end ?? 1) - 1);
        const to = next.sample - window;
        shutdown.push({ start: Math.min(before + window, to), end: to + 1 });
      }
    }
  }
  return { samples, classes, flutter, shutdown };
}

function requireOrder(which: string, annotations: readonly LabelledSample[]): void {
  for (let i = 0; i < annotations.length; i++) {
    const { sample } = annotations[i]!;
    const before = i === 0 ? Number.NEGATIVE_INFINITY : annotations[i - 1]!.sample;
    if (!(sample >= before)) {
      throw new InputError(`${which} annotation ${i} at sample ${sample} comes after one at ${before}`);
    }
  }
}

const isShutdown = ({ symbol, subtype = 0 }: LabelledSample): boolean =>
  symbol === '~' && (subtype & 0x30) === 0x30;

/**
 * Index of the first test beat to compare. A beat just before the start is paired with the first reference beat when it
 * matches it; one just after the start belongs to a reference beat before the start when a later one matches the first
 * reference beat better.
 */
function firstTestBeat(
  reference: readonly number[],
  firstReference: number,
  test: readonly number[],
  start: number,
  window: number,
): number {
  let first = test.findIndex(sample => sample >= start);
  if (first < 0) first = test.length;
  if (start === 0 || firstReference >= reference.length) return first;
  const ref = reference[firstReference]!;
  const distance = (i: number): number => Math.abs(ref - (test[i] ?? Number.POSITIVE_INFINITY));
  if (first > 0 && distance(first - 1) <= window && distance(first - 1) < distance(first)) return first - 1;
  if (first < test.length && test[first]! - start <= window && distance(first + 1) < distance(first))
    return first + 1;
  return first;
}
