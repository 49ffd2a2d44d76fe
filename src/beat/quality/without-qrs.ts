/**
 * Spans without QRS complexes: asystole, ventricular fibrillation or flutter, and noise or hum as high as the complexes,
 * as of a lost electrode.
 *
 * Asystole is defined here as more than three seconds, and more than one and a half times the mean of the three RR
 * intervals before (or after, where none precedes; at most 4 s), between two QRS complexes or one and the end of the
 * lead, in which the signal is valid, not constant, not at a limit of the converter, neither fibrillating nor a regular
 * tachycardia without steep parts, and changes by no more than the height of a complex. So a sinus pause of more than
 * three seconds is asystole, and a steady rhythm of 15 beats a minute is not. Detected beats that are noise or P waves
 * (`beat-evidence.ts`) do not count as complexes. Several of them in a row that are as high as complexes
 * (`high-noise.ts`) are noise from the complex before to the one after them.
 */
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { requireRPeaks } from '../delineate/qrs-bounds.ts';
import type { PlacedPart } from '../lead-part.ts';
import { withoutPacing } from '../pacing/pacing.ts';
import type { SampleSpan } from '../sample-span.ts';
import { qrsEvidence } from './beat-evidence.ts';
import { type LeadBins, leadBins } from './bins.ts';
import { oscillatingSeconds } from './fibrillation.ts';
import { recurrenceOf } from './recurrence.ts';
import { peakToPeak } from './reference.ts';
import { sampleFaults } from './sample-faults.ts';

const kinds = ['asystole', 'fibrillation', 'noise'] as const;
const noKinds: readonly SpanWithoutQrs['kind'][] = [];

/** A span without QRS complexes. */
export interface SpanWithoutQrs extends SampleSpan {
  readonly kind: (typeof kinds)[number];
}

/** Shortest asystole, s, and relative to the RR intervals beside it. */
const asystoleSeconds = 3;
const asystoleIntervals = 1.5;
const countedIntervals = 3;
/** RR interval of the slowest rhythm, s: 15 beats a minute. */
const slowestSeconds = 4;
/** Asystole begins this long after an R peak and ends this long before one, s: the complex, and the T wave. */
const besideQrsSeconds = { after: 0.4, before: 0.1 };

/** Number of samples in a quality window, the unit in which parts of a lead begin. */
const windowOf = (samplingFrequency: number): number => Math.max(1, Math.round(10 * samplingFrequency));

/**
 * The spans of a lead without QRS complexes, in order of time: asystole and noise as defined above, and ventricular
 * fibrillation or flutter (`fibrillation.ts`). `voltage` is in mV, NaN where invalid; `samplingFrequency`
 * is in Hz; `rPeaks` are the detected or annotated beats, ascending sample indices.
 *
 * Throws `RangeError` for R peaks outside the signal or out of order, or a sampling frequency that is not positive.
 *
 * @example findSpansWithoutQrs(voltage, samplingFrequency, rPeaks) // => []
 */
export function findSpansWithoutQrs(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): SpanWithoutQrs[] {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, voltage.length);
  const faults = sampleFaults(voltage, samplingFrequency);
  return spansWithoutQrs(withoutPacing(voltage, samplingFrequency), samplingFrequency, rPeaks, faults);
}

