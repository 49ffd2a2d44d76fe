/** Conversion of signals to ADC values within the range of a signal format. */
import { InputError } from '../input-error.ts';
import { toAscii } from './ascii.ts';
import type { SignalFormat } from './formats.ts';
import type { SignalHeader } from './header.ts';

interface SignalOfAnyKind {
  readonly name: string;
  /** Physical units, without spaces; empty units are written as `NU`. */
  readonly units: string;
  /** Hz; default: that of the record. */
  readonly samplingFrequency?: number;
  readonly calibrated?: boolean;
  readonly header?: Pick<SignalHeader, 'adcResolution' | 'adcZero'>;
  /**
   * Delay of this signal in the file relative to the others, in its samples, a whole number of frames; default 0.
   * Readers undo it as stated in the header.
   */
  readonly skew?: number;
}

/** A signal to write, given by ADC values; a `Signal` qualifies. */
export interface SignalToWrite extends SignalOfAnyKind {
  /** ADC units per physical unit. */
  readonly adcGain: number;
  readonly baseline: number;
  readonly adc: Int32Array;
  /** If given, NaN marks a sample as invalid, whatever its value in `adc`. */
  readonly physical?: Float64Array;
}

/** A signal to write, given by physical values, with an optional gain and baseline. */
export interface PhysicalSignalToWrite extends SignalOfAnyKind {
  readonly adcGain?: number;
  readonly baseline?: number;
  readonly adc?: undefined;
  readonly physical: Float64Array;
}

/** A signal whose ADC values are within the range of a format, with invalid samples in the format's code. */
export interface WritableSignal {
  readonly name: string;
  readonly units: string;
  readonly adcGain: number;
  readonly baseline: number;
  readonly calibrated: boolean;
  readonly adcResolution: number;
  readonly adcZero: number;
  readonly adc: Int32Array;
}

/**
 * Converts a signal to a format. With `keep`, ADC values are unchanged, or computed from physical values and the given
 * gain. With `choose`, or without a gain, gain and baseline are chosen so that the values use the range of the format,
 * and the values are rounded. Throws `RangeError` as `writeRecord` does.
 */
export function digitise(
  signal: SignalToWrite | PhysicalSignalToWrite,
  number: number,
  format: SignalFormat,
  gains: 'keep' | 'choose',
): WritableSignal {
  const name = checkedText(toAscii(signal.name.trim()), 'signal name', /[\p{Cc}\u2028\u2029]/u);
  const units = checkedText(
    toAscii(signal.units.trim()).replace(/\s+/g, '_') || 'NU',
    'unit',
    /[\p{Cc}\u2028\u2029]/u,
  );
  const { adc, physical, header } = signal;
  if (adc !== undefined && physical !== undefined && adc.length !== physical.length) {
    throw new InputError(
      `signal '${name}' has ${adc.length} ADC values and ${physical.length} physical ones`,
    );
  }
  const hasScale = signal.adcGain !== undefined && signal.adcGain !== 0;
  const isKept = gains === 'keep' && (hasScale || physical === undefined);
  const values = physical ?? toPhysical(adc!, signal.adcGain ?? 200, signal.baseline ?? 0);
  const { adcGain, baseline } = isKept
    ? { adcGain: signal.adcGain ?? 200, baseline: signal.baseline ?? 0 }
    : chooseScale(values, format, number);
  checkScale(name, adcGain, baseline);
  const stored = new Int32Array(values.length);
  for (let i = 0; i < stored.length; i++) {
    if (physical !== undefined && Number.isNaN(physical[i])) {
      if (format.invalid === undefined) {
        throw new InputError(`signal '${name}', sample ${i}: format ${number} cannot hold an invalid sample`);
      }
      stored[i] = format.invalid;
      continue;
    }
    // Checked before storing, since conversion to 32 bits would wrap a larger value into the range.
    const value = isKept && adc !== undefined ? adc[i]! : Math.round(values[i]! * adcGain + baseline);
    const held = format.kind === 'difference' ? value - (i === 0 ? value : stored[i - 1]!) : value;
    if (!fits(held, format)) throw outOfRange(`signal '${name}', sample ${i}`, held, number, format);
    stored[i] = value;
  }
  return {
    name,
    units,
    adcGain,
    baseline,
    calibrated: isKept ? (signal.calibrated ?? hasScale) : true,
    adcResolution: (isKept ? header?.adcResolution : undefined) ?? format.bits,
    adcZero: (isKept ? header?.adcZero : undefined) ?? 0,
    adc: stored,
  };
}

function checkScale(name: string, adcGain: number, baseline: number): void {
  if (bounded(Math.abs(adcGain)) !== Math.abs(adcGain) || (baseline | 0) !== baseline) {
    throw new InputError(
      `signal '${name}': a header cannot hold gain ${adcGain} and baseline ${baseline}; have them chosen`,
    );
  }
}

const fits = (held: number, { least, most, invalid }: SignalFormat): boolean =>
  (held >= least && held <= most) || held === invalid;

function outOfRange(where: string, held: number, number: number, format: SignalFormat): InputError {
  return new InputError(
    `${where}: ${format.kind === 'difference' ? 'a step of ' : ''}${held} does not fit format ${number} (${format.least} to ${format.most}) at this gain; gains can be chosen to fit`,
  );
}

function toPhysical(adc: Int32Array, adcGain: number, baseline: number): Float64Array {
  return Float64Array.from(adc, value => (value - baseline) / adcGain);
}

/**
 * Chooses a gain and baseline that map the smallest value to the minimum of the format and the largest close to its
 * maximum. Baselines stay within 32 bits. A flat signal is treated as one unit high; in format 8 the differences, not
 * the values, use the range.
 */
function chooseScale(
  values: Float64Array,
  format: SignalFormat,
  number: number,
): { adcGain: number; baseline: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let step = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Math.abs(value) === Number.POSITIVE_INFINITY) {
      throw new InputError(`sample ${i} is ${value}: format ${number} cannot hold it`);
    }
    if (value < least) least = value;
    if (value > most) most = value;
    if (i > 0) step = Math.max(step, Math.abs(value - values[i - 1]!) || 0);
  }
  if (!(least <= most)) return { adcGain: 1, baseline: 0 };
  if (least === most) return { adcGain: least === 0 ? 1 : bounded(1 / Math.abs(least)), baseline: 0 };
  // One unit is left for the rounding of the baseline; a step of differences has two roundings. Half of 32 bits is all
  // that leaves the baseline in 32 bits too.
  const bottom = format.kind === 'difference' ? 0 : Math.max(format.least, -(2 ** 30));
  const top = Math.min(format.most, 2 ** 30);
  const full = format.kind === 'difference' ? 125 / step : (top - bottom - 1) / (most - least);
  const farthest = Math.max(Math.abs(least), Math.abs(most));
  const adcGain = bounded(Math.min(full, 2 ** 30 / farthest));
  return { adcGain, baseline: Math.ceil(bottom - least * adcGain) };
}

/** Headers hold gains from 1e-100 to 1e100. */
const bounded = (gain: number): number => Math.min(1e100, Math.max(1e-100, gain));

function checkedText(text: string, what: string, forbidden: RegExp): string {
  if (forbidden.test(text)) throw new InputError(`a header cannot hold the ${what} ${JSON.stringify(text)}`);
  return text;
}
