/**
 * Slopes of the QRS complex, beat by beat, in one lead.
 *
 * The complex is searched between its onset and offset. Its peak is its largest deflection, up or down, from the level
 * just before the onset. The upstroke is the steepest rise and the downstroke the steepest fall, each on its own side
 * of the peak: in an upright complex the upstroke leads to the peak (Q to R) and the downstroke follows it (R to S),
 * after Pueyo, Sörnmo & Laguna, IEEE Trans. Biomed. Eng. 55:468–477, 2008; in an inverted complex the downstroke leads
 * to the trough and the upstroke follows it. Inverting the signal thus exchanges the two and changes their signs. A
 * complex with two deflections of similar size may change its polarity from beat to beat.
 *
 * Common slope estimators differ by a factor of two; therefore every result states how it was computed.
 */
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { describeScheme, type Scheme } from '../../diff/scheme.ts';
import { type QrsBounds, unpacedQrsPlaces } from '../delineate/qrs-bounds.ts';
import { withoutPacing } from '../pacing/pacing.ts';
import { type LineSlope, lineSlope, lineSlopeAt } from './line-slope.ts';
import { type ComplexDerivative, complexDerivative, differentiateComplex } from './qrs-derivative.ts';

/**
 * The band to which the signal was filtered before the measurement, Hz; no filter was applied for an absent cut-off.
 */
export interface Band {
  readonly lowCutHz?: number;
  readonly highCutHz?: number;
  /** Mains frequency removed by notch filters, Hz. */
  readonly notchHz?: number;
  readonly baselineRemoved?: boolean;
}

/** Derivative scheme and windows of a slope measurement. */
export interface SlopeOptions {
  /** The derivative scheme; by default `defaultScheme` of the sampling frequency. */
  readonly scheme?: Scheme;
  /** Window of the least-squares lines, ms; by default `defaultWindowMs`. */
  readonly windowMs?: number;
  /** Stated in the provenance; no filter is applied here. */
  readonly band?: Band;
}

/** How the slopes of a result were computed. */
export interface SlopeProvenance {
  /** The derivative scheme, as `parseScheme` accepts it. */
  readonly scheme: string;
  /** The least-squares window, ms, its number of points, and the points per sample of the record. */
  readonly windowMs: number;
  readonly windowSamples: number;
  readonly upsampling: number;
  /** Sampling frequency, Hz. */
  readonly samplingFrequency: number;
  readonly band: Band;
}

/**
 * The slopes of one beat. A value that could not be measured is undefined; when no QRS onset or offset is found (at the
 * ends of the signal, in noise, or at invalid samples) only the R peak and the RR intervals are given.
 */
export interface BeatSlopes {
  /** The given R peak, sample index. */
  readonly rPeak: number;
  /** The largest deflection in the complex, sample index, and its direction. */
  readonly peakSample: number | undefined;
  readonly polarity: 'upright' | 'inverted' | undefined;
  /** The first and last sample of the complex, sample indices. */
  readonly qrsOnset: number | undefined;
  readonly qrsOffset: number | undefined;
  /** Duration from onset to offset, s. */
  readonly qrsDuration: number | undefined;
  /** Time from onset to peak, s: the R-wave peak time (intrinsicoid deflection). */
  readonly rPeakTime: number | undefined;
  /** Voltage at the peak relative to the level before the onset, mV; negative in an inverted complex. */
  readonly rAmplitude: number | undefined;
  /** Highest minus lowest voltage between onset and offset, mV. */
  readonly peakToPeak: number | undefined;
  readonly upstroke: Stroke | undefined;
  readonly downstroke: Stroke | undefined;
  /** RR intervals before and after the beat, s; undefined at the ends. */
  readonly rrBefore: number | undefined;
  readonly rrAfter: number | undefined;
}

/** An upstroke or downstroke. Slopes are signed: positive for an upstroke, negative for a downstroke. */
export interface Stroke {
  /** Steepest dV/dt by the scheme, mV/s: the maximum of the parabola through the steepest sample and its neighbours. */
  readonly slope: number;
  /** Its time from the first sample of the signal, s, and the nearest sample index. */
  readonly time: number;
  readonly sample: number;
  /** Slope of the least-squares line over the window centred there, mV/s. */
  readonly lineSlope: number | undefined;
  /** |slope| relative to the peak-to-peak amplitude, 1/s: independent of gain. */
  readonly slopePerAmplitude: number | undefined;
}