/** As `findSpansWithoutQrs`, for a lead or part of one without its pacing spikes, whose faulty samples are known. */
export function spansWithoutQrs(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  faults: Uint8Array,
): SpanWithoutQrs[] {
  const bins = leadBins(voltage, windowOf(samplingFrequency));
  const recurs = recurrenceOf(bins, rPeaks);
  const seconds = oscillatingSeconds(bins, rPeaks, recurs);
  const fibrillation = spansOfSeconds(seconds.fibrillation, bins, voltage.length);
  const tachycardia = spansOfSeconds(seconds.tachycardia, bins, voltage.length);
  const { isComplex, isHighNoise, height, highSpans } = qrsEvidence(bins, rPeaks, recurs);
  const complexes = complexesOf(rPeaks, isComplex);
  const excluded = faults.slice();
  for (const { start, end } of [...fibrillation, ...tachycardia]) excluded.fill(1, start, end);
  const noise = noiseSpans(rPeaks, isHighNoise, samplingFrequency, excluded);
  for (const { start, end } of noise) excluded.fill(1, start, end);
  const isHigh = ({ start, end }: SampleSpan): boolean => peakToPeak(voltage, start, end) > height;
  let besideHigh: Uint8Array | undefined;
  const asystole = pauses(complexes, samplingFrequency, excluded).flatMap(({ shortest, ...pause }) => {
    if (!isHigh(pause)) return [pause];
    // Complexes in it that were not detected, as the first ones after a long pause may be, end it. Signal that is high for
    // another reason does not show the heart: an amplifier recovers.
    besideHigh ??= withHigh(excluded, samplingFrequency, highSpans());
    return clearRuns(besideHigh, pause.start, pause.end).filter(
      run => run.end - run.start > shortest && !isHigh(run),
    );
  });
  const ofKind = (kind: SpanWithoutQrs['kind'], spans: readonly SampleSpan[]): SpanWithoutQrs[] =>
    spans.map(span => ({ kind, ...span }));
  return [
    ...ofKind('fibrillation', fibrillation),
    ...ofKind('noise', noise),
    ...ofKind('asystole', asystole),
  ].sort((a, b) => a.start - b.start);
}

/** The excluded samples with those of complexes and beside them. */
function withHigh(excluded: Uint8Array, samplingFrequency: number, high: readonly SampleSpan[]): Uint8Array {
  const all = excluded.slice();
  const before = Math.round(besideQrsSeconds.before * samplingFrequency);
  const after = Math.round(besideQrsSeconds.after * samplingFrequency);
  for (const { start, end } of high)
    all.fill(1, Math.max(0, start - before), Math.min(all.length, end + after));
  return all;
}

/** For each run of beats that are noise, the signal from the beat before to the one after it that is not excluded. */
function noiseSpans(
  rPeaks: ArrayLike<number>,
  isHighNoise: Uint8Array,
  samplingFrequency: number,
  excluded: Uint8Array,
): SampleSpan[] {
  const spans: SampleSpan[] = [];
  for (let first = 0; first < rPeaks.length; first++) {
    if (isHighNoise[first] === 0) continue;
    let last = first;
    while (isHighNoise[last + 1] === 1) last++;
    const before = Math.round(besideQrsSeconds.before * samplingFrequency);
    const after = Math.round(besideQrsSeconds.after * samplingFrequency);
    const from = first === 0 ? 0 : Math.min(rPeaks[first]!, rPeaks[first - 1]! + after);
    const to = last + 1 < rPeaks.length ? rPeaks[last + 1]! - before : excluded.length;
    for (const run of clearRuns(excluded, from, Math.max(to, rPeaks[last]! + 1))) {
      spans.push(run);
    }
    first = last;
  }
  return spans;
}

/** The R peaks that are QRS complexes. */
function complexesOf(rPeaks: ArrayLike<number>, isComplex: Uint8Array): Int32Array {
  const complexes = new Int32Array(rPeaks.length);
  let count = 0;
  for (let k = 0; k < rPeaks.length; k++) if (isComplex[k] === 1) complexes[count++] = rPeaks[k]!;
  return complexes.subarray(0, count);
}

/** The runs of ones in `seconds`, in samples. */
function spansOfSeconds(seconds: Uint8Array, bins: LeadBins, length: number): SampleSpan[] {
  const spans: SampleSpan[] = [];
  for (let from = 0; from < seconds.length; ) {
    let to = from + 1;
    while (to < seconds.length && seconds[to] === seconds[from]) to++;
    if (seconds[from] === 1) {
      const end = Math.min(bins.startOf(to * bins.perSecond), length);
      spans.push({ start: bins.startOf(from * bins.perSecond), end });
    }
    from = to;
  }
  return spans;
}

/** An interval that may be asystole, and the shortest one there that is, in samples. */
interface Pause extends SampleSpan {
  readonly shortest: number;
}

