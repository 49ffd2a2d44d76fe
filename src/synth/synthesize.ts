/**
 * Synthetic ECG with exact ground truth: beats on a McSharry RR process, each a sum of Gaussian dipole waves, projected
 * onto any leads at any sampling frequency. Voltage and dV/dt are the closed form at the sample times, not the result
 * of an integration.
 */
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { type BeatParameters, type DrawnBeat, drawBeats, inLead, ownWaves, wavesInto } from './beat-waves.ts';
import { sampleWaves } from './gaussian.ts';
import { type LeadTruth, leadTruth } from './ground-truth.ts';
import type { Lead } from './leads.ts';
import { normalBeat, supraventricularBeat, ventricularBeat } from './morphology.ts';
import { type BeatSymbol, type PrematureBeats, scheduleBeats } from './rhythm.ts';
import { createTachogram, type HeartRate } from './tachogram.ts';

/**
 * What to synthesise. By default beats have typical shapes, without slowed conduction, delayed beats, modulation or
 * variation.
 */
export interface SynthesisOptions extends Partial<BeatParameters> {
  /** Hz. */
  readonly samplingFrequency: number;
  /** Length, s. */
  readonly seconds: number;
  /** Integer seed; the same seed gives the same ECG. */
  readonly seed: number;
  readonly leads: readonly Lead[];
  /** Heart rate; default 70 ± 2 beats/min, LF/HF 0.5. */
  readonly heartRate?: HeartRate;
  /** Premature beats; default none. */
  readonly premature?: PrematureBeats;
}

/** A beat with its ground truth. */
export interface SyntheticBeat {
  readonly symbol: BeatSymbol;
  /** Peak in the first lead: time (s) and nearest sample. */
  readonly rPeak: { readonly time: number; readonly sample: number };
  /** Earliest onset and latest offset of the QRS over all leads, s. */
  readonly qrsOnsetTime: number;
  readonly qrsOffsetTime: number;
  /** Interval from the reference time of the previous beat, s. */
  readonly rrBefore: number;
  /** Factor by which the QRS is prolonged; 1 is normal conduction. */
  readonly slowConduction: number;
  /** Ground truth of each lead, in the order of the leads. */
  readonly leads: readonly LeadTruth[];
}

/** A lead of a synthetic ECG. */
export interface SyntheticLead extends Lead {
  /** Voltage, mV: the clean voltage, plus noise where it was added. */
  readonly voltage: Float64Array;
  /** Voltage without noise, mV: the closed form. */
  readonly clean: Float64Array;
  /** Exact dV/dt of `clean`, mV/s. */
  readonly derivative: Float64Array;
}

/** A synthetic ECG and the ground truth of its beats. */
export interface SyntheticEcg {
  /** Hz. */
  readonly samplingFrequency: number;
  readonly leads: readonly SyntheticLead[];
  /** Beats whose peak lies within the record, in order of time. */
  readonly beats: readonly SyntheticBeat[];
}

/** A ventricular focus that activates upwards and to the back, which gives an inverted QRS complex in lead II. */
const usualMorphologies = {
  N: normalBeat,
  A: supraventricularBeat,
  V: ventricularBeat([0.3, -0.8, 0.5]),
};

/** Index of the random stream of each component. */
const streams = { tachogram: 0, rhythm: 1, beats: 2 };

/**
 * Margin in which beats before and after the record are generated too, s, so that it starts and ends within the rhythm.
 */
const marginSeconds = 3;

/**
 * Synthesises an ECG, in mV. Throws `RangeError` for an invalid sampling frequency, duration or parameter, or without
 * leads.
 *
 * @example synthesize({ samplingFrequency: 360, seconds: 10, seed: 1, leads: [standardLead('II')] }).beats.length // => 12
 */
export function synthesize(options: SynthesisOptions): SyntheticEcg {
  const { samplingFrequency, seconds, seed, leads } = options;
  requireSamplingFrequency(samplingFrequency);
  const length = Math.round(seconds * samplingFrequency);
  if (!(length >= 1 && length * leads.length < 2 ** 31)) {
    throw new InputError(
      `${seconds} s at ${samplingFrequency} Hz in ${leads.length} leads is not a length to synthesise`,
    );
  }
  if (leads.length === 0) throw new InputError('an ECG needs at least one lead');

  const heartRate = options.heartRate ?? { mean: 70, sd: 2, lfHfRatio: 0.5 };
  const tachogram = createTachogram(
    heartRate,
    seconds + 2 * marginSeconds,
    createRandom(seed, streams.tachogram),
  );
  const scheduled = scheduleBeats(
    tachogram,
    options.premature ?? { ventricular: 0, supraventricular: 0 },
    0,
    seconds + 2 * marginSeconds,
    createRandom(seed, streams.rhythm),
  ).map(beat => ({ ...beat, time: beat.time - marginSeconds }));
  const parameters = {
    morphologies: options.morphologies ?? usualMorphologies,
    slowConduction: options.slowConduction ?? ([1, 1] as const),
    delayedBeats: options.delayedBeats ?? { share: 0, factor: 1 },
    respiratoryModulation: options.respiratoryModulation ?? 0,
    beatVariation: options.beatVariation ?? 0,
  };
  const drawn = drawBeats(scheduled, seconds, parameters, createRandom(seed, streams.beats));

  return {
    samplingFrequency,
    leads: leads.map(lead => ({ ...lead, ...sampleLead(drawn, lead, length, samplingFrequency) })),
    beats: describeBeats(drawn, leads, samplingFrequency, length),
  };
}

/** The closed form and its derivative at the sample times of one lead. */
function sampleLead(
  beats: readonly DrawnBeat[],
  lead: Lead,
  length: number,
  samplingFrequency: number,
): Pick<SyntheticLead, 'voltage' | 'clean' | 'derivative'> {
  const waves = beats.flatMap(beat => beat.waves.map(wave => inLead(lead, wave)));
  const { voltage, derivative } = sampleWaves(waves, length, samplingFrequency);
  return { voltage, clean: voltage, derivative };
}

function describeBeats(
  beats: readonly DrawnBeat[],
  leads: readonly Lead[],
  samplingFrequency: number,
  length: number,
): SyntheticBeat[] {
  const described: SyntheticBeat[] = [];
  const seconds = length / samplingFrequency;
  beats.forEach((beat, index) => {
    // Too far outside the record for its peak to lie within it.
    if (beat.time < -1 || beat.time > seconds + 1) return;
    const perLead = leads.map(lead => leadTruth(ownWaves(beat, lead), wavesInto(beats, index, lead)));
    const rPeak = perLead[0]!.rPeak.time;
    const sample = Math.round(rPeak * samplingFrequency);
    if (sample < 0 || sample >= length) return;
    described.push({
      symbol: beat.symbol,
      rPeak: { time: rPeak, sample },
      qrsOnsetTime: Math.min(...perLead.map(truth => truth.qrsOnsetTime)),
      qrsOffsetTime: Math.max(...perLead.map(truth => truth.qrsOffsetTime)),
      rrBefore: beat.rrBefore,
      slowConduction: beat.slowConduction,
      leads: perLead,
    });
  });
  return described;
}
