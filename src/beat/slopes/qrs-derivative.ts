/**
 * dV/dt where the beats are: a scheme of `diff/` over one QRS complex after another, in one buffer, so that the cost
 * goes with the number of beats and not with the length of the record.
 */
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { differentiator, type Scheme, schemeOffset } from '../../diff/scheme.ts';

/** dV/dt is taken from and to here around the R peak: further than any complex reaches, by a scheme's own end. */
const beforeMs = 200;
const afterMs = 270;
/** Most complexes are no longer than these. */
const usualMs = [80, 110, 160];

/** The slopes of the complex last taken. */
export interface ComplexDerivative {
  readonly samplingFrequency: number;
  /** Where a value belongs, in samples after its index. */
  readonly shift: number;
  readonly slope: Float64Array;
  /** Index in the signal of the first value in `slope`. */
  start: number;
  /** Takes the derivative at least from `onset` to `offset`. */
  take(rPeak: number, onset: number, offset: number): void;
}

/**
 * The scheme over a stretch that holds the complex: of the lengths at hand the shortest that does. All give the same
 * values, for a stencil reaches no further than `reachOf` says; a scheme of unlimited reach has one length. Throws
 * `RangeError` for a scheme that cannot work at this rate or over so short a signal.
 */
export function complexDerivative(
  voltage: Float64Array,
  samplingFrequency: number,
  scheme: Scheme,
): ComplexDerivative {
  const samples = (ms: number): number => Math.ceil((ms * samplingFrequency) / 1000);
  const before = samples(beforeMs);
  const longest = Math.min(voltage.length, before + samples(afterMs) + 1);
  const reach = reachOf(scheme, samplingFrequency);
  const slope = new Float64Array(longest);
  const stretches = [...usualMs.map(ms => samples(ms) + 2 * reach), longest]
    .filter(length => length <= longest)
    .map(length => ({
      length,
      operator: differentiator(scheme, length, samplingFrequency),
      // Copied to, because a view of the signal costs more than so few samples.
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

/** How many samples to either side a scheme's value depends on, and its ends take to be its own. */
function reachOf(scheme: Scheme, samplingFrequency: number): number {
  if (scheme.kind === 'fft') return Number.POSITIVE_INFINITY;
  if (scheme.kind === 'savitzky-golay') return oddWindowSamples(scheme.windowMs, samplingFrequency);
  return 8;
}
