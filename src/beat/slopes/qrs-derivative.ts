/**
 * dV/dt of single QRS complexes: a derivative scheme applied to one complex after another in one buffer, so that the
 * cost is proportional to the number of beats and not to the length of the record.
 */
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { differentiator, type Scheme, schemeOffset } from '../../diff/scheme.ts';
import { farthestQrsBoundsMs } from '../delineate/qrs-bounds.ts';

/** Buffer lengths, ms; most complexes fit into one of them. */
const usualMs = [80, 110, 160];

/** The derivative of the complex that was processed last. */
export interface ComplexDerivative {
  readonly samplingFrequency: number;
  /** Offset of the time of a value from its index, in samples. */
  readonly shift: number;
  readonly slope: Float64Array;
  /** Index in the signal of the first value in `slope`. */
  start: number;
  /** Computes the derivative, mV/s, from `onset` to `offset` or further. */
  take(rPeak: number, onset: number, offset: number): void;
}

/**
 * Creates a differentiator for segments that contain a complex; it uses the shortest sufficient of a few lengths. All
 * lengths give the same values, because a stencil extends no further than `reachOf`; a scheme whose stencil is
 * unlimited has only one length. Throws `RangeError` for a scheme that is not possible at this sampling frequency (Hz)
 * or length.
 */
export function complexDerivative(
  voltage: Float64Array,
  samplingFrequency: number,
  scheme: Scheme,
): ComplexDerivative {
  const samples = (ms: number): number => Math.ceil((ms * samplingFrequency) / 1000);
  const reach = reachOf(scheme, samplingFrequency);
  const margin = Number.isFinite(reach) ? reach : 0;
  // The longest complex, and what the scheme depends on beyond it.
  const before = samples(-farthestQrsBoundsMs.onset) + margin;
  const after = samples(farthestQrsBoundsMs.offset) + margin;
  const longest = Math.min(voltage.length, before + after + 1);
  const slope = new Float64Array(longest);
  const stretches = [...usualMs.map(ms => samples(ms) + 2 * reach), longest]
    .filter(length => length <= longest)
    .map(length => ({
      length,
      operator: differentiator(scheme, length, samplingFrequency),
      // Copying so few samples costs less than creating a view of the signal.
      voltage: new Float64Array(length),
      slope: slope.subarray(0, length),
    }));
  return {
    samplingFrequency,
    shift: schemeOffset(scheme),
    slope,
    start: 0,
    take(rPeak, onset, offset) {
      const wanted = offset - onset + 1 + 2 * reach;
      let size = 0;
      while (size < stretches.length - 1 && stretches[size]!.length < wanted) size++;
      const stretch = stretches[size]!;
      const first = stretch.length < longest ? onset - reach : rPeak - before;
      this.start = Math.min(Math.max(0, first), voltage.length - stretch.length);
      for (let i = 0; i < stretch.length; i++) stretch.voltage[i] = voltage[this.start + i]!;
      stretch.operator.apply(stretch.voltage, stretch.slope);
    },
  };
}

/** The number of samples to either side that a value of the scheme depends on. */
function reachOf(scheme: Scheme, samplingFrequency: number): number {
  if (scheme.kind === 'fft') return Number.POSITIVE_INFINITY;
  if (scheme.kind === 'savitzky-golay') return oddWindowSamples(scheme.windowMs, samplingFrequency);
  return 8;
}
