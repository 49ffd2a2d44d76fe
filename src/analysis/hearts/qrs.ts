/** QRS onset and offset of wide and notched complexes. */
import { delineate } from '../../beat/delineate/delineate.ts';
import { createRandom } from '../../random.ts';
import { mean, median } from '../../statistics.ts';
import { regularTimes } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import type { GaussianWave } from '../../synth/gaussian.ts';
import { combinations, type Figures, type GridRow, type GridSummary, heartGrid } from './grid.ts';

const seconds = 30;
const samplingFrequency = 500;
const rr = 0.9;
/** Boundaries are right within this time, ms: about two standard deviations of cardiologists' marks. */
const toleranceMs = 20;

const wave = (amplitude: number, center: number, width: number): GaussianWave => ({
  amplitude,
  center,
  width,
});

/** A QRS complex, its polarity, and the T wave that goes with it: amplitude (mV), time from R and width (s). */
interface Shape {
  readonly QRS: readonly GaussianWave[];
  readonly T: GaussianWave;
}

/** Each with a QRS duration of about 100 to 140 ms, before it is widened. */
const shapes: Readonly<Record<string, Shape>> = {
  narrow: {
    QRS: [wave(-0.12, -0.026, 0.008), wave(1.1, 0, 0.011), wave(-0.25, 0.028, 0.009)],
    T: wave(0.28, 0.29, 0.048),
  },
  'RBBB, V1': {
    QRS: [wave(0.3, -0.035, 0.009), wave(-0.5, -0.008, 0.01), wave(0.9, 0.034, 0.016)],
    T: wave(-0.25, 0.31, 0.05),
  },
  'RBBB, V6': {
    QRS: [wave(-0.1, -0.028, 0.008), wave(1, 0, 0.012), wave(-0.35, 0.05, 0.018)],
    T: wave(0.3, 0.31, 0.05),
  },
  'LBBB, V6': {
    QRS: [wave(0.75, -0.022, 0.017), wave(0.8, 0.024, 0.018)],
    T: wave(-0.25, 0.32, 0.055),
  },
  'LBBB, V1': {
    QRS: [wave(0.15, -0.045, 0.009), wave(-1.3, 0.01, 0.024)],
    T: wave(0.4, 0.32, 0.055),
  },
  paced: {
    QRS: [wave(0.7, -0.02, 0.018), wave(0.9, 0.024, 0.02)],
    T: wave(-0.35, 0.34, 0.06),
  },
  'premature ventricular': {
    QRS: [wave(0.35, -0.03, 0.015), wave(1.4, 0, 0.019), wave(-0.5, 0.05, 0.018)],
    T: wave(-0.4, 0.31, 0.055),
  },
  'pre-excited': {
    // The delta wave is a slurred upstroke, without a notch.
    QRS: [wave(0.12, -0.05, 0.012), wave(0.32, -0.028, 0.013), wave(1.1, 0, 0.012), wave(-0.2, 0.03, 0.01)],
    T: wave(-0.15, 0.29, 0.05),
  },
  'RBBB, I': {
    QRS: [wave(-0.06, -0.03, 0.008), wave(0.7, 0, 0.011), wave(-0.18, 0.058, 0.022)],
    T: wave(0.2, 0.32, 0.05),
  },
  'slurred S': {
    QRS: [wave(-0.1, -0.028, 0.008), wave(1, 0, 0.012), wave(-0.3, 0.034, 0.012), wave(-0.2, 0.062, 0.018)],
    T: wave(0.3, 0.32, 0.05),
  },
  'LBBB, plateau': {
    QRS: [wave(0.6, -0.034, 0.015), wave(0.45, 0, 0.018), wave(0.6, 0.036, 0.016)],
    T: wave(-0.3, 0.34, 0.055),
  },
  'Osborn wave': {
    QRS: [wave(-0.1, -0.028, 0.008), wave(1, 0, 0.011), wave(0.4, 0.052, 0.013)],
    T: wave(0.25, 0.34, 0.05),
  },
  'early repolarisation': {
    QRS: [wave(-0.15, -0.028, 0.008), wave(1.2, 0, 0.011), wave(0.2, 0.036, 0.008)],
    T: wave(0.6, 0.29, 0.055),
  },
  'pre-excited, small delta wave': {
    QRS: [wave(0.1, -0.045, 0.012), wave(0.22, -0.026, 0.012), wave(1, 0, 0.011), wave(-0.2, 0.028, 0.01)],
    T: wave(0.2, 0.3, 0.05),
  },
  fragmented: {
    QRS: [
      wave(-0.1, -0.036, 0.008),
      wave(0.7, -0.014, 0.008),
      wave(0.6, 0.012, 0.008),
      wave(-0.4, 0.036, 0.009),
    ],
    T: wave(0.25, 0.3, 0.05),
  },
  'hyperkalaemia-like': {
    QRS: [wave(0.8, -0.024, 0.02), wave(-0.7, 0.034, 0.022)],
    T: wave(0.7, 0.3, 0.042),
  },
};

