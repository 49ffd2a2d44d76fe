/**
 * How far QRS complexes stand out of the signal between them. In noise and in ventricular fibrillation or flutter a
 * detector finds beats, and their median has a shape; but the signal between them is as steep as they are. So it is in a
 * regular tachycardia without level parts, whose complexes are known by their recurrence (`quality-fibrillation.ts`).
 */
import { median, quantile } from '../../statistics.ts';
import { fittedLine } from '../delineate/fitted-line.ts';
import { leadBins } from '../quality-bins.ts';
import { oscillatingSeconds } from '../quality-fibrillation.ts';

/** Line that slopes are measured with, as for QRS boundaries, ms. */
const lineMs = 16;
/** Extent of the complex around the R peak, and distance of the signal between from the R peaks around it, ms. */
const qrsMs = 80;
const betweenMs = { after: 120, before: 100 };
/** The slope between two complexes is this quantile of the absolute slopes there: steeper than most of a T wave. */
const share = 0.75;
/** Fewest valid samples between two complexes. */
const fewestSamples = 4;

/**
 * Median prominence below which there is no beat to be measured. White noise has 2.2, recorded muscle noise 2.6,
 * sinusoids such as flutter or mains hum less than 2; the largest of a recording's leads is 3.6 or more in af2017, 6 or
 * more in mitdb, and 20 or more in ludb.
 */
const leastProminence = 3;

/**
 * For each beat but the first, its steepest slope divided by the slope between it and the beat before, infinite in a regular
 * tachycardia; beats without valid signal are left out. `voltage` is in mV without pacing spikes, `rPeaks` are ascending sample indices.
 */
export function qrsProminences(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): number[] {
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  if (voltage.length < samples(2 * lineMs)) return [];
  const { slope } = fittedLine(voltage, samplingFrequency, lineMs);
  const sizes = (from: number, to: number): Float64Array =>
    slope.subarray(Math.max(0, from), Math.max(0, to)).map(Math.abs).filter(Number.isFinite);
  const isTachycardia = tachycardiaFinder(voltage, samplingFrequency, rPeaks);
  const prominences: number[] = [];
  for (let k = 1; k < rPeaks.length; k++) {
    const [before, rPeak] = [rPeaks[k - 1]!, rPeaks[k]!];
    if (isTachycardia(rPeak)) {
      prominences.push(Number.POSITIVE_INFINITY);
      continue;
    }
    const between = sizes(before + samples(betweenMs.after), rPeak - samples(betweenMs.before));
    const complex = sizes(rPeak - samples(qrsMs), rPeak + samples(qrsMs) + 1);
    if (between.length < fewestSamples || complex.length === 0) continue;
    const steepest = complex.reduce((a, b) => Math.max(a, b));
    if (steepest > 0) prominences.push(steepest / quantile(between, share));
  }
  return prominences;
}

/** Length that bins are counted from anew, s. */
const windowSeconds = 10;

/** A function that tells whether a sample lies in a regular tachycardia that resembles fibrillation. */
function tachycardiaFinder(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): (sample: number) => boolean {
  const bins = leadBins(voltage, Math.max(1, Math.round(windowSeconds * samplingFrequency)));
  const { tachycardia } = oscillatingSeconds(bins, rPeaks);
  return sample => tachycardia[Math.floor(bins.binOf(sample) / bins.perSecond)] === 1;
}

/** Whether QRS complexes stand out in a lead; `leads` are the prominences of the beats in each. True for too few beats. */
export const hasQrsComplexes = (leads: readonly (readonly number[])[]): boolean =>
  leads.every(prominences => prominences.length === 0) ||
  leads.some(prominences => median(prominences) >= leastProminence);
