/**
 * Amplitudes of the waves of a beat in one lead, and the level and slope of its ST segment. All are relative to the
 * level before the QRS complex.
 */
import { levelBeforeQrs, meanOf } from '../delineate/isoelectric-level.ts';
import type { QrsWaves } from '../delineate/qrs-waves.ts';
import type { WaveBorders } from './beat-intervals.ts';

/**
 * Amplitudes relative to the level before the QRS complex, mV; Q and S are negative. Undefined for a wave that is
 * absent in the lead.
 */
export interface WaveAmplitudes {
  /** P relative to the line between its onset and offset. */
  readonly p: number | undefined;
  readonly q: number | undefined;
  readonly r: number | undefined;
  readonly s: number | undefined;
  /** R′: the next R wave after the S wave. */
  readonly rPrime: number | undefined;
  readonly t: number | undefined;
  /** Sequence of the QRS deflections, in lower case below 0.5 mV: `qRs`, `rSR′`, `QS`. */
  readonly pattern: string;
}

/**
 * The ST segment. A value is undefined without QRS boundaries, beyond the end of the signal or over an invalid sample.
 */
export interface StSegment {
  /** Voltage relative to the level before the QRS complex at the J point and 40, 60 and 80 ms after it, mV. */
  readonly j: number | undefined;
  readonly j40: number | undefined;
  readonly j60: number | undefined;
  readonly j80: number | undefined;
  /** Slope of the least-squares line from J to J + 80 ms, mV/s. */
  readonly slope: number | undefined;
}

/** Duration of the mean of an ST voltage, centred on its time, ms. */
export const stPointMs = 8;
export const slopeMs = 80;

/**
 * Amplitudes of one beat. `voltage` is in mV, `samplingFrequency` in Hz, `borders` are sample indices, and `waves` those
 * of its QRS complex. Undefined without them, or over an invalid sample before the complex.
 */
export function waveAmplitudes(
  voltage: Float64Array,
  samplingFrequency: number,
  { qrsOnset, pOnset, pPeak, pOffset, tPeak }: WaveBorders,
  waves: QrsWaves | undefined,
): WaveAmplitudes | undefined {
  const level = levelBeforeQrs(voltage, samplingFrequency, qrsOnset);
  if (level === undefined || waves === undefined) return undefined;
  const { q, r, s, rPrime, pattern } = waves;
  return {
    p:
      pOnset === undefined || pPeak === undefined || pOffset === undefined
        ? undefined
        : finite(voltage[pPeak]! - lineAt(voltage, pOnset, pOffset, pPeak)),
    q: q?.amplitude,
    r: r?.amplitude,
    s: s?.amplitude,
    rPrime: rPrime?.amplitude,
    t: tPeak === undefined ? undefined : finite(voltage[tPeak]! - level),
    pattern,
  };
}

/**
 * Measures the ST segment of one beat. `voltage` is in mV, `samplingFrequency` in Hz, and `borders` are sample indices.
 */
export function stSegment(voltage: Float64Array, samplingFrequency: number, borders: WaveBorders): StSegment {
  const { qrsOnset, qrsOffset } = borders;
  const level = levelBeforeQrs(voltage, samplingFrequency, qrsOnset);
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  const half = samples(stPointMs / 2);
  const at = (ms: number): number | undefined => {
    if (level === undefined || qrsOffset === undefined) return undefined;
    const place = qrsOffset + samples(ms);
    // Samples before the J point belong to the QRS complex.
    const mean = meanOf(voltage, Math.max(qrsOffset, place - half), place + half);
    return mean === undefined ? undefined : mean - level;
  };
  return {
    j: at(0),
    j40: at(40),
    j60: at(60),
    j80: at(80),
    slope:
      qrsOffset === undefined
        ? undefined
        : lineSlopeOf(voltage, qrsOffset, qrsOffset + samples(slopeMs), samplingFrequency),
  };
}

function lineSlopeOf(
  voltage: Float64Array,
  from: number,
  to: number,
  samplingFrequency: number,
): number | undefined {
  const middle = (from + to) / 2;
  if (from < 0 || to >= voltage.length || to <= from) return undefined;
  let product = 0;
  let squares = 0;
  for (let i = from; i <= to; i++) {
    product += (i - middle) * voltage[i]!;
    squares += (i - middle) ** 2;
  }
  return finite((product / squares) * samplingFrequency);
}

const lineAt = (voltage: Float64Array, from: number, to: number, at: number): number =>
  to === from
    ? voltage[from]!
    : voltage[from]! + ((voltage[to]! - voltage[from]!) * (at - from)) / (to - from);

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
