/**
 * The Q, R and S waves of QRS complexes: the deflections to either side of the level before the complex. The first
 * positive one is R, the negative one before it Q, the first negative one after it S, the next positive one R′; a
 * complex without a positive one is QS (Wagner, Marriott's Practical Electrocardiography, 11th ed., ch. 1). A deflection
 * is a wave when it deviates from the level by 20 µV for 6 ms (CSE Working Party, Eur. Heart J. 6:815–825, 1985), has two
 * opposite slopes (IEC 60601-2-51:2003, annex GG), and stands out from the noise.
 *
 * Which waves there are is decided on the mean of the beats of one shape, so that noise cannot let a small wave come
 * and go between like beats; the peaks and amplitudes are those of the beat itself.
 */
import { levelBeforeQrs, meanOf } from './isoelectric-level.ts';
import type { QrsBounds } from './qrs-end.ts';
import { type QrsShape, qrsShapes } from './qrs-shapes.ts';

/** The peak of a wave: sample index, and voltage relative to the level before the QRS complex, mV. */
export interface QrsWave {
  readonly sample: number;
  readonly amplitude: number;
}

/** The waves of a QRS complex; undefined for one that is absent. */
export interface QrsWaves {
  /** The negative deflection before R; that of a QS complex. */
  readonly q: QrsWave | undefined;
  /** The first positive deflection. */
  readonly r: QrsWave | undefined;
  /** The first negative deflection after R. */
  readonly s: QrsWave | undefined;
  /** R′: the first positive deflection after S. */
  readonly rPrime: QrsWave | undefined;
  /** In a QS complex its most prominent notch: a peak that does not rise enough above the level to be R. */
  readonly notch: QrsWave | undefined;
  /** Sequence of all deflections, in lower case below 0.5 mV: `qRs`, `rSR′`, `QS`; empty without any. */
  readonly pattern: string;
}

/** Smallest deviation from the level, mV, for at least this long, ms. */
const leastMillivolts = 0.02;
const leastMs = 6;
/** A deflection stands out from noise when its mean over this time, ms, is at least this many standard errors. */
const deflectionMs = 8;
const leastErrors = 3;
/** Smallest deflection in the mean of fewer beats than this, relative to the peak-to-peak amplitude. */
const fewestBeats = 4;
const leastShare = 0.05;
/** Smallest prominence of a notch, mV; no less than `leastErrors`. */
const leastNotch = 0.01;
/** The peak of a wave in a beat is within this time of its place in the mean, ms. */
const peakReachMs = 10;
/** Smallest amplitude of a wave written in upper case, mV. */
const capital = 0.5;

/** A deflection of a shape: place of its peak, relative to that of the shape, and signed height, mV. */
interface Deflection {
  readonly place: number;
  readonly height: number;
}

/** What was decided on a shape. */
interface ShapeWaves {
  readonly deflections: readonly Deflection[];
  readonly notch: Deflection | undefined;
}

/**
 * The waves of the QRS complex of each beat. `voltage` is in mV, without pacing spikes, `samplingFrequency` in Hz;
 * `rPeaks` are ascending sample indices, and `bounds` those of their complexes. Undefined for a beat of which a bound is
 * missing or a sample is invalid.
 */
export function qrsWaves(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  bounds: readonly QrsBounds[],
): (QrsWaves | undefined)[] {
  const decided = new Map<QrsShape, ShapeWaves>();
  return qrsShapes(voltage, samplingFrequency, rPeaks, bounds).map((beat, k) => {
    const onset = bounds[k]!.onset;
    if (beat === undefined || onset === undefined) return undefined;
    let waves = decided.get(beat.shape);
    if (waves === undefined) {
      waves = wavesOfShape(beat.shape, samplingFrequency);
      decided.set(beat.shape, waves);
    }
    const level = levelBeforeQrs(voltage, samplingFrequency, Math.round(onset));
    if (level === undefined) return undefined;
    return wavesOfBeat({ voltage, samplingFrequency, level }, rPeaks[k]! + beat.shift, waves);
  });
}

/** The waves, with all samples moved by a number of samples. */
export function movedQrsWaves(waves: QrsWaves, samples: number): QrsWaves {
  const moved = (wave: QrsWave | undefined): QrsWave | undefined =>
    wave && { ...wave, sample: wave.sample + samples };
  const { q, r, s, rPrime, notch, pattern } = waves;
  return { q: moved(q), r: moved(r), s: moved(s), rPrime: moved(rPrime), notch: moved(notch), pattern };
}

function wavesOfShape(shape: QrsShape, samplingFrequency: number): ShapeWaves {
  const deflections = deflectionsOf(shape, samplingFrequency);
  return { deflections, notch: isQs(deflections) ? notchOf(shape, samplingFrequency) : undefined };
}

const isQs = (deflections: readonly Deflection[]): boolean =>
  deflections.length > 0 && deflections.every(({ height }) => height < 0);

