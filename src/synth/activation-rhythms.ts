/**
 * Synthetic rhythms as lists of activations: bradycardia, tachycardia, heart block, flutter, and beats of alternating
 * size. Shapes are sums of Gaussian waves of typical size and width, not fitted to any patient.
 */
import type { Random } from '../random.ts';
import type { Activation } from './activation-synthesis.ts';
import type { GaussianWave } from './gaussian.ts';
import type { BeatWaves } from './ground-truth.ts';

const wave = (amplitude: number, center: number, width: number): GaussianWave => ({
  amplitude,
  center,
  width,
});

const p = (amplitude = 0.12, center = -0.16): GaussianWave => wave(amplitude, center, 0.02);
const narrow = [wave(-0.12, -0.026, 0.008), wave(1.1, 0, 0.011), wave(-0.25, 0.028, 0.009)];
const wide = [wave(0.35, -0.03, 0.018), wave(1, 0, 0.022), wave(-0.4, 0.055, 0.022)];

/**
 * A T wave. QT is proportional to the cube root of the RR interval (Fridericia 1920) and is limited to what the
 * interval allows.
 */
const t = (amplitude: number, rr: number): GaussianWave => {
  const stretch = Math.min(1.25, Math.cbrt(rr));
  return wave(amplitude, 0.29 * stretch, 0.048 * stretch);
};

/** Typical waves at a ventricular interval `rr` (s). */
export const shapes = {
  sinus: (rr: number): BeatWaves => ({ P: [p()], QRS: narrow, T: [t(0.28, rr)] }),
  junctional: (rr: number): BeatWaves => ({ P: [], QRS: narrow, T: [t(0.28, rr)] }),
  ventricular: (rr: number): BeatWaves => ({ P: [], QRS: wide, T: [t(-0.3, rr)] }),
  qrsOnly: (): BeatWaves => ({ P: [], QRS: narrow, T: [] }),
  wideQrsOnly: (): BeatWaves => ({ P: [], QRS: wide, T: [] }),
  /** The T wave of one beat and the P wave of the next merged into one wave. */
  fused: (rr: number): BeatWaves => ({
    P: [wave(0.08, -0.4 * rr, 0.018)],
    QRS: narrow,
    T: [wave(0.22, 0.55 * rr, Math.min(0.04, 0.14 * rr))],
  }),
  atrial: (amplitude = 0.12): BeatWaves => ({ P: [wave(amplitude, 0, 0.02)], QRS: [], T: [] }),
  /** A flutter wave with a given period (s): a slow fall and a faster rise. */
  flutter: (period: number, amplitude = 0.12): BeatWaves => ({
    P: [wave(-amplitude, 0, 0.2 * period), wave(0.7 * amplitude, 0.35 * period, 0.13 * period)],
    QRS: [],
    T: [],
  }),
} as const;

/** The waves with each amplitude multiplied by `factor`. */
function scaledWaves(waves: BeatWaves, factor: number): BeatWaves {
  const scaled = (list: readonly GaussianWave[]): GaussianWave[] =>
    list.map(one => ({ ...one, amplitude: one.amplitude * factor }));
  return { P: scaled(waves.P), QRS: scaled(waves.QRS), T: scaled(waves.T) };
}

/**
 * Times (s) of activations about `interval` (s) apart, from before 0 to after `seconds`, with a standard deviation of
 * `jitter` of the interval.
 */
export function regularTimes(interval: number, seconds: number, jitter: number, random: Random): number[] {
  const times: number[] = [];
  for (let time = (random.uniform() - 1) * interval; time < seconds + interval; ) {
    times.push(time);
    time += interval * (1 + jitter * random.normal());
  }
  return times;
}

const inOrder = (events: Activation[]): Activation[] => events.sort((a, b) => a.time - b.time);

const jitters = { slow: 0.03, atrial: 0.02, fast: 0.01 };

/** A rhythm of a single pacemaker at `rate` beats/min, with beats of one shape. */
export function steadyRhythm(
  rate: number,
  shape: (rr: number) => BeatWaves,
  seconds: number,
  random: Random,
): Activation[] {
  const jitter = rate > 150 ? jitters.fast : jitters.slow;
  const waves = shape(60 / rate);
  return regularTimes(60 / rate, seconds, jitter, random).map(time => ({ time, symbol: 'N', waves }));
}

