/** A beat with another upstroke: its QRS complex made steeper, wider or larger, everything around it left as it is. */
import { InputError } from '../../input-error.ts';

/** Factors; 1 leaves the beat as recorded. */
export interface Shape {
  /** The upstroke takes 1/slope of its time. */
  readonly slope: number;
  /** The whole complex takes so many times as long. */
  readonly width: number;
  /** The complex is so many times as high. */
  readonly amplitude: number;
}

export const asRecorded: Shape = { slope: 1, width: 1, amplitude: 1 };

/** Where the complex is, sample indices in the window, and which way its largest deflection points. */
export interface Complex {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
  readonly isUpright: boolean;
}

/**
 * The voltage of a beat's window with its complex reshaped. The complex is what rises over the straight line from onset
 * to offset; it is stretched in time about its peak, on the side of the upstroke by width/slope, on the other by width,
 * and scaled. Throws `RangeError` for a complex outside the window or factors that are not positive.
 */
export function reshapeBeat(voltage: Float64Array, complex: Complex, shape: Shape): Float64Array {
  const { onset, peak, offset, isUpright } = complex;
  if (!(onset >= 0 && onset <= peak && peak <= offset && offset < voltage.length)) {
    throw new InputError(
      `the complex ${onset} … ${peak} … ${offset} lies outside the ${voltage.length} samples`,
    );
  }
  for (const factor of Object.values(shape)) {
    if (!(factor > 0)) throw new InputError(`a factor of the shape is positive, not ${factor}`);
  }
  const length = offset - onset;
  const lineAt = (sample: number): number =>
    length === 0
      ? voltage[onset]!
      : voltage[onset]! + ((sample - onset) / length) * (voltage[offset]! - voltage[onset]!);
  /** Height over the line at a place between samples; 0 outside the complex. */
  const heightAt = (place: number): number => {
    if (place <= onset || place >= offset) return 0;
    const before = Math.floor(place);
    const here = voltage[before]! - lineAt(before);
    const next = voltage[before + 1]! - lineAt(before + 1);
    return here + (place - before) * (next - here);
  };
  return voltage.map((value, sample) => {
    const base = sample > onset && sample < offset ? lineAt(sample) : value;
    const isUpstroke = isUpright ? sample < peak : sample > peak;
    const stretch = isUpstroke ? shape.width / shape.slope : shape.width;
    return base + shape.amplitude * heightAt(peak + (sample - peak) / stretch);
  });
}
