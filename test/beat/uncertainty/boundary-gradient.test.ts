import { describe, expect, test } from 'vitest';
import { unpacedQrsPlaces } from '../../../src/beat/delineate/qrs-bounds.ts';
import { qrsOffsetModel, qrsOnsetModel, tPeakModel } from '../../../src/beat/delineate/wave-models.ts';
import { boundaryGradient, turningPointGradient } from '../../../src/beat/uncertainty/boundary-gradient.ts';
import { createRandom } from '../../../src/random.ts';
import { standardLead, synthesize } from '../../../src/synth.ts';

/** How the place moves with each sample, by differences of the measurement itself. */
function byDifferences(
  voltage: Float64Array,
  place: (voltage: Float64Array) => number,
  { from, weights }: { readonly from: number; readonly weights: Float64Array },
): number[] {
  const step = 2e-4;
  return Array.from(weights, (_, k) => {
    const moved = (by: number): number => {
      const changed = voltage.slice();
      changed[from + k]! += by;
      return place(changed);
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

const correlation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! ** 2;
    squareB += b[i]! ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
};
const norm = (a: ArrayLike<number>): number => Math.hypot(...Array.from(a));

describe.each([250, 360, 500, 1000])('at %i Hz', rate => {
  const ecg = synthesize({ samplingFrequency: rate, seconds: 8, seed: 5, leads: [standardLead('II')] });
  const random = createRandom(3);
  const voltage = ecg.leads[0]!.voltage.map(v => v + 0.004 * random.normal());
  const rPeak = ecg.beats[3]!.rPeak.sample;

  test.each([
    ['onset', qrsOnsetModel],
    ['offset', qrsOffsetModel],
  ] as const)('the QRS %s is the delineated one, and so is its gradient', (border, model) => {
    const placeOf = (v: Float64Array): number => unpacedQrsPlaces(v, rate, [rPeak])[0]![border]!;
    const found = boundaryGradient(model, rate)(voltage, rPeak)!;
    expect(Math.abs(found.place - placeOf(voltage))).toBeLessThan(0.01);
    const expected = byDifferences(voltage, placeOf, found);
    expect(norm(expected)).toBeGreaterThan(0);
    expect(norm(found.weights) / norm(expected)).toBeGreaterThan(0.97);
    expect(norm(found.weights) / norm(expected)).toBeLessThan(1.03);
    expect(correlation(found.weights, expected)).toBeGreaterThan(0.99);
  });

  test('the place of a T peak, where the line is level', () => {
    const clean = ecg.leads[0]!.clean;
    let peak = rPeak + Math.round(0.2 * rate);
    for (let i = peak; i < rPeak + 0.45 * rate; i++) if (clean[i]! > clean[peak]!) peak = i;
    const placeOf = (v: Float64Array): number =>
      turningPointGradient(v, rate, tPeakModel.lineMs, peak)!.place;
    const found = turningPointGradient(clean, rate, tPeakModel.lineMs, peak)!;
    expect(Math.abs(found.place - peak)).toBeLessThan(1.01);
    const expected = byDifferences(clean, placeOf, found);
    expect(correlation(found.weights, expected)).toBeGreaterThan(0.9999);
    expect(norm(found.weights) / norm(expected)).toBeGreaterThan(0.999);
    expect(norm(found.weights) / norm(expected)).toBeLessThan(1.001);
  });

  test('no gradient at an end of the signal or at an invalid sample', () => {
    const gradient = boundaryGradient(qrsOnsetModel, rate);
    expect(gradient(voltage, 3)).toBeUndefined();
    const broken = voltage.slice();
    broken[rPeak - 5] = Number.NaN;
    expect(gradient(broken, rPeak)).toBeUndefined();
    expect(gradient(new Float64Array(voltage.length), rPeak)).toBeUndefined();
  });
});
