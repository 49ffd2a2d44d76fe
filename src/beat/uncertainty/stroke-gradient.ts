/**
 * Gradients of QRS measurements with respect to the voltage of each sample, by automatic differentiation: of the
 * steepest slope, of its time, and of the time at which dV/dt is 0.
 */
import { div, mul, sub } from '../../diff/arithmetic.ts';
import { vjp } from '../../diff/grad.ts';
import { linear } from '../../diff/product.ts';
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { differentiator, type Scheme, schemeOffset } from '../../diff/scheme.ts';
import { slice } from '../../diff/slice.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';

/** Gradients ∂/∂V over consecutive samples. */
export interface Gradients {
  /** Gradient of the steepest slope, (mV/s)/mV. */
  readonly slope: Float64Array;
  /** Gradient of the time of the steepest slope, s/mV. */
  readonly time: Float64Array;
}

/** Gradient functions for one derivative scheme and sampling frequency. */
export interface StrokeGradients {
  /**
   * Gradients of the steepest slope at `position`, in samples; undefined near an end of the signal or near an invalid
   * sample.
   */
  steepest(voltage: Float64Array, position: number): Gradients | undefined;
  /**
   * The place nearest to a peak (a sample index) at which dV/dt is 0, in fractional samples; undefined near an end of
   * the signal, near an invalid sample, or where dV/dt has no zero within the reach of the scheme.
   */
  peakPlace(voltage: Float64Array, peak: number): number | undefined;
  /**
   * Gradient of the time at which dV/dt is 0 at a peak, s/mV: −(∂(dV/dt)/∂V)/(d²V/dt²) by the implicit function
   * theorem. Undefined near an end of the signal, near an invalid sample, or where d²V/dt² is 0.
   */
  peakTime(voltage: Float64Array, peak: number): Float64Array | undefined;
}

const one = (x: Tensor, k: number): Tensor => slice(x, [k], [k + 1]);
const unit = tensor([1]);

/**
 * Creates the gradient functions for a derivative scheme and a sampling frequency in Hz. Throws `RangeError` as
 * `differentiator` does.
 */
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
  /** Maximum of the parabola through three slopes, and its position relative to the middle one, in samples. */
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
      // At the end of the search range the steepest slope is that of the sample itself.
      const slope = gradientOf(isTop ? x => top(x)[0] : x => around(x)[1], v);
      const time = isTop ? gradientOf(x => top(x)[1], v).map(d => d / samplingFrequency) : slope.map(() => 0);
      return { slope, time };
    },
    peakPlace(voltage, peak) {
      const v = windowAt(voltage, peak);
      if (v === undefined) return undefined;
      const slope = operator.apply(Float64Array.from(v.data));
      let nearest: number | undefined;
      for (let i = reach >> 1; i < length - 1 - (reach >> 1); i++) {
        const [here, next] = [slope[i]!, slope[i + 1]!];
        if (here * next > 0 || here === next) continue;
        const place = i + here / (here - next) - middle + shift;
        if (nearest === undefined || Math.abs(place) < Math.abs(nearest)) nearest = place;
      }
      return nearest === undefined ? undefined : peak + nearest;
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