/** Complete heart block: atria and ventricles are independent of each other, each with its own rate (beats/min). */
export function completeBlock(
  atrialRate: number,
  ventricularRate: number,
  shape: (rr: number) => BeatWaves,
  seconds: number,
  random: Random,
): Activation[] {
  const atrial = regularTimes(60 / atrialRate, seconds, jitters.atrial, random).map(
    (time): Activation => ({ time, waves: shapes.atrial() }),
  );
  return inOrder([...atrial, ...steadyRhythm(ventricularRate, shape, seconds, random)]);
}

/**
 * Atrial flutter with `atrialRate` waves per minute, conducted with the given repeating pattern: [2] is 2:1, [1] is
 * 1:1, [1, 2] is 3:2.
 */
export function atrialFlutter(
  atrialRate: number,
  pattern: readonly number[],
  seconds: number,
  random: Random,
): Activation[] {
  const period = 60 / atrialRate;
  const atrial = regularTimes(period, seconds, jitters.fast / 2, random);
  const events = atrial.map((time): Activation => ({ time, waves: shapes.flutter(period) }));
  const mean = (pattern.reduce((sum, n) => sum + n, 0) / pattern.length) * period;
  const waves: BeatWaves = {
    P: [],
    QRS: narrow,
    T: mean < 0.3 ? [] : [t(0.2, mean)],
  };
  for (let i = 0, k = 0; i < atrial.length; i += pattern[k++ % pattern.length]!) {
    events.push({ time: atrial[i]! + 0.3 * period, symbol: 'N', waves });
  }
  return inOrder(events);
}

/** A tachycardia of `rate` beats/min that lasts from `from` to `to`, s. */
export interface Paroxysm {
  readonly rate: number;
  readonly shape: (rr: number) => BeatWaves;
  readonly from: number;
  readonly to: number;
}

/** Sinus rhythm at `sinusRate` (beats/min) with a paroxysm, after which the sinus rhythm pauses for one more interval. */
export function paroxysmal(
  sinusRate: number,
  { rate, shape, from, to }: Paroxysm,
  seconds: number,
  random: Random,
): Activation[] {
  const slow = steadyRhythm(sinusRate, shapes.sinus, seconds, random);
  const fast = steadyRhythm(rate, shape, seconds, random).filter(({ time }) => time >= from && time < to);
  const first = fast.at(0)?.time ?? to;
  const last = fast.at(-1)?.time ?? from;
  const interval = 60 / sinusRate;
  return inOrder([
    ...slow.filter(({ time }) => time < first - 0.5 * interval || time > last + interval),
    ...fast,
  ]);
}

/** Alternans: every other beat has `factor` times the amplitude. */
export function alternans(rate: number, factor: number, seconds: number, random: Random): Activation[] {
  return steadyRhythm(rate, shapes.sinus, seconds, random).map((event, k) =>
    k % 2 === 0 ? event : { ...event, waves: scaledWaves(event.waves, factor) },
  );
}

/**
 * Bigeminy: every other beat is a ventricular premature beat with `factor` times the amplitude of the sinus beats,
 * upright or inverted.
 */
export function bigeminy(rate: number, factor: number, seconds: number, random: Random): Activation[] {
  const rr = 60 / rate;
  const ectopic = scaledWaves(shapes.ventricular(rr), factor);
  return inOrder(
    regularTimes(2 * rr, seconds, jitters.slow, random).flatMap((time): Activation[] => [
      { time, symbol: 'N', waves: shapes.sinus(rr) },
      { time: time + 0.62 * rr * (1 + 0.02 * random.normal()), symbol: 'V', waves: ectopic },
    ]),
  );
}

/** Sinus rhythm in which the T wave has `factor` times the amplitude of the R wave. */
export function tallT(rate: number, factor: number, seconds: number, random: Random): Activation[] {
  const shape = (rr: number): BeatWaves => ({ P: [p()], QRS: narrow, T: [t(1.1 * factor, rr)] });
  return steadyRhythm(rate, shape, seconds, random);
}
