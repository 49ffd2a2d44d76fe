/** P waves that are not conducted, in complete and second-degree heart block and after blocked premature P waves. */

import { delineateWithAtrialEvents } from '../../beat/delineate/atrial-events.ts';
import { positivePredictivity, sensitivity } from '../../beat/score/sensitivity.ts';
import { createRandom, type Random } from '../../random.ts';
import { completeBlock, shapes, steadyRhythm } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import { blockedPrematureP, fixedRatioBlock, wenckebachBlock } from '../../synth/blocked-conduction.ts';
import { combinations, type Figures, type GridRow, type GridSummary, heartGrid } from './grid.ts';
import { noisyVoltage } from './noise.ts';

const seconds = 90;
const toleranceMs = 20;
/** A P wave is clear when its peak is this far from a QRS complex and from the peak of a T wave, s. */
const clearOfQrs = 0.05;
const clearOfT = 0.1;

type Rhythm = (random: Random) => Activation[];
const { junctional, ventricular, sinus } = shapes;

const rhythms: Readonly<Record<string, Rhythm>> = Object.fromEntries<Rhythm>([
  ...combinations({ atrial: [60, 75, 90, 110], rate: [23, 29, 34, 43] }).flatMap(
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
  ...combinations({ atrial: [60, 75, 90], ratio: [2, 3] }).map(({ atrial, ratio }): [string, Rhythm] => [
    `${ratio}:1 block, P ${atrial}`,
    random => fixedRatioBlock(atrial, ratio, seconds, random),
  ]),
  ...combinations({ atrial: [60, 80, 100], period: [3, 5] }).map(({ atrial, period }): [string, Rhythm] => [
    `Wenckebach ${period}:${period - 1}, P ${atrial}`,
    random => wenckebachBlock(atrial, period, seconds, random),
  ]),
  ...combinations({ rate: [55, 70, 90], every: [3, 6], coupling: [0.45, 0.6] }).map(
    ({ rate, every, coupling }): [string, Rhythm] => [
      `blocked premature P at ${coupling} of ${rate}, every ${every} beats`,
      random => blockedPrematureP(rate, every, coupling, seconds, random),
    ],
  ),
  ...[50, 70, 100, 140].map((rate): [string, Rhythm] => [
    `sinus ${rate}, all conducted`,
    random => steadyRhythm(rate, sinus, seconds, random),
  ]),
]);

export const atrial = heartGrid({
  name: 'atrial',
  about: `P waves without a QRS complex within ${toleranceMs} ms: complete block, 2:1, 3:1, Wenckebach, blocked premature`,
  cells: combinations({
    rhythm: Object.keys(rhythms),
    samplingFrequency: [250, 500],
    snrDb: [30, 20],
  }).map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ rhythm, samplingFrequency, snrDb, seed }): Figures {
    const events = rhythms[rhythm]!(createRandom(seed));
    const heart = synthesizeActivations(events, seconds, samplingFrequency);
    const rPeaks = heart.beats.map(({ rPeak }) => rPeak.sample);
    const voltage = noisyVoltage(heart, snrDb, seed);
    const { leads, atrialEvents } = delineateWithAtrialEvents([voltage], samplingFrequency, rPeaks);
    const isInside = (time: number): boolean => time > 0.2 && time < seconds - 0.5;
    const truth = events.filter(({ symbol }) => symbol === undefined).map(({ time }) => time);
    const found = atrialEvents.map(({ peak }) => peak / samplingFrequency).filter(isInside);
    const ofBeats = leads[0]!.flatMap(({ p }) => (p === undefined ? [] : [p.peak / samplingFrequency]));
    const hasNear = (list: readonly number[], time: number): boolean =>
      list.some(other => Math.abs(other - time) <= toleranceMs / 1000);
    const isClearOfQrs = (time: number): boolean =>
      heart.beats.every(
        ({ qrsOnsetTime, qrsOffsetTime }) =>
          time <= qrsOnsetTime - clearOfQrs || time >= qrsOffsetTime + clearOfQrs,
      );
    const isOnT = (time: number): boolean =>
      heart.beats.some(({ leads: [lead] }) => Math.abs(time - (lead!.t?.peak ?? Infinity)) < clearOfT);
    const visible = truth.filter(time => isInside(time) && isClearOfQrs(time));
    const clear = visible.filter(time => !isOnT(time));
    const onT = visible.filter(isOnT);
    return {
      ...ratios({
        waves: clear.length,
        within: clear.filter(time => hasNear(found, time)).length,
        extra: found.filter(time => !hasNear(truth, time)).length,
        events: found.length,
        onBeats: clear.filter(time => hasNear(ofBeats, time)).length,
      }),
      onT: onT.length,
      onTWithin: onT.filter(time => hasNear(found, time)).length,
    };
  },
  summarize,
});

/** `onBeats` counts P waves of no beat that were given to one. */
type Counts = Readonly<Record<'waves' | 'within' | 'extra' | 'events' | 'onBeats', number>>;

const ratios = (counts: Counts): Figures => ({
  ...counts,
  sensitivity: sensitivity(counts.within, counts.waves - counts.within),
  positivePredictivity: positivePredictivity(counts.events - counts.extra, counts.extra),
});

/** The lower of sensitivity and positive predictivity. */
const score = ({ figures }: GridRow): number =>
  Math.min(figures.sensitivity ?? 1, figures.positivePredictivity ?? 1);

function summarize(rows: readonly GridRow[]): GridSummary {
  const sum = (name: string): number => rows.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
  const [waves, within, extra] = [sum('waves'), sum('within'), sum('extra')];
  return {
    figures: {
      cells: rows.length,
      ...ratios({ waves, within, extra, events: sum('events'), onBeats: sum('onBeats') }),
      onT: sum('onT'),
      onTWithin: sum('onTWithin'),
      cellsBelow95: rows.filter(row => score(row) < 0.95).length,
    },
    worst: rows.reduce((worst, row) => (score(row) < score(worst) ? row : worst)),
  };
}
