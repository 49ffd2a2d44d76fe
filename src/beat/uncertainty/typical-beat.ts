/**
 * The typical beat of a lead for the bootstrap: the mean of the beats that are near the median beat.
 * A sample-by-sample median takes each sample from another beat; where beats differ in size it is jagged, which would
 * falsify curvature and with it the errors of times. A mean of whole beats is not.
 *
 * The noise that is left in the mean is removed where it is all there is beside a smooth curve: boundaries depend on the
 * logarithm of slope, so even that little noise between the waves would hide most of the bias of a boundary in noise.
 */
import { oddWindowSamples, savitzkyGolayWeights } from '../../diff/savitzky-golay.ts';
import { median } from '../../statistics.ts';
import { createBeatMatcher, matchBeat } from '../beat-match.ts';
import { type MedianBeat, medianBeat, medianBeatPlaces } from '../median-beat.ts';
import { type NoiseModel, noiseVariance } from './noise-model.ts';

/** Largest shift of a beat during alignment, ms. */
const shiftMs = 20;
/** A beat belongs to the mean when its squared distance from the median beat is at most this multiple of the median one. */
const mostDistance = 2;
/** Window of the smooth curve (cubic), and of the power of what deviates from it, ms. */
const smoothMs = 60;
const powerMs = 60;
/** Deviations are removed entirely while their power is below this multiple of the noise's. */
const noisePower = 2;

/**
 * The typical beat; arguments and result as for `medianBeat`, with pacing spikes already removed, and the lead's noise.
 * Voltages are relative to the mean of the beat. Undefined when no beat is complete.
 */
export function typicalBeat(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: readonly number[],
  reach: Parameters<typeof medianBeat>[3],
  noise: NoiseModel,
): MedianBeat | undefined {
  const template = medianBeat(voltage, samplingFrequency, rPeaks, reach);
  if (template === undefined) return undefined;
  const most = Math.round((shiftMs * samplingFrequency) / 1000);
  const { length } = template.voltage;
  const matcher = createBeatMatcher(template.voltage);
  const wanted = levelled(template.voltage);
  const beats = medianBeatPlaces(rPeaks.length).flatMap(k => {
    const start = rPeaks[k]! - template.rPeak;
    const matched = matchBeat(matcher, voltage, start, most);
    if (matched === undefined) return [];
    const from = start + matched.shift;
    const beat = levelled(voltage.slice(from, from + length));
    return [{ beat, distance: beat.reduce((sum, v, i) => sum + (v - wanted[i]!) ** 2, 0) }];
  });
  const farthest = mostDistance * median(beats.map(({ distance }) => distance));
  const nearest = beats.filter(({ distance }) => distance <= farthest);
  if (nearest.length === 0) return template;
  const mean = new Float64Array(length);
  for (const { beat } of nearest) for (let i = 0; i < length; i++) mean[i]! += beat[i]! / nearest.length;
  const voltageOfMean = withoutNoise(mean, samplingFrequency, noise, nearest.length);
  return { voltage: voltageOfMean, rPeak: template.rPeak, beats: template.beats };
}

/**
 * The mean of `count` beats without its noise: deviations d from a smooth curve are scaled by 1 − cσ²/⟨d²⟩, but at least
 * 0, with σ² the variance of noise among them and ⟨d²⟩ their power nearby (local Wiener filter; Lee, IEEE Trans. Pattern
 * Anal. Mach. Intell. 2:165–168, 1980).
 */
function withoutNoise(
  mean: Float64Array,
  samplingFrequency: number,
  noise: NoiseModel,
  count: number,
): Float64Array {
  const window = Math.max(5, oddWindowSamples(smoothMs, samplingFrequency));
  if (mean.length < 2 * window) return mean;
  const half = (window - 1) / 2;
  const weights = savitzkyGolayWeights(window, 2, 0, 0);
  const at = (i: number): number => mean[Math.min(mean.length - 1, Math.max(0, i))]!;
  const deviations = mean.map((v, i) =>
    weights.reduce((rest, weight, j) => rest - weight * at(i - half + j), v),
  );
  const response = weights.map((weight, j) => (j === half ? 1 : 0) - weight);
  const variance = noiseVariance(noise, response) / count;
  const reach = Math.max(1, Math.round((powerMs / 2000) * samplingFrequency));
  return mean.map((v, i) => {
    const d = deviations[i]!;
    const near = deviations.subarray(Math.max(0, i - reach), i + reach + 1);
    const power = near.reduce((sum, other) => sum + other * other, 0) / near.length;
    const kept = power > 0 ? Math.max(0, 1 - (noisePower * variance) / power) : 0;
    return v - d + kept * d;
  });
}

/** The voltages minus their mean. */
function levelled(voltage: Float64Array): Float64Array {
  const level = voltage.reduce((sum, v) => sum + v, 0) / voltage.length;
  return voltage.map(v => v - level);
}
