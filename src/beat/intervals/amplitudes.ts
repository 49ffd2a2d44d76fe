/**
 * Amplitudes of the waves of a beat in one lead, and the level and slope of its ST segment. All are relative to the
 * level before the QRS complex.
 */
import { type NoiseModel, noiseVariance } from '../uncertainty/noise-model.ts';
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

/** Durations of the means, ms: of the level, up to the QRS onset; of an ST voltage, centred on its time. */
export const levelMs = 20;
export const stPointMs = 8;
/** Smallest deflection, as a fraction of the peak-to-peak amplitude of the QRS complex. */
const leastShare = 0.05;
/**
 * A deflection stands out from noise when its mean over this time, ms, is at least this many standard deviations of
 * such a mean.
 */
const deflectionMs = 8;
const leastDeviations = 4;
/** Smallest amplitude of a deflection written in upper case, mV. */
const capital = 0.5;
export const slopeMs = 80;

/**
 * Mean voltage of the 20 ms up to the QRS onset, mV; undefined without an onset, before the start of the signal or over
 * an invalid sample.
 */
export function levelBeforeQrs(
  voltage: Float64Array,
  samplingFrequency: number,
  qrsOnset: number | undefined,
): number | undefined {
  if (qrsOnset === undefined) return undefined;
  const samples = Math.max(1, Math.round((levelMs * samplingFrequency) / 1000));
  return meanOf(voltage, qrsOnset - samples + 1, qrsOnset);
}

/**
 * Amplitudes of one beat. `voltage` is in mV, `samplingFrequency` in Hz, and `borders` are sample indices. A deflection
 * that `noise` alone may have caused is not a wave of the QRS complex. Undefined when a QRS boundary is missing or the
 * complex contains an invalid sample.
 */
export function waveAmplitudes(
  voltage: Float64Array,
  samplingFrequency: number,
  borders: WaveBorders,
  noise?: NoiseModel,
): WaveAmplitudes | undefined {
  const { qrsOnset, qrsOffset, pOnset, pPeak, pOffset, tPeak } = borders;
  const level = levelBeforeQrs(voltage, samplingFrequency, qrsOnset);
  if (level === undefined || qrsOnset === undefined || qrsOffset === undefined) return undefined;
  const half = Math.round(((deflectionMs / 2) * samplingFrequency) / 1000);
  const mean = new Float64Array(2 * half + 1).fill(1 / (2 * half + 1));
  const leastMean = noise === undefined ? 0 : leastDeviations * Math.sqrt(noiseVariance(noise, mean));
  const standsOut = ({ height, place }: Deflection): boolean =>
    height * ((meanOf(voltage, place - half, place + half) ?? level) - level) >= Math.abs(height) * leastMean;
  const deflections = deflectionsOf(voltage, level, qrsOnset, qrsOffset, standsOut);
  if (deflections === undefined) return undefined;
  const firstR = deflections.findIndex(height => height > 0);
  const isQs = firstR < 0;
  const negativeAfter = deflections.findIndex((height, k) => k > firstR && height < 0);
  const s = isQs || negativeAfter < 0 ? undefined : deflections[negativeAfter];
  const q = isQs || firstR > 0 ? deflections[0] : undefined;
  const at = (place: number | undefined): number | undefined =>
    place === undefined || !Number.isFinite(voltage[place]!) ? undefined : voltage[place]! - level;
  return {
    p:
      pOnset === undefined || pPeak === undefined || pOffset === undefined
        ? undefined
        : finite(voltage[pPeak]! - lineAt(voltage, pOnset, pOffset, pPeak)),
    q,
    r: isQs ? undefined : deflections[firstR],
    s,
    rPrime: s === undefined ? undefined : deflections.find((height, k) => k > negativeAfter && height > 0),
    t: at(tPeak),
    pattern: patternOf(deflections, isQs),
  };
}

/** The extreme of a deflection: its voltage relative to the level before the QRS complex, mV, and its sample. */
interface Deflection {
  readonly height: number;
  readonly place: number;
}

/**
 * Signed peaks of the deflections from `level` between two samples, in order, without those below the smallest
 * deflection and those that do not stand out from the noise; undefined over an invalid sample.
 */
function deflectionsOf(
  voltage: Float64Array,
  level: number,
  from: number,
  to: number,
  standsOut: (deflection: Deflection) => boolean,
): number[] | undefined {
  const all: Deflection[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = from; i <= to; i++) {
    const height = voltage[i]! - level;
    if (!Number.isFinite(height)) return undefined;
    highest = Math.max(highest, height);
    lowest = Math.min(lowest, height);
    const last = all.at(-1)?.height;
    if (last === undefined || last * height < 0) all.push({ height, place: i });
    else if (Math.abs(height) > Math.abs(last)) all[all.length - 1] = { height, place: i };
  }
  const least = leastShare * (highest - lowest);
  const kept: number[] = [];
  for (const deflection of all) {
    const { height } = deflection;
    if (Math.abs(height) < least || !standsOut(deflection)) continue;
    const last = kept.at(-1);
    // Deflections of the same sign between which only a negligible one was dropped are merged.
    if (last !== undefined && last * height > 0)
      kept[kept.length - 1] = Math.abs(height) > Math.abs(last) ? height : last;
    else kept.push(height);
  }
  return kept;
}

function patternOf(deflections: readonly number[], isQs: boolean): string {
  if (deflections.length === 0) return '';
  if (isQs) return Math.abs(deflections[0]!) < capital ? 'qs' : 'QS';
  let seenR = 0;
  return deflections
    .map(height => {
      const letter = height > 0 ? 'r' : seenR === 0 ? 'q' : 's';
      const primes = '′'.repeat(Math.max(0, height > 0 ? seenR : seenR - 1));
      if (height > 0) seenR++;
      return (Math.abs(height) < capital ? letter : letter.toUpperCase()) + primes;
    })
    .join('');
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

/** Mean from one sample to another, both included; undefined outside the signal or over an invalid sample. */
function meanOf(voltage: Float64Array, from: number, to: number): number | undefined {
  if (from < 0 || to >= voltage.length) return undefined;
  let sum = 0;
  for (let i = from; i <= to; i++) sum += voltage[i]!;
  return finite(sum / (to - from + 1));
}
