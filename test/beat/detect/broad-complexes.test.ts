/** P and T waves beside broad complexes without steep parts. */
import { expect, test } from 'vitest';
import { detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { compareBeats } from '../../../src/beat/score/compare-beats.ts';
import { createRandom, type Random } from '../../../src/random.ts';
import { regularTimes } from '../../../src/synth/activation-rhythms.ts';

const seconds = 60;
/** Shapes over a width of 1 on either side. */
const gaussian = (x: number): number => Math.exp(-4 * x * x);
const cosine = (x: number): number => (Math.abs(x) < 1 ? (1 + Math.cos(Math.PI * x)) / 2 : 0);
const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

interface Wave {
  readonly time: number;
  readonly shape: (x: number) => number;
  readonly amplitude: number;
  readonly width: number;
}

function drawn(waves: readonly Wave[], fs: number, random: Random): Float64Array {
  const voltage = Float64Array.from({ length: seconds * fs }, () => 0.01 * random.normal());
  for (const { time, shape, amplitude, width } of waves) {
    const to = Math.min(voltage.length, Math.ceil((time + 2 * width) * fs));
    for (let i = Math.max(0, Math.floor((time - 2 * width) * fs)); i < to; i++) {
      voltage[i]! += amplitude * shape((i / fs - time) / width);
    }
  }
  return voltage;
}

/** A complex of 1 mV with an inverted T wave, `size` times. */
const complex = (time: number, shape: Wave['shape'], size = 1): Wave[] => [
  { time, shape, amplitude: size, width: 0.1 },
  { time: time + 0.33, shape: gaussian, amplitude: -0.2 * size, width: 0.12 },
];

function errors(leads: readonly Float64Array[], beats: readonly number[], fs: number) {
  const inside = (sample: number): boolean => sample > 15 * fs && sample < (seconds - 0.3) * fs;
  const marks = (samples: readonly number[]) =>
    samples.filter(inside).map(sample => ({ sample, symbol: 'N' }));
  const found = marks([...detectQrsMultiLead(leads, fs)]);
  const { missed, extra } = compareBeats(marks(beats.map(time => Math.round(time * fs))), found, fs, {
    startSeconds: 0,
  });
  return { missed: missed.length, extra: extra.length };
}

test.each([
  ['Gaussian', gaussian, 250],
  ['cosine', cosine, 360],
  ['triangle', triangle, 1000],
] as const)('%s escape complexes: P waves of 0.15 to 0.25 of their height are no beats', (_, shape, fs) => {
  for (const [rate, height] of [
    [25, 0.15],
    [30, 0.2],
    [35, 0.25],
  ] as const) {
    const random = createRandom(rate);
    const beats = regularTimes(60 / rate, seconds, 0.015, random);
    const atria = regularTimes(0.7, seconds, 0.01, random);
    const waves = [
      ...beats.flatMap(time => complex(time, shape)),
      ...atria.map(time => ({ time, shape, amplitude: height, width: 0.045 })),
    ];
    for (const count of [1, 2]) {
      const leads = Array.from({ length: count }, () => drawn(waves, fs, random));
      const { missed, extra } = errors(leads, beats, fs);
      expect(missed).toBe(0);
      expect(extra).toBeLessThanOrEqual(1);
    }
  }
});

test('T waves of a third of the height of broad complexes are no beats', () => {
  for (const [rate, fs, sign] of [
    [25, 1000, -1],
    [60, 500, -1],
    [60, 500, 1],
    [45, 250, 1],
  ] as const) {
    const random = createRandom(rate);
    const beats = regularTimes(60 / rate, seconds, 0.01, random);
    const waves = beats.flatMap((time): Wave[] => [
      { time, shape: cosine, amplitude: 0.8, width: 0.095 },
      { time: time + 0.4, shape: cosine, amplitude: 0.3 * sign, width: 0.115 },
    ]);
    expect(errors([drawn(waves, fs, random)], beats, fs)).toEqual({ missed: 0, extra: 0 });
  }
});

test('small broad beats between large ones are beats: they are not faster than these', () => {
  for (const [shape, fs] of [
    [gaussian, 500],
    [cosine, 250],
  ] as const) {
    const random = createRandom(fs);
    const beats = regularTimes(0.8, seconds, 0.01, random);
    const voltage = drawn(
      beats.flatMap((time, k) => complex(time, shape, k % 2 === 0 ? 1 : 0.4)),
      fs,
      random,
    );
    expect(errors([voltage], beats, fs)).toEqual({ missed: 0, extra: 0 });
  }
});