/** A notch in the middle of the complex, as a fraction of its largest wave. */
const notches: Readonly<Record<string, number>> = { none: 0, small: 0.15, deep: 0.35 };

function complexOf(shape: string, stretch: number, notch: string): readonly GaussianWave[] {
  const { QRS } = shapes[shape]!;
  const largest = QRS.reduce((a, b) => (Math.abs(b.amplitude) > Math.abs(a.amplitude) ? b : a));
  const depth = notches[notch]!;
  const notched =
    depth === 0 ? QRS : [...QRS, wave(-depth * largest.amplitude, largest.center + 0.012, 0.006)];
  return notched.map(({ amplitude, center, width }) => wave(amplitude, stretch * center, stretch * width));
}

export const qrs = heartGrid({
  name: 'qrs',
  about: `QRS onset and offset within ${toleranceMs} ms: bundle branch block, slurred S, J waves, paced, ventricular, pre-excited, sine-like`,
  cells: combinations({
    shape: Object.keys(shapes),
    stretch: [1, 1.25, 1.5],
    notch: Object.keys(notches),
    polarity: [1, -1],
    noise: [5, 20],
  }).map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ shape, stretch, notch, polarity, noise, seed }): Figures {
    const random = createRandom(seed);
    const times = regularTimes(rr, seconds, 0.02, random).filter(time => time > 0.6 && time < seconds - 0.8);
    const turned = (one: GaussianWave): GaussianWave => ({ ...one, amplitude: polarity * one.amplitude });
    const waves = {
      P: [wave(0.12, -0.13 - 0.05 * stretch, 0.02)],
      QRS: complexOf(shape, stretch, notch).map(turned),
      T: [turned(shapes[shape]!.T)],
    };
    const events = times.map((time): Activation => ({ time, symbol: 'N', waves }));
    const { leads, beats } = synthesizeActivations(events, seconds, samplingFrequency);
    const voltage = leads[0]!.voltage.map(value => value + (noise / 1000) * random.normal());
    const found = delineate(
      voltage,
      samplingFrequency,
      beats.map(({ rPeak }) => rPeak.sample),
    );
    const errorMs = (sample: number | undefined, truth: number): number =>
      sample === undefined ? Number.NaN : 1000 * (sample / samplingFrequency - truth);
    const onset = found.map(({ qrs: bounds }, k) => errorMs(bounds.onset, beats[k]!.qrsOnsetTime));
    const offset = found.map(({ qrs: bounds }, k) => errorMs(bounds.offset, beats[k]!.qrsOffsetTime));
    const within = (errors: readonly number[]): number =>
      errors.filter(error => Math.abs(error) <= toleranceMs).length;
    return {
      ...ratios({
        beats: beats.length,
        bounded: onset.filter((error, k) => !Number.isNaN(error + offset[k]!)).length,
        onsetWithin: within(onset),
        offsetWithin: within(offset),
      }),
      durationMs: 1000 * mean(beats.map(({ qrsOnsetTime, qrsOffsetTime }) => qrsOffsetTime - qrsOnsetTime)),
      onsetErrorMs: finite(median(onset)),
      offsetErrorMs: finite(median(offset)),
    };
  },
  summarize,
});

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

type Counts = Readonly<Record<'beats' | 'bounded' | 'onsetWithin' | 'offsetWithin', number>>;

const ratios = (counts: Counts): Figures => ({
  ...counts,
  boundedShare: counts.bounded / counts.beats,
  onsetShare: counts.onsetWithin / counts.beats,
  offsetShare: counts.offsetWithin / counts.beats,
});

const score = ({ figures }: GridRow): number => Math.min(figures.onsetShare!, figures.offsetShare!);

function summarize(rows: readonly GridRow[]): GridSummary {
  const sum = (name: string): number => rows.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
  return {
    figures: {
      cells: rows.length,
      ...ratios({
        beats: sum('beats'),
        bounded: sum('bounded'),
        onsetWithin: sum('onsetWithin'),
        offsetWithin: sum('offsetWithin'),
      }),
      cellsBelow95: rows.filter(row => score(row) < 0.95).length,
    },
    worst: rows.reduce((worst, row) => (score(row) < score(worst) ? row : worst)),
  };
}
