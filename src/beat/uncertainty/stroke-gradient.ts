/**
 * How a measurement on a QRS complex changes with the voltage of each sample, from the derivative core: the steepest
 * slope, the times at which dV/dt is steepest and at which it is 0.
 */
import { div, mul, sub } from '../../diff/arithmetic.ts';
import { vjp } from '../../diff/grad.ts';
import { linear } from '../../diff/product.ts';
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { differentiator, type Scheme, schemeOffset } from '../../diff/scheme.ts';
import { slice } from '../../diff/slice.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';

/** ∂/∂V of consecutive samples. */
export interface Gradients {
  /** Of the steepest slope, (mV/s)/mV. */
  readonly slope: Float64Array;
  /** Of the time at which it is reached, s/mV. */
  readonly time: Float64Array;
}

/** Gradients around places of one scheme and rate. */
export interface StrokeGradients {
  /** Around a steepest point, by its place in samples; undefined near an end or over an invalid sample. */
  steepest(voltage: Float64Array, position: number): Gradients | undefined;
  /** Of the time at which dV/dt passes 0 at a peak, s/mV: −(∂(dV/dt)/∂V)/(d²V/dt²), as the implicit function theorem has it. */
  peakTime(voltage: Float64Array, peak: number): Float64Array | undefined;
}

const one = (x: Tensor, k: number): Tensor => slice(x, [k], [k + 1]);
const unit = tensor([1]);

/** Throws `RangeError` as `differentiator` does. */
export function strokeGradients(scheme: Scheme, samplingFrequency: number): StrokeGradients {
  const reach =
    scheme.kind === 'fft'
      ? 64
      : scheme.kind === 'savitzky-golay'
        ? oddWindowSamples(scheme.windowMs, samplingFrequency)
        : 9;
  const middle = reach + 1;
  const length = 2 * middle + 1;
  const operator = differentiator(scheme, length, samplingFrequency);
  const shift = schemeOffset(scheme);
  const windowAt = (voltage: Float64Array, centre: number): Tensor | undefined => {
    const from = centre - middle;
    if (from < 0 || from + length > voltage.length) return undefined;
    const cut = voltage.slice(from, from + length);
    return cut.every(Number.isFinite) ? tensor(cut) : undefined;
  };
  const around = (v: Tensor): readonly [Tensor, Tensor, Tensor] => {
    const slope = linear(operator, v);
    return [one(slope, middle - 1), one(slope, middle), one(slope, middle + 1)];
  };
  /** The top of the parabola through three slopes, and its place from the middle one in samples. */
  const top = (v: Tensor): readonly [slope: Tensor, place: Tensor] => {
    const [before, at, after] = around(v);
    const rise = mul(sub(after, before), tensor([0.5]));
    const curvature = sub(sub(after, at), sub(at, before));
    const place = mul(div(rise, curvature), tensor([-1]));
    return [sub(at, div(mul(rise, rise), mul(curvature, tensor([2])))), place];
  };
  const gradientOf = (f: (v: Tensor) => Tensor, v: Tensor): Float64Array =>
    Float64Array.from(vjp(f, v).pullback(unit)[0]!.data);
  return {
    steepest(voltage, position) {
      const v = windowAt(voltage, Math.round(position - shift));
      if (v === undefined) return undefined;
      const [before, at, after] = around(v).map(({ data }) => data[0]!) as [number, number, number];
      const isTop = Math.abs(at) >= Math.abs(before) && Math.abs(at) >= Math.abs(after);
      // At the edge of its search the steepest slope is that of the sample.
      const slope = gradientOf(isTop ? x => top(x)[0] : x => around(x)[1], v);
      const time = isTop ? gradientOf(x => top(x)[1], v).map(d => d / samplingFrequency) : slope.map(() => 0);
      return { slope, time };
    },
    peakTime(voltage, peak) {
      const v = windowAt(voltage, peak);
      if (v === undefined) return undefined;
      const [before, , after] = around(v).map(({ data }) => data[0]!) as [number, number, number];
      const second = ((after - before) / 2) * samplingFrequency;
      return second === 0 ? undefined : gradientOf(x => around(x)[1], v).map(d => -d / second);
    },
  };
}
