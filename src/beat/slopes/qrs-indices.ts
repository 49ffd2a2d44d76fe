/**
 * Published indices of ventricular conduction from the QRS complex of one lead, given the onsets and offsets that
 * `measureSlopes` found. Amplitude thresholds are fractions of the complex's own peak-to-peak amplitude, so a gain
 * scales only the slopes.
 *
 * Surface slopes reflect conduction velocity only indirectly: amplitude, lead position and muscle mass also affect
 * them. They should be interpreted together with the QRS duration and the slope per amplitude.
 */
import { withoutPacing } from '../pacing/pacing.ts';
import { type LineSlope, lineSlope, lineSlopeAt } from './line-slope.ts';
import {
  type BeatSlopes,
  defaultWindowMs,
  type SlopeOptions,
  type SlopeProvenance,
} from './measure-slopes.ts';

/** Indices of one beat; a wave that is absent, or an index over an invalid sample, is undefined. */
export interface QrsIndices {
  /** Extrema of the Q, R and S waves, sample indices; a wave under 5 % of the peak-to-peak amplitude is absent. */
  readonly q: number | undefined;
  readonly r: number | undefined;
  readonly s: number | undefined;
  /** Upward slope Q → R and downward slope R → S, mV/s (Pueyo, Sörnmo & Laguna 2008). */
  readonly ius: number | undefined;
  readonly ids: number | undefined;
  /** Upward slope of the terminal S, mV/s (Romero et al., IEEE Trans. Biomed. Eng. 58:110–120, 2011). */
  readonly its: number | undefined;
  /** Net voltage change of the first over that of the last 40 ms (Vereckei et al., Eur. Heart J. 28:589–600, 2007). */
  readonly initialOverTerminal: number | undefined;
  /** Number of deflections to either side of the level at the onset, e.g. 3 for qRS. */
  readonly deflections: number | undefined;
  /** Number of notches within deflections, as in fragmented QRS (Das et al., Circulation 113:2495–2501, 2006). */
  readonly notches: number | undefined;
  /**
   * Duration that contains the middle 90 % of ∫(dV/dt)²dt from 120 ms before to 180 ms after the R peak, at most
   * halfway to the neighbouring beats, s: a measure of QRS width that needs no onset. Undefined when the signal does
   * not extend that far.
   */
  readonly slopeEnergyWidth: number | undefined;
}

/** The indices of a lead: one result per beat, and how they were computed. */
export interface QrsIndicesMeasurement {
  /** Provenance of the lines of IUS, IDS and ITS, which use no derivative scheme. */
  readonly provenance: Omit<SlopeProvenance, 'scheme'>;
  readonly beats: readonly QrsIndices[];
}

const waveFraction = 0.05;
const velocityMs = 40;
const energyBeforeMs = 120;
const energyAfterMs = 180;
const energyTail = 0.05;

/**
 * The indices of each beat. `lead` is the voltage in mV, from which pacing spikes are removed first, `samplingFrequency`
 * is in Hz, and `beats` are the result of `measureSlopes`; `windowMs` is the window of the least-squares lines of IUS, IDS and ITS, by default 8 ms as in the
 * papers. Each line is the steepest of those centred within the steepest step of its flank: on the step's two samples
 * and, where the signal is interpolated, at the positions between them.
 *
 * Throws `RangeError` for a window that `measureSlopes` does not accept.
 *
 * @example
 * const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
 * const { ius, ids } = measureQrsIndices(voltage, samplingFrequency, beats).beats[1];
 * [ius, ids].map(Math.round) // => [102, -157]
 */
export function measureQrsIndices(
  lead: Float64Array,
  samplingFrequency: number,
  beats: readonly BeatSlopes[],
  options: Pick<SlopeOptions, 'windowMs' | 'band'> = {},
): QrsIndicesMeasurement {
  const { windowMs = defaultWindowMs, band = {} } = options;
  const voltage = withoutPacing(lead, samplingFrequency);
  const line = lineSlope(windowMs, samplingFrequency);
  const { windowSamples, upsampling } = line;
  return {
    provenance: { windowMs, windowSamples, upsampling, samplingFrequency, band },
    beats: beats.map((beat, k) => ({
      ...flanks(voltage, beat, line),
      initialOverTerminal: initialOverTerminal(voltage, samplingFrequency, beat),
      ...fragmentation(voltage, beat),
      slopeEnergyWidth: slopeEnergyWidth(
        voltage,
        samplingFrequency,
        beat.rPeak,
        beats[k - 1]?.rPeak,
        beats[k + 1]?.rPeak,
      ),
    })),
  };
}

type Flanks = Pick<QrsIndices, 'q' | 'r' | 's' | 'ius' | 'ids' | 'its'>;

const noFlanks: Flanks = {
  q: undefined,
  r: undefined,
  s: undefined,
  ius: undefined,
  ids: undefined,
  its: undefined,
};

/**
 * Q, R and S, and the slopes of the flanks between them. Without a Q wave the upward flank begins at the onset; a QS
 * complex has no R wave.
 */
