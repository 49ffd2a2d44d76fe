/** QRS detection at rates from 15 to 320 beats per minute. */
import { createRandom, type Random } from '../../random.ts';
import { atrialFlutter, completeBlock, shapes, steadyRhythm } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import { detectionFigures, summarizeDetection } from './detection-figures.ts';
import { combinations, heartGrid } from './grid.ts';
import { noisyVoltage } from './noise.ts';

const seconds = 90;
const { sinus, junctional, ventricular, qrsOnly, fused } = shapes;

type Rhythm = (random: Random) => Activation[];

const rhythms: Readonly<Record<string, Rhythm>> = Object.fromEntries<Rhythm>([
  ...combinations({ atrial: [60, 75, 90, 110], rate: [15, 20, 24, 30, 40] }).flatMap(
    ({ atrial, rate }): [string, Rhythm][] => [
      [
        `complete block, P ${atrial}, narrow QRS ${rate}`,
        random => completeBlock(atrial, rate, junctional, seconds, random),
      ],
      [
        `complete block, P ${atrial}, wide QRS ${rate}`,
        random => completeBlock(atrial, rate, ventricular, seconds, random),
      ],
    ],
  ),
  ...[15, 20, 25, 30, 40].map((rate): [string, Rhythm] => [
    `idioventricular ${rate}`,
    random => steadyRhythm(rate, ventricular, seconds, random),
  ]),
  ...[15, 20, 30, 40, 50, 60].map((rate): [string, Rhythm] => [
    `sinus ${rate}`,
    random => steadyRhythm(rate, sinus, seconds, random),
  ]),
  ...[200, 225, 250, 270, 290, 320].flatMap((rate): [string, Rhythm][] => [
    [
      `supraventricular tachycardia ${rate}, QRS only`,
      random => steadyRhythm(rate, qrsOnly, seconds, random),
    ],
    [
      `supraventricular tachycardia ${rate}, P and T fused`,
      random => steadyRhythm(rate, fused, seconds, random),
    ],
  ]),
  ...combinations({ atrial: [220, 260, 300], conduction: ['2:1', '3:2', '1:1'] }).map(
    ({ atrial, conduction }): [string, Rhythm] => [
      `atrial flutter ${atrial}, ${conduction}`,
      random =>
        atrialFlutter(atrial, { '2:1': [2], '3:2': [1, 2], '1:1': [1] }[conduction]!, seconds, random),
    ],
  ),
]);

export const rates = heartGrid({
  name: 'rates',
  about: 'QRS detection from 15 to 320 beats a minute: complete block, idioventricular, sinus, SVT, flutter',
  cells: combinations({
    rhythm: Object.keys(rhythms),
    samplingFrequency: [250, 360, 500, 1000],
    snrDb: [30, 20],
  }).map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ rhythm, samplingFrequency, snrDb, seed }) {
    const heart = synthesizeActivations(rhythms[rhythm]!(createRandom(seed)), seconds, samplingFrequency);
    const rPeaks = heart.beats.map(beat => beat.rPeak.sample);
    return detectionFigures([noisyVoltage(heart, snrDb, seed)], samplingFrequency, rPeaks);
  },
  summarize: summarizeDetection,
});
