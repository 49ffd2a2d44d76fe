import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { createTachogram, rrAt, type Tachogram } from '../../src/synth/tachogram.ts';

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((s, v) => s + v, 0) / x.length;
const sd = (x: ArrayLike<number>): number => {
  const m = mean(x);
  return Math.sqrt(Array.from(x).reduce((s, v) => s + (v - m) ** 2, 0) / x.length);
};

/** Power of the series between two frequencies, by a plain discrete Fourier sum. */
function bandPower({ rr, samplingFrequency }: Tachogram, fromHz: number, toHz: number): number {
  const m = mean(rr);
  let power = 0;
  for (let k = 1; k < rr.length / 2; k++) {
    const f = (k * samplingFrequency) / rr.length;
    if (f < fromHz || f >= toHz) continue;
    let [re, im] = [0, 0];
    for (let n = 0; n < rr.length; n++) {
      const angle = (2 * Math.PI * k * n) / rr.length;
      re += (rr[n]! - m) * Math.cos(angle);
      im += (rr[n]! - m) * Math.sin(angle);
    }
    power += (2 * (re * re + im * im)) / rr.length ** 2;
  }
  return power;
}

describe('the RR process of McSharry 2003', () => {
  test.each([
    [60, 1, 0.5],
    [75, 4, 2],
    [120, 0.5, 0.5],
  ])('%i ± %d beats/min, LF/HF %d: mean, deviation and band powers as asked', (hr, hrSd, ratio) => {
    const tachogram = createTachogram({ mean: hr, sd: hrSd, lfHfRatio: ratio }, 300, createRandom(1));
    expect(mean(tachogram.rr)).toBeCloseTo(60 / hr, 12);
    expect(sd(tachogram.rr)).toBeCloseTo((60 * hrSd) / hr ** 2, 12);
    const [lf, hf] = [bandPower(tachogram, 0.04, 0.15), bandPower(tachogram, 0.15, 0.4)];
    expect(lf / hf).toBeCloseTo(ratio, 2);
    // All its variance lies in these bands.
    expect((lf + hf) / sd(tachogram.rr) ** 2).toBeCloseTo(1, 6);
  });

  test('no deviation means an even rhythm', () => {
    const { rr } = createTachogram({ mean: 80, sd: 0, lfHfRatio: 0.5 }, 10, createRandom(1));
    expect(new Set(rr)).toEqual(new Set([0.75]));
  });

  test('is read by straight lines between its samples and held at its ends', () => {
    const ramp: Tachogram = { samplingFrequency: 4, rr: Float64Array.of(1, 2, 4) };
    expect([-1, 0, 0.125, 0.25, 0.375, 0.5, 9].map(t => rrAt(ramp, t))).toEqual([1, 1, 1.5, 2, 3, 4, 4]);
  });

  test.each([
    { mean: 0, sd: 1, lfHfRatio: 0.5 },
    { mean: 60, sd: -1, lfHfRatio: 0.5 },
    { mean: 60, sd: 20, lfHfRatio: 0.5 },
    { mean: 60, sd: 1, lfHfRatio: Number.NaN },
  ])('%o is refused', heartRate => {
    expect(() => createTachogram(heartRate, 10, createRandom(1))).toThrow(RangeError);
  });
});
