/**
 * dV/dt of single QRS complexes: a derivative scheme applied to one complex after another in one buffer, so that the
 * cost is proportional to the number of beats and not to the length of the record.
 */
import type { LinearOperator } from '../../diff/operator.ts';
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { describeScheme, differentiator, type Scheme, schemeOffset } from '../../diff/scheme.ts';
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
  /** Samples before the R peak from which the longest complex is differentiated, and to either side of a shorter one. */
  readonly before: number;
  readonly reach: number;
  /** By increasing length. */
  readonly buffers: readonly ComplexBuffer[];
}

/** The operator for segments of one length, with room for a segment and its derivative. */
interface ComplexBuffer {
  readonly operator: LinearOperator;
  readonly voltage: Float64Array;
  readonly slope: Float64Array;
}

/** The last one is kept, because a batch measures many leads of the same sampling frequency. */
let latest: { readonly key: string; readonly derivative: ComplexDerivative } | undefined;

/**
 * Creates a differentiator for segments that contain a complex; it uses the shortest sufficient of a few lengths. All
 * lengths give the same values, because a stencil extends no further than `reachOf`; a scheme whose stencil is
 * unlimited has only one length. It is valid until the next call. Throws `RangeError` for a scheme that is not possible
 * at this sampling frequency (Hz) or for a signal of `length` samples.
 */
export function complexDerivative(
  length: number,
  samplingFrequency: number,
  scheme: Scheme,
): ComplexDerivative {
  const samples = (ms: number): number => Math.ceil((ms * samplingFrequency) / 1000);
  const reach = reachOf(scheme, samplingFrequency);
  const margin = Number.isFinite(reach) ? reach : 0;
  // The longest complex, and what the scheme depends on beyond it.
  const before = samples(-farthestQrsBoundsMs.onset) + margin;
  const after = samples(farthestQrsBoundsMs.offset) + margin;
  const longest = Math.min(length, before + after + 1);
  const key = `${describeScheme(scheme)} ${samplingFrequency} ${longest}`;
  if (latest?.key === key) return latest.derivative;
  const slope = new Float64Array(longest);
  const buffers = [...usualMs.map(ms => samples(ms) + 2 * reach), longest]
    .filter(size => size <= longest)
    .map(size => ({
      operator: differentiator(scheme, size, samplingFrequency),
      // Copying so few samples costs less than creating a view of the signal.
      voltage: new Float64Array(size),
      slope: slope.subarray(0, size),
    }));
  const derivative = {
    samplingFrequency,
    shift: schemeOffset(scheme),
    slope,
    start: 0,
    before,
    reach,
    buffers,
  };
  latest = { key, derivative };
  return derivative;
}

/** Computes the derivative of a complex, mV/s, from `onset` to `offset` or further. */
export function differentiateComplex(
  derivative: ComplexDerivative,
  voltage: Float64Array,
  { rPeak, onset, offset }: { readonly rPeak: number; readonly onset: number; readonly offset: number },
): void {
  const { buffers, before, reach } = derivative;
  const wanted = offset - onset + 1 + 2 * reach;
  const last = buffers.length - 1;
  let size = 0;
  while (size < last && buffers[size]!.voltage.length < wanted) size++;
  const buffer = buffers[size]!;
  const { length } = buffer.voltage;
  const first = length < buffers[last]!.voltage.length ? onset - reach : rPeak - before;
  const start = Math.min(Math.max(0, first), voltage.length - length);
  for (let i = 0; i < length; i++) buffer.voltage[i] = voltage[start + i]!;
  buffer.operator.apply(buffer.voltage, buffer.slope);
  derivative.start = start;
}

/** The number of samples to either side that a value of the scheme depends on. */
function reachOf(scheme: Scheme, samplingFrequency: number): number {
  if (scheme.kind === 'fft') return Number.POSITIVE_INFINITY;
  if (scheme.kind === 'savitzky-golay') return (oddWindowSamples(scheme.windowMs, samplingFrequency) - 1) / 2;
  return 8;
}
