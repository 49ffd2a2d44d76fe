/** The waves of scheduled beats: Gaussian dipole waves at times of the record. */
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import { type GaussianWave, reachInWidths } from './gaussian.ts';
import type { BeatWaves } from './ground-truth.ts';
import { type Lead, project } from './leads.ts';
import { atRate, type DipoleWave, type Morphology, rescaled, slowedConduction } from './morphology.ts';
import type { BeatSymbol, ScheduledBeat } from './rhythm.ts';
import { heartRateSpectrum } from './tachogram.ts';

/** Beat shapes, and their variation from beat to beat. */
export interface BeatParameters {
  /** The morphology of each kind of beat. */
  readonly morphologies: Readonly<Record<BeatSymbol, Morphology>>;
  /**
   * Factor by which the QRS of conducted beats (N and A) is prolonged at the start and at the end of the record; linear
   * in between.
   */
  readonly slowConduction: readonly [start: number, end: number];
  /** Randomly delayed normal beats: their fraction of all normal beats, and a further factor of prolongation. */
  readonly delayedBeats: { readonly share: number; readonly factor: number };
  /** Amplitude modulation by respiration at 0.25 Hz: largest relative change. */
  readonly respiratoryModulation: number;
  /** Relative standard deviation of amplitude, and of wave widths, from beat to beat. */
  readonly beatVariation: number;
}

/** A beat with the waves at their times in the record. */
export interface DrawnBeat extends ScheduledBeat {
  readonly slowConduction: number;
  readonly waves: readonly DipoleWave[];
}

/** Generates the beats of a record of `seconds`. Throws `RangeError` for a parameter out of range. */
export function drawBeats(
  scheduled: readonly ScheduledBeat[],
  seconds: number,
  parameters: BeatParameters,
  random: Random,
): DrawnBeat[] {
  const { morphologies, slowConduction, delayedBeats, respiratoryModulation, beatVariation } = parameters;
  for (const [name, value] of Object.entries({ respiratoryModulation, beatVariation })) {
    if (!(value >= 0 && value < 0.5)) throw new InputError(`${name} is 0 to below 0.5, not ${value}`);
  }
  if (!(delayedBeats.share >= 0 && delayedBeats.share <= 1)) {
    throw new InputError(`the share of delayed beats is 0 to 1, not ${delayedBeats.share}`);
  }
  const [start, end] = slowConduction;
  return scheduled.map(beat => {
    const progress = Math.min(Math.max(beat.time / seconds, 0), 1);
    const breath = Math.sin(2 * Math.PI * heartRateSpectrum.hfHz * beat.time);
    const gain = (1 + respiratoryModulation * breath) * Math.exp(beatVariation * random.normal());
    const widthGain = Math.exp(beatVariation * random.normal());
    let slow = beat.symbol === 'V' ? 1 : start + (end - start) * progress;
    if (beat.symbol === 'N' && delayedBeats.share > 0 && random.uniform() < delayedBeats.share) {
      slow *= delayedBeats.factor;
    }
    const shape = slowedConduction(atRate(morphologies[beat.symbol], beat.rrBefore), slow);
    return {
      ...beat,
      slowConduction: slow,
      waves: rescaled(shape, gain, widthGain).map(wave => ({ ...wave, center: beat.time + wave.center })),
    };
  });
}

/** The projection of a dipole wave onto a lead. */
export const inLead = (lead: Lead, wave: DipoleWave): GaussianWave => ({
  amplitude: project(lead, wave.dipole),
  center: wave.center,
  width: wave.width,
});

/** The waves of a beat in a lead: P, QRS and T. */
export function ownWaves(beat: DrawnBeat, lead: Lead): BeatWaves {
  const of = (part: DipoleWave['part']): GaussianWave[] =>
    beat.waves.filter(wave => wave.part === part).map(wave => inLead(lead, wave));
  return { P: of('P'), QRS: of('QRS'), T: of('T') };
}

/** Largest distance of a beat's waves from its reference time, s. */
const neighbourSeconds = 3;

/** All waves that extend into the QRS complex of a beat: its own and those of its neighbours. */
export function wavesInto(beats: readonly DrawnBeat[], index: number, lead: Lead): GaussianWave[] {
  const { time, waves } = beats[index]!;
  const qrs = waves.filter(wave => wave.part === 'QRS');
  const from = Math.min(...qrs.map(wave => wave.center - reachInWidths * wave.width));
  const to = Math.max(...qrs.map(wave => wave.center + reachInWidths * wave.width));
  const near: GaussianWave[] = [];
  const gather = (beat: DrawnBeat): void => {
    for (const wave of beat.waves) {
      const reach = reachInWidths * wave.width;
      if (wave.center + reach >= from && wave.center - reach <= to) near.push(inLead(lead, wave));
    }
  };
  for (let i = index; i >= 0 && time - beats[i]!.time <= neighbourSeconds; i--) gather(beats[i]!);
  for (let i = index + 1; i < beats.length && beats[i]!.time - time <= neighbourSeconds; i++)
    gather(beats[i]!);
  return near;
}
