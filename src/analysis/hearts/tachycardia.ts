/** QRS detection where a tachycardia begins or ends in sinus rhythm. */
import { createRandom } from '../../random.ts';
import { paroxysmal, shapes } from '../../synth/activation-rhythms.ts';
import { synthesizeActivations } from '../../synth/activation-synthesis.ts';
import { detectionFigures, summarizeDetection } from './detection-figures.ts';
import { combinations, heartGrid } from './grid.ts';
import { noisyVoltage } from './noise.ts';

const sinusRate = 70;
/** Duration of the sinus rhythm before and after the tachycardia, s. */
const sinusSeconds = 14;
/** Above this rate, beats/min, wide complexes would merge. */
const fastestWide = 270;

const tachycardias = {
  'narrow QRS': shapes.qrsOnly,
  'P and T fused': shapes.fused,
  'wide QRS': shapes.wideQrsOnly,
};

export const tachycardia = heartGrid({
  name: 'tachycardia',
  about: 'QRS detection where a tachycardia of 190 to 320 beats a minute begins or ends in sinus rhythm',
  cells: combinations({
    shape: Object.keys(tachycardias) as (keyof typeof tachycardias)[],
    rate: [190, 210, 240, 270, 320],
    runSeconds: [4, 10, 40],
    sinus: ['before', 'after', 'before and after'],
    samplingFrequency: [250, 1000],
    snrDb: [30, 20],
  })
    .filter(({ shape, rate }) => shape !== 'wide QRS' || rate <= fastestWide)
    .map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ shape, rate, runSeconds, sinus, samplingFrequency, snrDb, seed }) {
    const from = sinus === 'after' ? 0 : sinusSeconds;
    const to = from + runSeconds;
    const seconds = sinus === 'before' ? to : to + sinusSeconds;
    const paroxysm = { rate, shape: tachycardias[shape], from, to };
    const events = paroxysmal(sinusRate, paroxysm, seconds, createRandom(seed));
    const heart = synthesizeActivations(events, seconds, samplingFrequency);
    const rPeaks = heart.beats.map(beat => beat.rPeak.sample);
    return detectionFigures([noisyVoltage(heart, snrDb, seed)], samplingFrequency, rPeaks);
  },
  summarize: summarizeDetection,
});
