/** P and T waves with two lobes, and T waves at fast rates, at exact times: a Gaussian wave ends 2.45 widths from its centre. */
import { describe, expect, test } from 'vitest';
import { type DelineatedBeat, delineate } from '../../../src/beat/delineate/delineate.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { sampled, type Wave } from '../gaussian-waves.ts';

const fs = 500;
const edge = 2.45;
const qrs: readonly Wave[] = [
  { amplitude: -0.1, centre: -0.026, width: 0.008 },
  { amplitude: 1.1, centre: 0, width: 0.011 },
  { amplitude: -0.25, centre: 0.028, width: 0.009 },
];
const usual = {
  p: [{ amplitude: 0.12, centre: -0.16, width: 0.02 }],
  t: [{ amplitude: 0.28, centre: 0.29, width: 0.045 }],
};

/** The median time from the R peak, ms, of a place in beats `rr` s apart. */
function timeOf(
  { p, t }: { readonly p: readonly Wave[]; readonly t: readonly Wave[] },
  rr: number,
  place: (beat: DelineatedBeat) => number | undefined,
): number {
  const random = createRandom(5);
  const at = Array.from({ length: 24 }, (_, k) => 0.8 + k * rr + 0.004 * random.normal());
  const waves = at.flatMap(time =>
    [...p, ...qrs, ...t].map(wave => ({ ...wave, centre: time + wave.centre })),
  );
  const voltage = sampled(waves, Math.ceil((at.at(-1)! + 1) * fs), fs).map(v => v + 0.008 * random.normal());
  const rPeaks = at.map(time => Math.round(time * fs));
  const found = delineate(voltage, fs, rPeaks).slice(1, -1);
  return median(found.map((beat, k) => 1000 * ((place(beat) ?? Number.NaN) / fs - at[k + 1]!)));
}

describe.each([
  [40, 0.7],
  [50, 1],
  [60, 0.7],
  [60, 1],
  [60, 1.3],
])('a P wave with two peaks %i ms apart, the second %s times as high', (apart, ratio) => {
  const lobe = (amplitude: number, side: number): Wave => ({
    amplitude,
    centre: -0.17 + (side * apart) / 2000,
    width: 0.014,
  });
  const waves = { ...usual, p: [lobe(0.12, -1), lobe(0.12 * ratio, 1)] };
  const half = apart / 2 + 1000 * edge * 0.014;

  test('has the onset of the first and the offset of the second', () => {
    expect(Math.abs(timeOf(waves, 0.85, ({ p }) => p?.onset) + 170 + half)).toBeLessThan(12);
    expect(Math.abs(timeOf(waves, 0.85, ({ p }) => p?.offset) + 170 - half)).toBeLessThan(12);
  });
});

test.each([1, 1.5])('a biphasic P wave ends with its second lobe, %s times as high', ratio => {
  const first = { amplitude: 0.08, centre: -0.175, width: 0.014 };
  const waves = { ...usual, p: [first, { amplitude: -0.08 * ratio, centre: -0.14, width: 0.014 }] };
  const reach = 1000 * edge * 0.014;
  expect(Math.abs(timeOf(waves, 0.85, ({ p }) => p?.onset) + 175 + reach)).toBeLessThan(12);
  expect(Math.abs(timeOf(waves, 0.85, ({ p }) => p?.offset) + 140 - reach)).toBeLessThan(15);
});

test.each([
  [0.25, 0.1, 0.2],
  [0.25, 0.1, 0.27],
  [0.25, 0.1, -0.25],
  [0.25, 0.1, -0.2],
])('a T wave of %s mV ends with the lobe that follows it by %s s', (amplitude, apart, second) => {
  const t = [
    { amplitude, centre: 0.25, width: 0.032 },
    { amplitude: second, centre: 0.25 + apart, width: 0.03 },
  ];
  const end = 1000 * (0.25 + apart + edge * 0.03);
  expect(Math.abs(timeOf({ ...usual, t }, 1, beat => beat.t?.offset) - end)).toBeLessThan(20);
});

test.each([0.375, 0.4])('a T wave just before the next complex, %s s after the last, keeps its end', rr => {
  const t = [{ amplitude: 0.2, centre: 0.21, width: 0.03 }];
  const end = 1000 * (0.21 + edge * 0.03);
  expect(Math.abs(timeOf({ p: [], t }, rr, beat => beat.t?.offset) - end)).toBeLessThan(25);
});

test('a single P or T wave is not extended', () => {
  expect(Math.abs(timeOf(usual, 0.85, ({ p }) => p?.offset) + 160 - 49)).toBeLessThan(12);
  expect(Math.abs(timeOf(usual, 0.85, ({ t }) => t?.offset) - 400)).toBeLessThan(20);
});
