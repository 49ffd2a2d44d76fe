/**
 * Synthetic rhythms in which some atrial activations are not conducted to the ventricles, as lists of activations. A
 * conducted P wave belongs to its beat; one that is not conducted is an activation without a symbol. For complete block
 * see `completeBlock`.
 */
import type { Random } from '../random.ts';
import { regularTimes, shapes } from './activation-rhythms.ts';
import type { Activation } from './activation-synthesis.ts';
import type { GaussianWave } from './gaussian.ts';

/** Time from P peak to R peak of the shapes, s. */
const usualPr = 0.16;
/** Relative standard deviation of the atrial interval. */
const jitter = 0.015;

const conducted = (atrialTime: number, rr: number, pr: number): Activation => {
  const { QRS, T } = shapes.junctional(rr);
  const P = shapes.atrial().P.map((wave): GaussianWave => ({ ...wave, center: wave.center - pr }));
  return { time: atrialTime + pr, symbol: 'N', waves: { P, QRS, T } };
};

const blocked = (time: number): Activation => ({ time, waves: shapes.atrial() });

const inOrder = (events: Activation[]): Activation[] => events.sort((a, b) => a.time - b.time);

/** Second-degree block in which one of `ratio` P waves is conducted, with a constant PR interval. */
export function fixedRatioBlock(
  atrialRate: number,
  ratio: number,
  seconds: number,
  random: Random,
): Activation[] {
  const rr = (60 / atrialRate) * ratio;
  const times = regularTimes(60 / atrialRate, seconds, jitter, random);
  return inOrder(times.map((time, k) => (k % ratio === 0 ? conducted(time, rr, usualPr) : blocked(time))));
}

/**
 * Second-degree block with the Wenckebach period: PR is prolonged from beat to beat by ever less, until the last of
 * `period` P waves is not conducted.
 */
export function wenckebachBlock(
  atrialRate: number,
  period: number,
  seconds: number,
  random: Random,
): Activation[] {
  const interval = 60 / atrialRate;
  const events = regularTimes(interval, seconds, jitter, random).map((time, k) => {
    const place = k % period;
    return place === period - 1
      ? blocked(time)
      : conducted(time, interval, usualPr + 0.12 * (1 - 0.5 ** place));
  });
  return inOrder(events);
}

/**
 * Sinus rhythm in which every `every`-th beat is followed, after `coupling` of the sinus interval, by a premature P
 * wave that is not conducted and from which the sinus rhythm starts anew.
 */
export function blockedPrematureP(
  rate: number,
  every: number,
  coupling: number,
  seconds: number,
  random: Random,
): Activation[] {
  const interval = 60 / rate;
  const events: Activation[] = [];
  let time = (random.uniform() - 1) * interval;
  for (let k = 1; time < seconds + interval; k++) {
    events.push(conducted(time, interval, usualPr));
    if (k % every === 0) {
      time += coupling * interval * (1 + jitter * random.normal());
      events.push(blocked(time));
    }
    time += interval * (1 + jitter * random.normal());
  }
  return inOrder(events);
}
