/**
 * Synthetic ECG from individual activations: each atrial or ventricular activation has its own time and its own waves
 * in one lead. Rhythms that no RR process generates (complete heart block, flutter, bigeminy) thus also have exact
 * ground truth.
 */
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { type GaussianWave, reachInWidths, sampleWaves } from './gaussian.ts';
import { type BeatWaves, leadTruth } from './ground-truth.ts';
import type { BeatSymbol } from './rhythm.ts';
import type { SyntheticBeat, SyntheticEcg } from './synthesize.ts';

/** An atrial or ventricular activation. Wave centres are relative to its time. */
export interface Activation {
  /** Time, s: for a beat the reference time of its QRS complex. */
  readonly time: number;
  /** Symbol of the beat; absent for an atrial activation that is not conducted. */
  readonly symbol?: BeatSymbol;
  readonly waves: BeatWaves;
}

/** A single-lead ECG and its atrial activations. */
export interface SyntheticActivationEcg extends SyntheticEcg {
  /** Peak times of all P waves within the record, conducted or not, s, ascending. */
  readonly atrialTimes: readonly number[];
}

/** The single lead; its projection leaves waves unchanged. */
const lead = { name: 'II', vector: [1, 0, 0] } as const;
/** Largest distance of an activation's waves from its time, s. */
const reachSeconds = 2;

/**
 * Synthesises a single-lead ECG of `seconds` at `samplingFrequency` (Hz), in mV, from activations in order of time.
 * Throws `RangeError` for an invalid duration.
 */
export function synthesizeActivations(
  events: readonly Activation[],
  seconds: number,
  samplingFrequency: number,
): SyntheticActivationEcg {
  requireSamplingFrequency(samplingFrequency);
  const length = Math.round(seconds * samplingFrequency);
  if (!(length >= 1 && length < 2 ** 31)) {
    throw new InputError(`${seconds} s at ${samplingFrequency} Hz is not a length to synthesise`);
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
        qrsOnsetTime: truth.qrsOnsetTime,
        qrsOffsetTime: truth.qrsOffsetTime,
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
