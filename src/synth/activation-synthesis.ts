/**
 * A heart drawn event by event: each activation of atria or ventricles at a time of its own, with the waves it makes in
 * one lead. So rhythms that no RR process gives (complete heart block, flutter, bigeminy) have exact truth as well.
 */
import { InputError } from '../input-error.ts';
import { type GaussianWave, reachInWidths, sampleWaves } from './gaussian.ts';
import { type BeatWaves, leadTruth } from './ground-truth.ts';
import type { BeatSymbol } from './rhythm.ts';
import type { SyntheticBeat, SyntheticEcg } from './synthesize.ts';

/** One activation. Wave centres are relative to its time. */
export interface Activation {
  /** s: for a beat the reference time of its QRS complex. */
  readonly time: number;
  /** Absent for an activation of the atria that no beat follows. */
  readonly symbol?: BeatSymbol;
  readonly waves: BeatWaves;
}

/** An ECG of one lead, and the activations that made it. */
export interface SyntheticActivationEcg extends SyntheticEcg {
  /** Of every P wave within the record, conducted or not: the time of its peak, s, ascending. */
  readonly atrialTimes: readonly number[];
}

/** The name of the one lead; its vector takes waves as they are. */
const lead = { name: 'II', vector: [1, 0, 0] } as const;
/** Waves of an event reach no further than this from its time, s. */
const reachSeconds = 2;

/**
 * Draws the events, in order of time, as a lead of `seconds` at `samplingFrequency` (Hz), mV. Throws `RangeError` for
 * a length that is none.
 */
export function synthesizeActivations(
  events: readonly Activation[],
  seconds: number,
  samplingFrequency: number,
): SyntheticActivationEcg {
  const length = Math.round(seconds * samplingFrequency);
  if (!(samplingFrequency > 0 && length >= 1 && length < 2 ** 31)) {
    throw new InputError(`${seconds} s at ${samplingFrequency} Hz is not a length to draw`);
  }
  const placed = events.map(event => ({ ...event, waves: placedWaves(event) }));
  const waves = placed.flatMap(event => [...event.waves.P, ...event.waves.QRS, ...event.waves.T]);
  const { voltage, derivative } = sampleWaves(waves, length, samplingFrequency);
  const isInside = (time: number): boolean => time >= 0 && Math.round(time * samplingFrequency) < length;

  const beats: SyntheticBeat[] = [];
  let before = Number.NaN;
  for (const { time, symbol, waves: own } of placed) {
    if (symbol === undefined) continue;
    const near = placed
      .filter(other => Math.abs(other.time - time) < reachSeconds)
      .flatMap(({ waves: { P, QRS, T } }) => [...P, ...QRS, ...T])
      .filter(wave => Math.abs(wave.center - time) < 0.3 + reachInWidths * wave.width);
    const truth = leadTruth(own, near);
    if (isInside(truth.rPeak.time)) {
      beats.push({
        symbol,
        rPeak: {
          time: truth.rPeak.time,
          sample: Math.round(truth.rPeak.time * samplingFrequency),
        },
        qrsOnset: truth.qrsOnset,
        qrsOffset: truth.qrsOffset,
        rrBefore: time - before,
        slowConduction: 1,
        leads: [truth],
      });
    }
    before = time;
  }
  const atrialTimes = placed
    .filter(({ waves: { P } }) => P.length > 0)
    .map(
      ({ waves: { P } }) =>
        P.reduce((a, b) => (Math.abs(b.amplitude) > Math.abs(a.amplitude) ? b : a)).center,
    )
    .filter(isInside)
    .sort((a, b) => a - b);
  return { samplingFrequency, leads: [{ ...lead, voltage, clean: voltage, derivative }], beats, atrialTimes };
}

function placedWaves({ time, waves }: Activation): BeatWaves {
  const at = (wave: GaussianWave): GaussianWave => ({ ...wave, center: time + wave.center });
  return { P: waves.P.map(at), QRS: waves.QRS.map(at), T: waves.T.map(at) };
}
