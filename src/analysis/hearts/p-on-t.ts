/** P waves on the descending T wave before: found where they have a peak of their own, absent where they have none. */
import { delineate } from '../../beat/delineate/delineate.ts';
import { createRandom } from '../../random.ts';
import { shapes } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import { type GaussianWave, gaussianSum, zeroCrossings } from '../../synth/gaussian.ts';
import { combinations, type Figures, type GridRow, type GridSummary, heartGrid } from './grid.ts';

const seconds = 25;
const toleranceMs = 15;
/** Time of the T peak after R, and of the P peak before R, s. */
const tPeak = 0.28;
const pPeak = -0.16;
/** A P wave has a peak of its own when it rises by this much above the trough after the T wave, mV. */
const leastRise = 0.02;

const tShapes: Readonly<Record<string, readonly GaussianWave[]>> = {
  low: [{ amplitude: 0.12, center: tPeak, width: 0.045 }],
  usual: [{ amplitude: 0.3, center: tPeak, width: 0.045 }],
  tall: [{ amplitude: 0.6, center: tPeak, width: 0.045 }],
  inverted: [{ amplitude: -0.25, center: tPeak, width: 0.045 }],
};

/** Whether the sum of T and P has a maximum near the P peak, well above the minimum between the two. */
function hasOwnPeak(waves: readonly GaussianWave[], p: GaussianWave, tCenter: number): boolean {
  const turns = zeroCrossings(waves, 1, tCenter - 0.02, p.center + 0.03);
  const peak = turns.findLast(
    time => Math.abs(time - p.center) <= toleranceMs / 1000 && gaussianSum(waves, time, 2) < 0,
  );
  const trough = turns.findLast(time => time < (peak ?? tCenter));
  if (peak === undefined || trough === undefined) return false;
  const rise = gaussianSum(waves, peak, 0) - gaussianSum(waves, trough, 0);
  return gaussianSum(waves, trough, 2) > 0 && rise >= leastRise;
}

export const pOnT = heartGrid({
  name: 'p-on-t',
  about: `P waves 0–160 ms after the T peak: share found within ${toleranceMs} ms where they have a peak of their own; share falsely marked elsewhere`,
  cells: combinations({
    afterTMs: [0, 20, 40, 60, 80, 100, 120, 140, 160],
    t: Object.keys(tShapes),
    amplitude: [0.08, 0.15],
    samplingFrequency: [250, 500],
  }).map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ afterTMs, t, amplitude, samplingFrequency, seed }): Figures {
    const random = createRandom(seed);
    const rr = tPeak + afterTMs / 1000 - pPeak;
    const p = { amplitude, center: pPeak, width: 0.02 };
    const T = tShapes[t]!;
    const waves = { P: [p], QRS: shapes.junctional(rr).QRS, T };
    const times: number[] = [];
    for (let time = 0.7; time < seconds - 0.8; time += rr * (1 + 0.003 * random.normal())) times.push(time);
    const events = times.map((time): Activation => ({ time, symbol: 'N', waves }));
    const { leads } = synthesizeActivations(events, seconds, samplingFrequency);
    const voltage = leads[0]!.voltage.map(value => value + 0.005 * random.normal());
    const rPeaks = times.map(time => Math.round(time * samplingFrequency));
    const errors = delineate(voltage, samplingFrequency, rPeaks)
      .slice(1, -1)
      .map((beat, k) => beat.p && 1000 * (beat.p.peak / samplingFrequency - times[k + 1]! - pPeak));
    const found = errors.filter(error => error !== undefined);
    const within = found.filter(error => Math.abs(error) <= toleranceMs).length;
    const before = T.map(wave => ({ ...wave, center: wave.center - rr }));
    return {
      beats: errors.length,
      separate: hasOwnPeak([...before, p], p, tPeak - rr) ? errors.length : 0,
      within,
      elsewhere: found.length - within,
      elsewhereShare: (found.length - within) / errors.length,
    };
  },
  summarize(rows): GridSummary {
    const sum = (list: readonly GridRow[], name: string): number =>
      list.reduce((total, { figures }) => total + figures[name]!, 0);
    const separate = rows.filter(({ figures }) => figures.separate! > 0);
    const share = (row: GridRow): number => row.figures.elsewhereShare!;
    return {
      figures: {
        cells: rows.length,
        separateCells: separate.length,
        separateShare: sum(separate, 'within') / sum(separate, 'beats'),
        elsewhereShare: sum(rows, 'elsewhere') / sum(rows, 'beats'),
        cellsAbove5Elsewhere: rows.filter(row => share(row) > 0.05).length,
      },
      worst: rows.reduce((worst, row) => (share(row) > share(worst) ? row : worst)),
    };
  },
});
