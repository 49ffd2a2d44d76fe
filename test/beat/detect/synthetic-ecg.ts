/** A synthetic ECG whose beats are known, and the errors of a detection against them. */
import { compareBeats } from '../../../src/beat/score/compare-beats.ts';
import { standardLead } from '../../../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../../../src/synth/noise.ts';
import { synthesize } from '../../../src/synth/synthesize.ts';

export const ecgAt = (samplingFrequency: number, seconds = 60, snrDb = 20) => {
  const ecg = synthesize({
    samplingFrequency,
    seconds,
    seed: 3,
    leads: [standardLead('II'), standardLead('V2')],
    premature: { ventricular: 0.08, supraventricular: 0.05 },
  });
  const levels = levelsForSnr(ecg, { baselineWander: 1, muscle: 0.5, white: 0.2 }, snrDb, 1);
  return withNoise(ecg, levels, 1);
};

export const ecg = ecgAt(360);

export const voltage = ecg.leads[0]!.voltage;

export const marked = (samples: Iterable<number>) => Array.from(samples, sample => ({ sample, symbol: 'N' }));

export const errorsOf = (truth: Iterable<number>, found: Int32Array, samplingFrequency: number): number => {
  const { missed, extra } = compareBeats(marked(truth), marked(found), samplingFrequency, {
    startSeconds: 0,
  });
  return missed.length + extra.length;
};

export const truth = ecg.beats.map(beat => beat.rPeak.sample);