/** The long intervals between complexes without excluded samples, from the T wave of a complex to the next one. */
function pauses(complexes: Int32Array, samplingFrequency: number, excluded: Uint8Array): Pause[] {
  const spans: Pause[] = [];
  const least = asystoleSeconds * samplingFrequency;
  for (let k = 0; k <= complexes.length; k++) {
    const from = k === 0 ? 0 : complexes[k - 1]!;
    const to = complexes[k] ?? excluded.length;
    const interval = Math.min(slowestSeconds * samplingFrequency, intervalBeside(complexes, k));
    const shortest = Math.max(least, asystoleIntervals * interval);
    if (to - from <= shortest) continue;
    for (const { start, end } of clearRuns(excluded, from, to)) {
      if (end - start <= shortest) continue;
      const after = start === from && k > 0 ? besideQrsSeconds.after : 0;
      const before = end === to && k < complexes.length ? besideQrsSeconds.before : 0;
      spans.push({
        start: start + Math.round(after * samplingFrequency),
        end: end - Math.round(before * samplingFrequency),
        shortest:
          shortest - Math.round((besideQrsSeconds.after + besideQrsSeconds.before) * samplingFrequency),
      });
    }
  }
  return spans;
}

/** Mean of the RR intervals before complex `k − 1`, or after complex `k` where none precedes; 0 if there are none. */
function intervalBeside(complexes: Int32Array, k: number): number {
  const first = k > 1 ? Math.max(0, k - 1 - countedIntervals) : k;
  const last = k > 1 ? k - 1 : Math.min(complexes.length - 1, k + countedIntervals);
  return last > first ? (complexes[last]! - complexes[first]!) / (last - first) : 0;
}

/** The runs of zeros in `[from, to)`. */
function clearRuns(excluded: Uint8Array, from: number, to: number): SampleSpan[] {
  const runs: SampleSpan[] = [];
  for (let start = from; start < to; ) {
    let end = start;
    while (end < to && excluded[end] === 0) end++;
    if (end > start) runs.push({ start, end });
    start = end + 1;
  }
  return runs;
}

/** The spans of a part, limited to the part itself and counted from the start of the lead. */
export const spansOfPart = <S extends SampleSpan>(spans: readonly S[], part: PlacedPart): S[] =>
  spans
    .map(span => ({
      ...span,
      start: Math.max(span.start, part.start) + part.offset,
      end: Math.min(span.end, part.end) + part.offset,
    }))
    .filter(({ start, end }) => end > start);

/** Joins the spans of consecutive parts of a lead, in order of time, where they were cut at the border of two parts. */
export function joinSpans(spans: readonly SpanWithoutQrs[]): SpanWithoutQrs[] {
  const joined: SpanWithoutQrs[] = [];
  for (const span of spans) {
    const last = joined.findLastIndex(({ kind }) => kind === span.kind);
    if (joined[last]?.end === span.start) joined[last] = { ...joined[last], end: span.end };
    else joined.push(span);
  }
  return joined;
}

/** The kinds of spans that overlap `[from, to)`; `spans` are in order of time and of each kind disjoint. */
export function kindsWithin(
  spans: readonly SpanWithoutQrs[],
  from: number,
  to: number,
): readonly SpanWithoutQrs['kind'][] {
  if (spans.length === 0) return noKinds;
  const within = new Set<SpanWithoutQrs['kind']>();
  for (const { kind, start, end } of spans) if (start < to && end > from) within.add(kind);
  return within.size === 0 ? noKinds : kinds.filter(kind => within.has(kind));
}

/** Whether a beat's flags (`measureQuality`) say that it lies in a span without QRS complexes. */
export const isWithoutQrs = ({ flags }: { readonly flags: readonly string[] }): boolean =>
  flags.length > 0 && kinds.some(kind => flags.includes(kind));

/** Whether that was detected, not annotated (its symbol is empty), in such a span: then it is no beat. */
export const isDetectedWithoutQrs = (
  symbol: string,
  quality: { readonly flags: readonly string[] },
): boolean => symbol === '' && isWithoutQrs(quality);