function flanks(voltage: Float64Array, beat: BeatSlopes, line: LineSlope): Flanks {
  const { qrsOnset: onset, qrsOffset: offset, peakToPeak } = beat;
  if (onset === undefined || offset === undefined || peakToPeak === undefined) return noFlanks;
  const least = waveFraction * peakToPeak;
  const top = extreme(voltage, onset, offset, 1);
  const r = voltage[top]! - voltage[onset]! >= least ? top : undefined;
  const lowBefore = extreme(voltage, onset, r ?? onset, -1);
  const q = voltage[onset]! - voltage[lowBefore]! >= least ? lowBefore : undefined;
  const lowAfter = extreme(voltage, r ?? onset, offset, -1);
  const s = voltage[offset]! - voltage[lowAfter]! >= least ? lowAfter : undefined;
  return {
    q,
    r,
    s,
    ius: r === undefined ? undefined : flankSlope(voltage, line, q ?? onset, r, 1),
    ids: r === undefined ? undefined : flankSlope(voltage, line, r, s ?? offset, -1),
    its: s === undefined ? undefined : flankSlope(voltage, line, s, offset, 1),
  };
}

/** Index of the highest (`sign` 1) or lowest (−1) sample from `from` to `to`. */
function extreme(voltage: Float64Array, from: number, to: number, sign: 1 | -1): number {
  let at = from;
  for (let i = from; i <= to; i++) if (voltage[i]! * sign > voltage[at]! * sign) at = i;
  return at;
}

function flankSlope(
  voltage: Float64Array,
  line: LineSlope,
  from: number,
  to: number,
  sign: 1 | -1,
): number | undefined {
  let at = from;
  let largest = 0;
  for (let i = from; i < to; i++) {
    const step = (voltage[i + 1]! - voltage[i]!) * sign;
    if (step > largest) {
      largest = step;
      at = i;
    }
  }
  if (largest === 0) return undefined;
  let steepest = Number.NEGATIVE_INFINITY;
  for (let place = 0; place <= line.upsampling; place++) {
    const slope = lineSlopeAt(line, voltage, at + place / line.upsampling);
    if (slope !== undefined && slope * sign > steepest) steepest = slope * sign;
  }
  return Number.isFinite(steepest) ? steepest * sign : undefined;
}

/**
 * The ratio of Vereckei et al.; undefined for a complex under 40 ms or one without a net change over its last 40 ms.
 */
function initialOverTerminal(
  voltage: Float64Array,
  samplingFrequency: number,
  { qrsOnset: onset, qrsOffset: offset }: BeatSlopes,
): number | undefined {
  const span = Math.round((velocityMs * samplingFrequency) / 1000);
  if (onset === undefined || offset === undefined || offset - onset < span) return undefined;
  const initial = Math.abs(voltage[onset + span]! - voltage[onset]!);
  const terminal = Math.abs(voltage[offset]! - voltage[offset - span]!);
  const ratio = initial / terminal;
  return Number.isFinite(ratio) ? ratio : undefined;
}

/**
 * Counts turning points that differ by at least 5 % of the peak-to-peak amplitude, and deflections on either side of
 * the onset level by as much. A deflection without a notch has one turning point, and each notch adds two.
 */
function fragmentation(voltage: Float64Array, beat: BeatSlopes): Pick<QrsIndices, 'deflections' | 'notches'> {
  const { qrsOnset: onset, qrsOffset: offset, peakToPeak } = beat;
  if (onset === undefined || offset === undefined || peakToPeak === undefined) {
    return { deflections: undefined, notches: undefined };
  }
  const least = waveFraction * peakToPeak;
  const level = voltage[onset]!;
  let turns = 0;
  let deflections = 0;
  let side = 0;
  let direction = 0;
  let lowest = level;
  let highest = level;
  for (let i = onset; i <= offset; i++) {
    const v = voltage[i]!;
    const sideNow = v - level > least ? 1 : level - v > least ? -1 : 0;
    if (sideNow !== 0 && sideNow !== side) {
      side = sideNow;
      deflections++;
    }
    lowest = Math.min(lowest, v);
    highest = Math.max(highest, v);
    if (direction >= 0 && highest - v > least) {
      if (direction > 0) turns++;
      direction = -1;
      lowest = v;
    } else if (direction <= 0 && v - lowest > least) {
      if (direction < 0) turns++;
      direction = 1;
      highest = v;
    }
  }
  return { deflections, notches: Math.max(0, Math.floor((turns - deflections) / 2)) };
}

function slopeEnergyWidth(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeak: number,
  previous: number | undefined,
  next: number | undefined,
): number | undefined {
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  // Steps between samples i and i + 1, at most halfway to the neighbouring beats.
  const from = Math.max(rPeak - samples(energyBeforeMs), Math.ceil((rPeak + (previous ?? -Infinity)) / 2));
  const to = Math.min(rPeak + samples(energyAfterMs), Math.floor((rPeak + (next ?? Infinity)) / 2));
  if (from < 0 || to > voltage.length - 1) return undefined;
  let energy = 0;
  for (let i = from; i < to; i++) energy += (voltage[i + 1]! - voltage[i]!) ** 2;
  if (!(energy > 0 && energy < Number.POSITIVE_INFINITY)) return undefined;
  let sum = 0;
  let begin: number | undefined;
  for (let i = from; i < to; i++) {
    const step = (voltage[i + 1]! - voltage[i]!) ** 2;
    if (begin === undefined && sum + step >= energyTail * energy)
      begin = i + (energyTail * energy - sum) / step;
    if (sum + step >= (1 - energyTail) * energy) {
      const end = i + ((1 - energyTail) * energy - sum) / step;
      return (end - begin!) / samplingFrequency;
    }
    sum += step;
  }
  return undefined;
}
