/**
 * How far QRS complexes stand out from the signal between them. In noise and in ventricular fibrillation or flutter a
 * detector finds beats, and their median has a shape; but the signal between them is as steep as they are. So it is in a
 * regular tachycardia without level parts, whose complexes are known by their recurrence (`quality/fibrillation.ts`),
 * and under mains hum (`quality/recurrence.ts`). P waves alone stand out but are none (`quality/beat-evidence.ts`).
 */
import { median, quantile } from '../../statistics.ts';
import { fittedLine } from '../delineate/fitted-line.ts';
import { type QrsEvidence, qrsEvidence } from '../quality/beat-evidence.ts';
import { leadBins } from '../quality/bins.ts';
import { oscillatingSeconds } from '../quality/fibrillation.ts';
import { recurrenceOf } from '../quality/recurrence.ts';

/** Line that slopes are measured with, as for QRS boundaries, ms. */
const lineMs = 16;
/** Extent of the complex around the R peak, and distance of the signal between from the R peaks around it, ms. */
const qrsMs = 80;
const betweenMs = { after: 120, before: 100 };
/**
 * Largest such distances relative to the RR interval, so that there is signal between at any rate: hum that is marked
 * every 200 ms would otherwise have no prominence at all, which does not tell it from complexes.
 */
const mostBeside = 0.4;
/**
 * The slope between two complexes is this quantile of the absolute slopes there, steeper than most of a T wave; but at
 * most this multiple of their median, so that a high T wave hides no complex where half of the signal is level. The
 * quantile is 1.7 times the median in Gaussian noise and 1.3 times in a sinusoid.
 */
const share = 0.75;
const mostOfMedian = 2.5;
/** Fewest valid samples between two complexes. */
const fewestSamples = 4;

/**
 * Median prominence below which there is no beat to be measured. White noise has 2.2, recorded muscle noise 2.6,
 * sinusoids such as flutter or mains hum less than 2; the largest of a recording's leads is 3.6 or more in af2017, 6 or
 * more in mitdb, and 20 or more in ludb.
 */
const leastProminence = 3;
/** Least share of the detected beats that are complexes. */
const leastShare = 0.1;

/**
 * For each beat but the first, its steepest slope divided by the slope between it and the beat before, infinite in a regular
 * tachycardia; beats without valid signal are left out. `voltage` is in mV without pacing spikes, `rPeaks` are ascending sample indices.
 */
export function qrsProminences(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): number[] {
  return prominencesBy(voltage, samplingFrequency, rPeaks, ({ isTachycardia }, beat, prominence) =>
    isTachycardia(beat) ? Number.POSITIVE_INFINITY : prominence(),
  );
}

/**
 * As `qrsProminences`, but 0 for a beat that is no QRS complex (noise, a P wave, fibrillation: those of
 * `findSpansWithoutQrs`), and infinite also for one that does not stand out of mains hum or wide T waves but recurs.
 */
export function complexProminences(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): number[] {
  return prominencesBy(voltage, samplingFrequency, rPeaks, (found, beat, prominence) => {
    if (!found.isComplex(beat)) return 0;
    if (found.isTachycardia(beat)) return Number.POSITIVE_INFINITY;
    const own = prominence();
    return own !== undefined && own < leastProminence && found.recurs(beat) ? Number.POSITIVE_INFINITY : own;
  });
}

function prominencesBy(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  prominenceOf: (found: FoundBeats, beat: number, prominence: () => number | undefined) => number | undefined,
): number[] {
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  if (voltage.length < samples(2 * lineMs)) return [];
  const { slope } = fittedLine(voltage, samplingFrequency, lineMs);
  const sizes = (from: number, to: number): Float64Array =>
    slope.subarray(Math.max(0, from), Math.max(0, to)).map(Math.abs).filter(Number.isFinite);
  const found = findBeats(voltage, samplingFrequency, rPeaks);
  const prominences: number[] = [];
  for (let k = 1; k < rPeaks.length; k++) {
    const [before, rPeak] = [rPeaks[k - 1]!, rPeaks[k]!];
    const value = prominenceOf(found, k, () => {
      const most = Math.floor(mostBeside * (rPeak - before));
      const between = sizes(
        before + Math.min(samples(betweenMs.after), most),
        rPeak - Math.min(samples(betweenMs.before), most),
      );
      const complex = sizes(rPeak - samples(qrsMs), rPeak + samples(qrsMs) + 1);
      if (between.length < fewestSamples || complex.length === 0) return undefined;
      const steepest = complex.reduce((a, b) => Math.max(a, b));
      const slopeBetween = Math.min(quantile(between, share), mostOfMedian * median(between));
      return steepest > 0 ? steepest / slopeBetween : undefined;
    });
    if (value !== undefined) prominences.push(value);
  }
  return prominences;
}

/** Length that bins are counted from anew, s. */
const windowSeconds = 10;

interface FoundBeats {
  /** Whether a beat lies in a regular tachycardia or among recurring beats that resemble fibrillation. */
  readonly isTachycardia: (beat: number) => boolean;
  /** Whether the shape of a beat recurs in neighbouring beats but not between beats (`recurrenceOf`). */
  readonly recurs: (beat: number) => boolean;
  /** Whether a beat is a QRS complex by `qrsEvidence`, and not in fibrillation. */
  readonly isComplex: (beat: number) => boolean;
}

function findBeats(voltage: Float64Array, samplingFrequency: number, rPeaks: ArrayLike<number>): FoundBeats {
  const bins = leadBins(voltage, Math.max(1, Math.round(windowSeconds * samplingFrequency)));
  const recurs = recurrenceOf(bins, rPeaks);
  const { tachycardia, fibrillation } = oscillatingSeconds(bins, rPeaks, recurs);
  const second = (beat: number): number => Math.floor(bins.binOf(rPeaks[beat]!) / bins.perSecond);
  let evidence: QrsEvidence | undefined;
  return {
    isTachycardia: beat => tachycardia[second(beat)] === 1,
    recurs,
    isComplex(beat) {
      evidence ??= qrsEvidence(bins, rPeaks, recurs);
      return evidence.isComplex[beat] === 1 && fibrillation[second(beat)] !== 1;
    },
  };
}

/**
 * Whether QRS complexes stand out in a lead; `leads` are the prominences of the beats in each, by `complexProminences`.
 * Beats of prominence 0 are no complexes and are left out where the others are at least a tenth. True for too few beats.
 */
export const hasQrsComplexes = (leads: readonly (readonly number[])[]): boolean =>
  leads.every(prominences => prominences.length === 0) ||
  leads.some(prominences => {
    const ofComplexes = prominences.filter(prominence => prominence > 0);
    return (
      ofComplexes.length > 0 &&
      ofComplexes.length >= leastShare * prominences.length &&
      median(ofComplexes) >= leastProminence
    );
  });
