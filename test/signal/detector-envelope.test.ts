import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQrsEnvelope } from '../../src/signal/detector-envelope.ts';
import { createEnvelopeValues, envelopeDelay, envelopeFrequency } from '../../src/signal/envelope-bands.ts';

const envelopeOf = (
  voltage: Float64Array,
  samplingFrequency: number,
  pieces = [voltage.length],
  band: 'lower' | 'upper' = 'lower',
): number[] => {
  const envelope = createQrsEnvelope(samplingFrequency);
  const most = (pieces.length + 1) * envelope.mostValues(voltage.length);
  const values = createEnvelopeValues(most);
  let from = 0;
  for (const piece of [...pieces, voltage.length]) {
    const to = Math.min(voltage.length, from + piece);
    envelope.push(voltage, from, to, values);
    from = to;
  }
  return [...values[band].values.subarray(0, values.filled)];
};
/** A Gaussian wave as an R wave is, at `at` seconds. */
const wave = (samplingFrequency: number, at: number, seconds = 4): Float64Array =>
  Float64Array.from({ length: seconds * samplingFrequency }, (_, i) =>
    Math.exp(-(((i / samplingFrequency - at) / 0.012) ** 2) / 2),
  );

test('at its own rate it is the three moving means of its definition', () => {
  const voltage = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i * i * 1e-3) + (i % 7));
  const at = (i: number): number => voltage[Math.max(0, i)]!;
  const mean = (value: (i: number) => number, centre: number, width: number): number => {
    let sum = 0;
    for (let i = centre - (width - 1) / 2; i <= centre + (width - 1) / 2; i++) sum += value(i);
    return sum / width;
  };
  const deflection = (i: number): number => Math.abs(mean(at, i, 3) - mean(at, i, 11));
  const upperDeflection = (i: number): number => Math.abs(at(i) - mean(at, i, 5));
  const values = envelopeOf(voltage, envelopeFrequency);
  const upper = envelopeOf(voltage, envelopeFrequency, [500], 'upper');
  // After the start, where the signal before it counts.
  for (let k = 40; k < values.length; k++) {
    expect(values[k]).toBeCloseTo(mean(deflection, k - envelopeDelay, 13), 12);
    expect(upper[k]).toBeCloseTo(mean(upperDeflection, k - envelopeDelay, 13), 12);
  }
});

test.each([100, 125, 250, 257, 360, 1000, 2000])('it peaks over the wave at %i Hz', samplingFrequency => {
  const values = envelopeOf(wave(samplingFrequency, 1.7), samplingFrequency);
  const peak = values.indexOf(Math.max(...values));
  expect((peak - envelopeDelay + 0.5) / envelopeFrequency).toBeCloseTo(1.7, 1);
});

test('it hardly depends on the sampling frequency', () => {
  const highest = [200, 360, 500, 1000, 2000].map(fs => Math.max(...envelopeOf(wave(fs, 1.7), fs)));
  expect(Math.max(...highest) / Math.min(...highest)).toBeLessThan(1.05);
});

test('it does not depend on how the signal is cut', () => {
  const voltage = wave(360, 1.7);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 30 }), pieces => {
      expect(envelopeOf(voltage, 360, pieces)).toEqual(envelopeOf(voltage, 360));
    }),
    { seed: 2, numRuns: 30 },
  );
});

test('a constant has none, whatever its level', () => {
  for (const level of [0, 0.1 + 0.2, -1e6, 1e300]) {
    expect(envelopeOf(new Float64Array(2000).fill(level), 360).every(value => value === 0)).toBe(true);
  }
});

test('a jump across a long gap of invalid samples is no deflection', () => {
  const voltage = new Float64Array(2000).fill(1);
  voltage.fill(Number.NaN, 800, 900);
  voltage.fill(9, 900);
  expect(Math.max(...envelopeOf(voltage, 360))).toBe(0);
});

test('a single invalid sample is bridged', () => {
  const whole = wave(1000, 1.7);
  const holed = whole.slice();
  holed[1695] = Number.NaN;
  const [a, b] = [envelopeOf(whole, 1000), envelopeOf(holed, 1000)];
  expect(Math.max(...a.map((value, k) => Math.abs(value - b[k]!)))).toBeLessThan(0.02 * Math.max(...a));
});

test('a spike leaves nothing, whatever its size, once the signal is known', () => {
  const beats = (fs: number): Float64Array =>
    Float64Array.from({ length: 8 * fs }, (_, i) => Math.exp(-(((((i / fs) % 1) - 0.5) / 0.012) ** 2) / 2));
  for (const fs of [250, 500, 1000]) {
    for (const size of [2, 35]) {
      const clean = beats(fs);
      const spiked = clean.slice();
      for (let i = 0; i < 0.004 * fs; i++) spiked[Math.round(5.1 * fs) + i]! += size;
      const after = 3 * envelopeFrequency;
      const [a, b] = [envelopeOf(clean, fs).slice(after), envelopeOf(spiked, fs).slice(after)];
      expect(Math.max(...a.map((value, k) => Math.abs(value - b[k]!)))).toBeLessThan(0.01 * Math.max(...a));
    }
  }
});
