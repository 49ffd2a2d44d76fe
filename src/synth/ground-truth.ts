/** Ground truth of a synthetic beat in one lead: extrema, slopes and boundaries, from the closed form. */
import { InputError } from '../input-error.ts';
import { type GaussianWave, gaussianSum, reachInWidths, refineRoot, zeroCrossings } from './gaussian.ts';

/** A point of the waveform. */
export interface Point {
  /** Time, s. */
  readonly time: number;
  /** Voltage, mV. */
  readonly voltage: number;
}

/** A point of steepest rise or fall. */
export interface SteepestPoint {
  /** Time, s. */
  readonly time: number;
  /** Slope, mV/s. */
  readonly slope: number;
}

/** Onset, peak and offset of a P or T wave; times in s. */
export interface WaveTruth {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
}

/** Ground truth of one beat in one lead. */
export interface LeadTruth {
  /** Times at which the waves of the QRS first and last reach `edgeFraction` of their largest magnitude, s. */
  readonly qrsOnsetTime: number;
  readonly qrsOffsetTime: number;
  /** The extremum of largest magnitude of the whole waveform within the QRS. */
  readonly rPeak: Point;
  /** The steepest rise and the steepest fall of the whole waveform within the QRS. */
  readonly upstroke: SteepestPoint;
  readonly downstroke: SteepestPoint;
  /** Every extremum, and every point where dV/dt is extreme, of the whole waveform within the QRS, in order. */
  readonly extrema: readonly Point[];
  readonly inflections: readonly SteepestPoint[];
  /** P and T from their own waves alone (boundaries as for the QRS); undefined where the beat has none in this lead. */
  readonly p: WaveTruth | undefined;
  readonly t: WaveTruth | undefined;
}

/** A wave begins and ends where it reaches this fraction of its peak: for one Gaussian, 2.45 widths from its centre. */
const edgeFraction = 0.05;

/** The waves of a beat in one lead, by part. */
export interface BeatWaves {
  readonly P: readonly GaussianWave[];
  readonly QRS: readonly GaussianWave[];
  readonly T: readonly GaussianWave[];
}

/**
 * The ground truth of one beat. `own` are its waves in this lead; `all` are all waves that extend into its QRS, its own
 * and its neighbours', so that extrema and slopes are those of the actual voltage. Throws `RangeError` when the QRS is
 * zero in the lead.
 */
export function leadTruth(own: BeatWaves, all: readonly GaussianWave[]): LeadTruth {
  const qrs = waveTruth(own.QRS);
  if (qrs === undefined) throw new InputError('the beat has no QRS complex in this lead');
  const { onset, offset } = qrs;

  const extrema = zeroCrossings(all, 1, onset, offset).map(time => ({
    time,
    voltage: gaussianSum(all, time, 0),
  }));
  const inflections = zeroCrossings(all, 2, onset, offset).map(time => steepest(all, time));
  // The boundaries are candidates too: a slope that increases up to the end is steepest at the end.
  const candidates = [steepest(all, onset), ...inflections, steepest(all, offset)];
  return {
    qrsOnsetTime: onset,
    qrsOffsetTime: offset,
    rPeak: best(extrema, point => Math.abs(point.voltage)) ?? {
      time: qrs.peak,
      voltage: gaussianSum(all, qrs.peak, 0),
    },
    upstroke: best(candidates, point => point.slope)!,
    downstroke: best(candidates, point => -point.slope)!,
    extrema,
    inflections,
    p: waveTruth(own.P),
    t: waveTruth(own.T),
  };
}

const steepest = (waves: readonly GaussianWave[], time: number): SteepestPoint => ({
  time,
  slope: gaussianSum(waves, time, 1),
});

function best<T>(items: readonly T[], score: (item: T) => number): T | undefined {
  let winner: T | undefined;
  for (const item of items) if (winner === undefined || score(item) > score(winner)) winner = item;
  return winner;
}

/** Onset, peak and offset of a sum of waves; undefined when it is zero. */
function waveTruth(waves: readonly GaussianWave[]): WaveTruth | undefined {
  const seen = waves.filter(wave => wave.amplitude !== 0);
  if (seen.length === 0) return undefined;
  const from = Math.min(...seen.map(wave => wave.center - reachInWidths * wave.width));
  const to = Math.max(...seen.map(wave => wave.center + reachInWidths * wave.width));
  const magnitude = (t: number): number => Math.abs(gaussianSum(seen, t, 0));
  const peak = best(zeroCrossings(seen, 1, from, to), magnitude);
  if (peak === undefined) return undefined;
  const threshold = edgeFraction * magnitude(peak);
  return {
    onset: crossing(seen, threshold, from, peak),
    peak,
    offset: crossing(seen, threshold, to, peak),
  };
}

/**
 * The first time, from `start` (where the sum is 0) towards `goal`, at which |sum| reaches `threshold`. Throws
 * `RangeError` when it never does.
 */
function crossing(waves: readonly GaussianWave[], threshold: number, start: number, goal: number): number {
  const step = Math.min(...waves.map(wave => wave.width)) / 8;
  const steps = Math.ceil(Math.abs(goal - start) / step);
  const at = (i: number): number => start + ((goal - start) * i) / steps;
  for (let i = 1; i <= steps; i++) {
    const value = gaussianSum(waves, at(i), 0);
    if (Math.abs(value) < threshold) continue;
    const sign = Math.sign(value);
    return refineRoot(
      t => sign * gaussianSum(waves, t, 0) - threshold,
      t => sign * gaussianSum(waves, t, 1),
      Math.min(at(i - 1), at(i)),
      Math.max(at(i - 1), at(i)),
    );
  }
  throw new InputError(`the waves between ${start} and ${goal} s never reach ${threshold} mV`);
}
