/**
 * The waveform of a beat as inputs of a convolutional model: the voltage around the R peak at fixed times, the same at
 * every sampling frequency, and its deviation from the record's typical beat. Linear in the voltage, hence
 * differentiable.
 */
import { div, sub } from '../../diff/arithmetic.ts';
import { matmul } from '../../diff/product.ts';
import { reshape } from '../../diff/reshape.ts';
import { full, type Tensor } from '../../diff/tensor.ts';
import type { BeatWindow } from './beat-window.ts';
import { featureConstants } from './feature-constants.ts';
import type { TypicalReference } from './typical-beat.ts';

/** Times of the inputs relative to the R peak, s, and their frequency, Hz. Stored with a model. */
export const waveformConstants = { from: -0.25, to: 0.35, samplingFrequency: 180 } as const;

const { from, to, samplingFrequency: inputFrequency } = waveformConstants;

/** Number of times; each channel has as many inputs. */
export const waveformLength = Math.round((to - from) * inputFrequency) + 1;

/** Time of input `k`, s from the R peak. */
const timeOf = (k: number): number => from + k / inputFrequency;

/** Names of the inputs: the voltage at each time, then its deviation from the typical beat. */
export const waveformNames: readonly { readonly name: string; readonly unit: string }[] = [
  'voltage',
  'deviation',
].flatMap(channel =>
  Array.from({ length: waveformLength }, (_, k) => ({
    name: `${channel} at ${(1000 * timeOf(k)).toFixed(1)} ms`,
    unit: '',
  })),
);

/** Integral of the hat function max(0, 1 − |u|) from −∞ to `u`. */
function hatIntegral(u: number): number {
  if (u <= -1) return 0;
  if (u >= 1) return 1;
  return u <= 0 ? (u + 1) ** 2 / 2 : 1 - (1 - u) ** 2 / 2;
}

/**
 * The matrix `[window length, times]` that maps the samples of a window to the means of their linear interpolation over
 * 1/180 s around each time, minus the mean over the isoelectric interval before the QRS complex.
 */
function resamplingMatrix({ samplingFrequency, rIndex, length }: BeatWindow): Tensor {
  const matrix = full([length, waveformLength], 0);
  const weight = (sample: number, start: number, end: number): number => {
    const [first, last] = [start, end].map(t => rIndex + t * samplingFrequency - sample) as [number, number];
    return (hatIntegral(last) - hatIntegral(first)) / (last - first);
  };
  const [isoelectricFrom, isoelectricTo] = featureConstants.intervals.isoelectric;
  for (let sample = 0; sample < length; sample++) {
    const ofBaseline = weight(sample, isoelectricFrom, isoelectricTo);
    for (let k = 0; k < waveformLength; k++) {
      const centre = timeOf(k);
      const half = 0.5 / inputFrequency;
      matrix.data[sample * waveformLength + k] = weight(sample, centre - half, centre + half) - ofBaseline;
    }
  }
  return matrix;
}

/**
 * A function from windows `[beats, length]`, mV, to their waveform inputs `[beats, 2 · times]`, in peak-to-peak
 * amplitudes of the record's typical beat. Differentiable in both.
 */
export function createWaveformInputs(
  window: BeatWindow,
): (windows: Tensor, typical: Pick<TypicalReference, 'voltage' | 'peakToPeak'>) => Tensor {
  const once = resamplingMatrix(window);
  const [twice, ofDeviation] = [true, false].map(hasVoltage => {
    const matrix = full([window.length, 2 * waveformLength], 0);
    for (let sample = 0; sample < window.length; sample++) {
      const row = once.data.subarray(sample * waveformLength, (sample + 1) * waveformLength);
      if (hasVoltage) matrix.data.set(row, 2 * sample * waveformLength);
      matrix.data.set(row, (2 * sample + 1) * waveformLength);
    }
    return matrix;
  }) as [Tensor, Tensor];
  return (windows, { voltage, peakToPeak }) => {
    const ofTypical = matmul(reshape(voltage, [1, window.length]), ofDeviation);
    return div(sub(matmul(windows, twice), ofTypical), peakToPeak);
  };
}