/** The slopes of a lead: one result per R peak, and how they were computed. */
export interface SlopeMeasurement {
  readonly provenance: SlopeProvenance;
  readonly beats: readonly BeatSlopes[];
}

/**
 * The default scheme: a quartic over 16 ms. In `scripts/study-estimators.ts` it has the least error in noise among the
 * schemes that lose at most 2 % of a noiseless slope at any QRS width and any sampling frequency from 250 Hz. Below 188
 * Hz 16 ms contain fewer than the five points of a quartic, and the five-point central difference is used, which equals
 * a quartic over five points. `samplingFrequency` is in Hz.
 */
export function defaultScheme(samplingFrequency: number): Scheme {
  const quartic: Scheme = { kind: 'savitzky-golay', windowMs: 16, degree: 4 };
  return oddWindowSamples(quartic.windowMs, samplingFrequency) > quartic.degree
    ? quartic
    : { kind: 'central', order: 4 };
}

/** Default window of the least-squares lines, ms. */
export const defaultWindowMs = 8;

/** Amplitudes are relative to the mean voltage over this time up to the onset, ms. */
const levelMs = 10;
/**
 * Measures the slopes of each beat of one lead: one result for each R peak. `lead` is in mV, invalid samples NaN or
 * infinite; pacing spikes are removed first. `samplingFrequency` is in Hz; `rPeaks` are ascending sample indices from a
 * detector or an annotator. For a least-squares window under three sampling intervals the signal is interpolated first,
 * by the factor `provenance.upsampling`.
 *
 * Throws `RangeError` for R peaks outside the signal or out of order, a sampling frequency that is not positive, a
 * `windowMs` over 1000 or under 1/125 of a sampling interval, or a scheme that is not possible at this sampling
 * frequency.
 *
 * @example measureSlopes(voltage, samplingFrequency, rPeaks).beats[1].upstroke.slope // => 102.8249…
 */
export function measureSlopes(
  lead: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  options: SlopeOptions = {},
): SlopeMeasurement {
  return measureUnpacedSlopes(withoutPacing(lead, samplingFrequency), samplingFrequency, rPeaks, options);
}

/** As `measureSlopes`, for a lead without pacing spikes. */
export function measureUnpacedSlopes(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  options: SlopeOptions = {},
): SlopeMeasurement {
  const { scheme = defaultScheme(samplingFrequency), windowMs = defaultWindowMs, band = {} } = options;
  const places = unpacedQrsPlaces(voltage, samplingFrequency, rPeaks);
  const line = lineSlope(windowMs, samplingFrequency);
  // Without a complex no derivative is needed; a signal too short for the scheme contains none.
  const hasComplex = places.some(({ onset, offset }) => onset !== undefined && offset !== undefined);
  const derivative = hasComplex ? complexDerivative(voltage.length, samplingFrequency, scheme) : undefined;
  const levelSamples = Math.max(1, Math.round((levelMs * samplingFrequency) / 1000));

  const beats: BeatSlopes[] = [];
  for (let beat = 0; beat < places.length; beat++) {
    const rPeak = rPeaks[beat]!;
    const rrBefore = beat === 0 ? undefined : (rPeak - rPeaks[beat - 1]!) / samplingFrequency;
    const rrAfter = beat === places.length - 1 ? undefined : (rPeaks[beat + 1]! - rPeak) / samplingFrequency;
    const shape = qrsShape(voltage, places[beat]!, levelSamples);
    if (derivative === undefined || shape === undefined) {
      beats.push({ rPeak, ...nothing, rrBefore, rrAfter });
      continue;
    }
    const { onset, offset, peak, height, peakToPeak } = shape;
    const upright = height > 0;
    differentiateComplex(derivative, voltage, { rPeak, onset, offset });
    const complex = { derivative, line, voltage, peakToPeak };
    const leading = strokeOf(complex, onset, peak, upright ? 1 : -1);
    const trailing = strokeOf(complex, peak, offset, upright ? -1 : 1);
    beats.push({
      rPeak,
      peakSample: peak,
      polarity: upright ? 'upright' : 'inverted',
      qrsOnset: onset,
      qrsOffset: offset,
      qrsDuration: (offset - onset) / samplingFrequency,
      rPeakTime: (peak - onset) / samplingFrequency,
      rAmplitude: height,
      peakToPeak,
      upstroke: upright ? leading : trailing,
      downstroke: upright ? trailing : leading,
      rrBefore,
      rrAfter,
    });
  }
  return { provenance: provenanceOf(scheme, line, samplingFrequency, band), beats };
}