/** The deflections of a shape that are waves, in order. */
function deflectionsOf(shape: QrsShape, samplingFrequency: number): Deflection[] {
  const { mean, from, beats, errors } = shape;
  const [first, last] = [shape.onset - from, shape.offset - from];
  const level = levelBeforeQrs(mean, samplingFrequency, first) ?? 0;
  const half = Math.round(((deflectionMs / 2) * samplingFrequency) / 1000);
  const leastSamples = Math.max(1, Math.round((leastMs * samplingFrequency) / 1000));
  const complex = mean.subarray(first, last + 1);
  const range = complex.reduce((a, b) => Math.max(a, b)) - complex.reduce((a, b) => Math.min(a, b));
  const least = Math.max(leastMillivolts, beats < fewestBeats ? leastShare * range : 0);
  const found: Deflection[] = [];
  for (let begin = first; begin <= last; ) {
    const sign = mean[begin]! < level ? -1 : 1;
    let [end, peak, large] = [begin, begin, 0];
    for (; end <= last && mean[end]! < level === sign < 0; end++) {
      if (sign * (mean[end]! - level) >= leastMillivolts) large++;
      if (sign * mean[end]! > sign * mean[peak]!) peak = end;
    }
    begin = end;
    const height = mean[peak]! - level;
    const around = (meanOf(mean, peak - half, peak + half) ?? level) - level;
    const standsOut = sign * around >= leastErrors * errors[peak]!;
    const isReturning = sign * (mean[peak]! - mean[last]!) >= leastMillivolts;
    if (large < leastSamples || Math.abs(height) < least || !standsOut || !isReturning) continue;
    keep(found, { place: peak + from, height });
  }
  return found;
}

/** Adds a deflection; of two of the same sign, between which there is no wave, the larger one remains. */
function keep(found: Deflection[], deflection: Deflection): void {
  const last = found.at(-1);
  if (last === undefined || last.height * deflection.height < 0) found.push(deflection);
  else if (Math.abs(deflection.height) > Math.abs(last.height)) found[found.length - 1] = deflection;
}

/** The peak of a QS shape with the greatest prominence, the smaller of its heights over the voltage on either side. */
function notchOf(shape: QrsShape, samplingFrequency: number): Deflection | undefined {
  const { mean, from, errors } = shape;
  const [first, last] = [shape.onset - from, shape.offset - from];
  const level = levelBeforeQrs(mean, samplingFrequency, first) ?? 0;
  const rise = (peak: number, step: 1 | -1): number => {
    let most = 0;
    for (let i = peak; i >= first && i <= last && mean[i]! <= mean[peak]!; i += step)
      most = Math.max(most, mean[peak]! - mean[i]!);
    return most;
  };
  let notch: Deflection | undefined;
  let greatest = leastNotch;
  for (let i = first + 1; i < last; i++) {
    if (!(mean[i]! > mean[i - 1]! && mean[i]! >= mean[i + 1]!)) continue;
    const prominence = Math.min(rise(i, -1), rise(i, 1));
    if (prominence < Math.max(greatest, leastErrors * errors[i]!)) continue;
    greatest = prominence;
    notch = { place: i + from, height: mean[i]! - level };
  }
  return notch;
}

/** A lead, and the level before the complex of one of its beats. */
interface Beat {
  readonly voltage: Float64Array;
  readonly samplingFrequency: number;
  readonly level: number;
}

/** The waves of a beat whose place of the shape is at sample `centre`. */
function wavesOfBeat(beat: Beat, centre: number, { deflections, notch }: ShapeWaves): QrsWaves {
  const waves = deflections.map(({ place, height }, j) => {
    // No farther than halfway to the next wave.
    const room = (other: Deflection | undefined): number =>
      other === undefined ? Number.POSITIVE_INFINITY : Math.abs(other.place - place) / 2;
    const reach = { before: room(deflections[j - 1]), after: room(deflections[j + 1]) };
    return extremeAround(beat, centre + place, Math.sign(height), reach);
  });
  const after = (from: number, sign: number): number =>
    deflections.findIndex(({ height }, k) => k > from && height * sign > 0);
  const r = after(-1, 1);
  const s = r < 0 ? -1 : after(r, -1);
  const rPrime = s < 0 ? -1 : after(s, 1);
  const unlimited = { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };
  return {
    q: r === 0 ? undefined : waves[0],
    r: waves[r],
    s: waves[s],
    rPrime: waves[rPrime],
    notch: notch && extremeAround(beat, centre + notch.place, 1, unlimited),
    pattern: patternOf(deflections),
  };
}

/** The highest (`sign` 1) or lowest (−1) sample near a place, at most `reach` samples before and after it. */
function extremeAround(
  { voltage, samplingFrequency, level }: Beat,
  place: number,
  sign: number,
  reach: { readonly before: number; readonly after: number },
): QrsWave {
  const most = (peakReachMs * samplingFrequency) / 1000;
  const from = Math.max(0, Math.ceil(place - Math.min(most, reach.before)));
  const to = Math.min(voltage.length - 1, Math.floor(place + Math.min(most, reach.after)));
  let sample = Math.max(from, Math.min(to, place));
  for (let i = from; i <= to; i++) if (sign * voltage[i]! > sign * voltage[sample]!) sample = i;
  return { sample, amplitude: voltage[sample]! - level };
}

function patternOf(deflections: readonly Deflection[]): string {
  const sized = (letter: string, height: number): string =>
    Math.abs(height) < capital ? letter : letter.toUpperCase();
  if (isQs(deflections)) return sized('qs', deflections[0]!.height);
  let seenR = 0;
  return deflections
    .map(({ height }) => {
      const letter = height > 0 ? 'r' : seenR === 0 ? 'q' : 's';
      const primes = '′'.repeat(Math.max(0, height > 0 ? seenR : seenR - 1));
      if (height > 0) seenR++;
      return sized(letter, height) + primes;
    })
    .join('');
}
