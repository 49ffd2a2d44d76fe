import { expect, test } from 'vitest';
import { qtByScaledTemplate, qtVariability } from '../../../src/beat/intervals/qt-variability.ts';
import { createRandom } from '../../../src/random.ts';

const none = { pOnset: undefined, pPeak: undefined, pOffset: undefined, qrsOffset: undefined };
const wave = (t: number): number => Math.exp(-(((t - 0.28) / 0.04) ** 2)) * 0.3;

test('a T wave stretched in time gives its QT back, in noise too', () => {
  const rate = 500;
  const random = createRandom(9);
  const stretches = Array.from({ length: 40 }, (_, k) => 1 + 0.05 * Math.sin(k));
  const voltage = new Float64Array(41 * rate);
  const rPeaks = stretches.map((_, k) => (k + 1) * rate - 200);
  for (const [k, rPeak] of rPeaks.entries()) {
    for (let i = 0; i < 250; i++) voltage[rPeak + i]! += wave(i / rate / stretches[k]!);
  }
  const template = {
    voltage: Float64Array.from({ length: 300 }, (_, i) => wave((i - 50) / rate)),
    rPeak: 50,
    beats: 40,
  };
  const borders = { ...none, qrsOnset: 30, tOnset: 50 + 100, tPeak: 50 + 140, tOffset: 50 + 190 };
  const truth = stretches.map(stretch => (20 + 190 * stretch) / rate);
  const clean = qtByScaledTemplate(voltage, rate, rPeaks, template, borders);
  for (const [k, qt] of clean.entries()) expect(qt).toBeCloseTo(truth[k]!, 3);
  const noisy = voltage.map(v => v + 0.005 * random.normal());
  const errors = qtByScaledTemplate(noisy, rate, rPeaks, template, borders).map((qt, k) =>
    Math.abs(qt! - truth[k]!),
  );
  expect(Math.max(...errors)).toBeLessThan(0.004);
  // Where another wave is, none fits.
  const upsideDown = voltage.map(v => -v);
  expect(qtByScaledTemplate(upsideDown, rate, rPeaks, template, borders).every(qt => qt === undefined)).toBe(
    true,
  );
  const { tOffset: _, ...without } = borders;
  expect(qtByScaledTemplate(voltage, rate, [500], template, { ...without, tOffset: undefined })).toEqual([
    undefined,
  ]);
});

test('the index is the ratio of the relative variances', () => {
  const qt = Array.from({ length: 30 }, (_, k) => 0.4 + 0.01 * (k % 3));
  const rr = qt.map((_, k) => 60 / (70 + 5 * (k % 3)));
  const { index, meanQt, sdQt, meanHeartRate, beats } = qtVariability(qt, rr)!;
  expect(meanQt).toBeCloseTo(0.41, 12);
  expect(meanHeartRate).toBeCloseTo(75, 12);
  // Both spread alike over three values: SD ∝ step, so the ratio is (0.01/0.41)² over (5/75)².
  expect(index).toBeCloseTo(Math.log10((0.01 / 0.41) ** 2 / (5 / 75) ** 2), 12);
  expect(sdQt).toBeGreaterThan(0);
  expect(beats).toBe(30);
});

test('few beats, or none that vary, have none', () => {
  expect(qtVariability([0.4], [1])).toBeUndefined();
  const same = Array.from({ length: 30 }, () => 0.4);
  expect(qtVariability(same, same)).toBeUndefined();
  expect(
    qtVariability(
      same.map(() => undefined),
      same,
    ),
  ).toBeUndefined();
});