/** A QRS complex and the derivative from which its slopes are measured. */
interface DifferentiatedComplex {
  readonly derivative: ComplexDerivative;
  readonly line: LineSlope;
  readonly voltage: Float64Array;
  readonly peakToPeak: number;
}

/** The steepest rise (`sign` 1) or fall (−1) between two samples; undefined when there is none. */
function strokeOf(
  { derivative, line, voltage, peakToPeak }: DifferentiatedComplex,
  from: number,
  to: number,
  sign: 1 | -1,
): Stroke | undefined {
  const { slope, start, shift, samplingFrequency } = derivative;
  const place = steepest(slope, from - start, to - start, sign);
  if (place === undefined) return undefined;
  const position = start + place.position + shift;
  return {
    slope: place.slope,
    time: position / samplingFrequency,
    sample: Math.round(position),
    lineSlope: lineSlopeAt(line, voltage, position),
    slopePerAmplitude: Math.abs(place.slope) / peakToPeak,
  };
}

const nothing = {
  peakSample: undefined,
  polarity: undefined,
  qrsOnset: undefined,
  qrsOffset: undefined,
  qrsDuration: undefined,
  rPeakTime: undefined,
  rAmplitude: undefined,
  peakToPeak: undefined,
  upstroke: undefined,
  downstroke: undefined,
};

function provenanceOf(
  scheme: Scheme,
  line: LineSlope,
  samplingFrequency: number,
  band: Band,
): SlopeProvenance {
  const { windowMs, windowSamples, upsampling } = line;
  return { scheme: describeScheme(scheme), windowMs, windowSamples, upsampling, samplingFrequency, band };
}

/** A QRS complex: its boundaries, its largest deflection from the level before it, and its peak-to-peak amplitude. */
interface QrsShape {
  readonly onset: number;
  readonly offset: number;
  readonly peak: number;
  readonly height: number;
  readonly peakToPeak: number;
}

/** The shape between two places in fractional samples; undefined where one is missing or the voltage is invalid. */
function qrsShape(voltage: Float64Array, places: QrsBounds, levelSamples: number): QrsShape | undefined {
  if (places.onset === undefined || places.offset === undefined) return undefined;
  const onset = Math.round(places.onset);
  const offset = Math.round(places.offset);
  let level = 0;
  const from = Math.max(0, onset - levelSamples + 1);
  for (let i = from; i <= onset; i++) level += voltage[i]!;
  level /= onset - from + 1;
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let peak = onset;
  let height = 0;
  for (let i = onset; i <= offset; i++) {
    const above = voltage[i]! - level;
    if (above - above !== 0) return undefined;
    if (above > highest) highest = above;
    if (above < lowest) lowest = above;
    if (Math.abs(above) > Math.abs(height)) {
      peak = i;
      height = above;
    }
  }
  return highest > lowest ? { onset, offset, peak, height, peakToPeak: highest - lowest } : undefined;
}

/**
 * Position and value of the maximum of `slope` · `sign` between two indices, on the parabola through the largest sample
 * and its neighbours. Undefined if no sample of the complex has a slope of that sign.
 */
function steepest(
  slope: Float64Array,
  from: number,
  to: number,
  sign: 1 | -1,
): { position: number; slope: number } | undefined {
  let at = from;
  for (let i = from; i <= to; i++) if (slope[i]! * sign > slope[at]! * sign) at = i;
  const top = slope[at]!;
  if (!(top * sign > 0) || !Number.isFinite(top)) return undefined;
  if (at === from || at === to) return { position: at, slope: top };
  const rise = (slope[at + 1]! - slope[at - 1]!) / 2;
  const curvature = slope[at + 1]! - 2 * top + slope[at - 1]!;
  if (curvature === 0) return { position: at, slope: top };
  const shift = -rise / curvature;
  return { position: at + shift, slope: top + (rise * shift) / 2 };
}
