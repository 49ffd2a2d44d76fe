/** Delineation of T and P peaks at long and short QT and PR intervals. */
import { type DelineatedBeat, delineate } from '../../beat/delineate/delineate.ts';
import { createRandom } from '../../random.ts';
import { shapes } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import type { GaussianWave } from '../../synth/gaussian.ts';
import { combinations, type Figures, type GridSummary, heartGrid } from './grid.ts';
import { summarizeWaves, waveFigures } from './wave-figures.ts';

const samplingFrequency = 500;
const seconds = 30;

interface Beat {
  /** Gaussian waves with centres in s relative to the R peak and amplitudes in mV; the RR interval in s. */
  readonly p: readonly GaussianWave[];
  readonly t: readonly GaussianWave[];
  readonly rr: number;
  /** Standard deviation of the white noise, µV. */
  readonly noise: number;
  readonly seed: number;
}

/**
 * Errors in ms of the peak read by `peakOf`, relative to the true peak at `peak` s from R. The first and last beats
 * are omitted; undefined marks a wave reported absent.
 */
function errorsMs(
  { p, t, rr, noise, seed }: Beat,
  peak: number,
  peakOf: (beat: DelineatedBeat) => number | undefined,
): (number | undefined)[] {
  const random = createRandom(seed);
  const times: number[] = [];
  for (let time = 0.7; time < seconds - 0.8; time += rr * (1 + 0.01 * random.normal())) times.push(time);
  const waves = { P: p, QRS: shapes.junctional(rr).QRS, T: t };
  const events = times.map((time): Activation => ({ time, symbol: 'N', waves }));
  const { leads } = synthesizeActivations(events, seconds, samplingFrequency);
  const voltage = leads[0]!.voltage.map(value => value + (noise / 1000) * random.normal());
  const rPeaks = times.map(time => Math.round(time * samplingFrequency));
  return delineate(voltage, samplingFrequency, rPeaks)
    .slice(1, -1)
    .map((beat, k) => {
      const found = peakOf(beat);
      return found === undefined ? undefined : (found / samplingFrequency - times[k + 1]! - peak) * 1000;
    });
}

const width = 0.05;
/** A T wave stands clear of the noise when its height is this many times the standard deviation of the white noise. */
const clearRatio = 5;
/** The lobes of each T-wave shape: amplitude factor and delay in s; the first lobe is the largest. */
const tShapes: Readonly<Record<string, readonly (readonly [factor: number, delay: number])[]>> = {
  upright: [[1, 0]],
  inverted: [[-1, 0]],
  biphasic: [
    [1, 0],
    [-0.6, 0.11],
  ],
};
/**
 * Offset of the T wave before the R peak of the next beat by which it is clear of the next P wave, s: a wave extends
 * 2.5 widths from its centre.
 */
const nextP = 0.16 + 2.5 * 0.02;
const clearFrom = (shape: string): number =>
  Math.max(...tShapes[shape]!.map(([, delay]) => delay)) + 2.5 * width;

export const qt = heartGrid({
  name: 'qt',
  about: `T peak within 20 ms, from 200 to 600 ms after R, where T is clear of the next P wave; clearShare: of T at least ${clearRatio} times the noise SD`,
  cells: combinations({
    tPeakMs: [200, 300, 400, 500, 550, 600],
    rr: [0.6, 0.8, 1, 1.3, 1.6],
    amplitude: [0.1, 0.3, 0.5],
    shape: Object.keys(tShapes),
    noise: [5, 30],
  })
    .filter(({ tPeakMs, rr, shape }) => tPeakMs / 1000 + clearFrom(shape) <= rr - nextP)
    .map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ tPeakMs, rr, amplitude, shape, noise, seed }): Figures {
    const peak = tPeakMs / 1000;
    const t = tShapes[shape]!.map(([factor, delay]) => ({
      amplitude: factor * amplitude,
      center: peak + delay,
      width,
    }));
    const p = [{ amplitude: 0.12, center: -0.16, width: 0.02 }];
    const figures = waveFigures(
      errorsMs({ p, t, rr, noise, seed }, peak, beat => beat.t?.peak),
      20,
    );
    return { ...figures, heightOverNoise: (1000 * amplitude) / noise };
  },
  summarize(rows): GridSummary {
    const clear = summarizeWaves(
      rows.filter(({ figures }) => figures.heightOverNoise! >= clearRatio),
    ).figures;
    const { figures, worst } = summarizeWaves(rows);
    return {
      figures: { ...figures, clearRatio, clearWaves: clear.waves, clearShare: clear.share },
      worst,
    };
  },
});

export const pr = heartGrid({
  name: 'pr',
  about: 'P peak within 10 ms, from 120 to 400 ms before R, where P stands clear of the T wave before',
  cells: combinations({
    pPeakMs: [120, 160, 200, 240, 280, 320, 360, 400],
    rr: [0.7, 0.85, 1, 1.2],
    amplitude: [0.08, 0.15],
    noise: [5, 15],
  })
    .filter(({ pPeakMs, rr }) => pPeakMs / 1000 + 0.05 <= rr - (0.28 + 2.5 * 0.045))
    .map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ pPeakMs, rr, amplitude, noise, seed }): Figures {
    const peak = -pPeakMs / 1000;
    const p = [{ amplitude, center: peak, width: 0.02 }];
    const t = [{ amplitude: 0.28, center: 0.28, width: 0.045 }];
    return waveFigures(
      errorsMs({ p, t, rr, noise, seed }, peak, beat => beat.p?.peak),
      10,
    );
  },
  summarize: summarizeWaves,
});
