/** Modification of a beat's QRS complex: steeper, wider or larger, with everything around it unchanged. */
import { InputError } from '../../input-error.ts';

/** Factors of the modification; 1 leaves the beat unchanged. */
export interface Shape {
  /** Factor on the slope of the upstroke, whose duration is divided by it. */
  readonly slope: number;
  /** Factor on the duration of the complex. */
  readonly width: number;
  /** Factor on the amplitude of the complex. */
  readonly amplitude: number;
}

export const asRecorded: Shape = { slope: 1, width: 1, amplitude: 1 };

/** The QRS complex in the window, sample indices, and the direction of its largest deflection. */
export interface Complex {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
  readonly isUpright: boolean;
}

/**
 * The voltage of a beat's window with its QRS complex modified. The complex is the difference from the straight line
 * between onset and offset; it is scaled in time about its peak, by width/slope on the side of the upstroke and by
 * width on the other, and in amplitude. Throws `RangeError` for a complex outside the window or factors that are not
 * positive.
 */
export function reshapeBeat(voltage: Float64Array, complex: Complex, shape: Shape): Float64Array {
  const { onset, peak, offset, isUpright } = complex;
  if (!(onset >= 0 && onset <= peak && peak <= offset && offset < voltage.length)) {
    throw new InputError(
      `the complex ${onset} … ${peak} … ${offset} lies outside the ${voltage.length} samples`,
    );
  }
  for (const factor of Object.values(shape)) {
    if (!(factor > 0)) throw new InputError(`a factor must be positive, not ${factor}`);
  }
  const length = offset - onset;
  const lineAt = (sample: number): number =>
    length === 0
      ? voltage[onset]!
      : voltage[onset]! + ((sample - onset) / length) * (voltage[offset]! - voltage[onset]!);
  /** Difference from the line at a position between samples; 0 outside the complex. */
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
