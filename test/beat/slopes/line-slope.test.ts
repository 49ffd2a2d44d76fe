/** Slopes of a Gaussian wave and of straight lines against their closed forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineSlope, lineSlopeAt, slidingLineSlopes } from '../../../src/beat/slopes/line-slope.ts';
import { measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { savitzkyGolay } from '../../../src/diff/savitzky-golay.ts';
import { parseScheme } from '../../../src/diff/scheme.ts';
import { sampled } from '../gaussian-waves.ts';

describe('a Gaussian wave A·exp(−t²/2s²), whose slope is ±A·e^(−½)/s at t = ∓s', () => {
  // Error of the steepest slope relative to the truth: the scheme's own bias at t = s, c·(h/s)^p with
  // c = |f⁽ᵖ⁺¹⁾|·(scheme constant)/|f′|, and what the parabola leaves, below 0.15·(h/s)³.
  const bounds: [string, number, number][] = [
    ['central2', 1 / 3, 2],
    ['central4', 1 / 5, 4],
    ['central6', 1 / 7, 6],
    ['central8', 2 / 45, 8],
    ['forward', 1 / 12, 2],
    ['backward', 1 / 12, 2],
    // bias f‴h²(Σwk³/6): 20/8/6 for the five-point filter, (3m² − 7)/120 for a line over m points
    ['pan-tompkins', 5 / 6, 2],
    ['fft', 0, 4],
  ];
  test.each(bounds)('%s', (text, constant, power) => {
    fc.assert(
      fc.property(
        fc.constantFrom(250, 360, 500, 1000, 2000),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.double({ min: 0.008, max: 0.03, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(1, -1),
        (samplingFrequency, amplitude, width, shift, sign) => {
          const ratio = 1 / samplingFrequency / width;
          fc.pre(ratio < 0.4);
          const centre = 0.5 + shift / samplingFrequency;
          const wave = { amplitude: sign * amplitude, centre, width };
          const [beat] = measureSlopes(
            sampled([wave], samplingFrequency, samplingFrequency),
            samplingFrequency,
            [Math.round(centre * samplingFrequency)],
            { scheme: parseScheme(text) },
          ).beats;
          const truth = (amplitude * Math.exp(-0.5)) / width;
          const bound = 1.2 * constant * ratio ** power + 0.15 * ratio ** 3 + 1e-6;
          expect(Math.abs(beat!.upstroke!.slope / truth - 1)).toBeLessThan(bound);
          expect(Math.abs(beat!.downstroke!.slope / -truth - 1)).toBeLessThan(bound);
          const timeBound = ((constant / 2 + 0.25) * ratio + 0.01) / samplingFrequency;
          expect(Math.abs(beat!.upstroke!.time - (centre - sign * width))).toBeLessThan(timeBound);
          expect(Math.abs(beat!.downstroke!.time - (centre + sign * width))).toBeLessThan(timeBound);
          expect(beat!.polarity).toBe(sign === 1 ? 'upright' : 'inverted');
          expect(Math.abs(beat!.rAmplitude! / (sign * amplitude) - 1)).toBeLessThan(0.05);
        },
      ),
      { seed: 3, numRuns: 100 },
    );
  });

  test.each([
    [100, 10, 9],
    [250, 4, 9],
    [360, 3, 9],
    [500, 1, 5],
    [1000, 1, 9],
    [2000, 1, 17],
  ])(
    'the 8 ms line at %i Hz has %i points per sample, and its known bias −f‴h²(3m²−7)/120',
    (fs, upsampling, m) => {
      const width = 0.012;
      for (const shift of [0, 0.2, 0.45, 0.7]) {
        const centre = 0.5 + shift / fs;
        const voltage = sampled([{ amplitude: 1, centre, width }], fs, fs);
        const { beats, provenance } = measureSlopes(voltage, fs, [Math.round(centre * fs)]);
        expect(provenance).toMatchObject({
          windowMs: 8,
          upsampling,
          windowSamples: m,
          samplingFrequency: fs,
        });
        const truth = Math.exp(-0.5) / width;
        const step = 1 / (fs * upsampling * width);
        const bias = (-2 * (3 * m * m - 7) * step * step) / 120;
        // The window is centred within half a step of the steepest point (at 100 Hz within the coarse scheme's error).
        const slack = fs === 100 ? 0.12 : 0.3 * step * step + 0.1 * Math.abs(bias) + 1e-4;
        expect(Math.abs(beats[0]!.upstroke!.lineSlope! / truth - 1 - bias)).toBeLessThan(slack);
        expect(Math.abs(beats[0]!.downstroke!.lineSlope! / -truth - 1 - bias)).toBeLessThan(slack);
      }
    },
  );
});

describe('lineSlope', () => {
  test('is the slope of a straight line, at and between samples, interpolated or not', () => {
    for (const fs of [128, 360, 1000]) {
      const line = lineSlope(8, fs);
      const voltage = Float64Array.from({ length: 100 }, (_, i) => 0.3 - (2.5 * i) / fs);
      for (const position of [50, 50.4, 49.7]) {
        expect(Math.abs(lineSlopeAt(line, voltage, position)! + 2.5)).toBeLessThan(2e-3);
      }
    }
  });

  test('is undefined where the window leaves the signal or meets an invalid sample', () => {
    const line = lineSlope(8, 1000);
    const voltage = new Float64Array(20);
    expect(lineSlopeAt(line, voltage, 3)).toBeUndefined();
    expect(lineSlopeAt(line, voltage, 4)).toBe(0);
    expect(lineSlopeAt(line, voltage, 15)).toBe(0);
    expect(lineSlopeAt(line, voltage, 16)).toBeUndefined();
    voltage[10] = Number.NaN;
    expect(lineSlopeAt(line, voltage, 14)).toBeUndefined();
    expect(lineSlopeAt(line, voltage, 5)).toBe(0);
  });
});

describe('slidingLineSlopes', () => {
  test('are those of a Savitzky–Golay filter of degree 1, also near the ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.float64Array({ min: -5, max: 5, noNaN: true, minLength: 19, maxLength: 60 }),
        fc.nat(58),
        fc.nat(60),
        (half, voltage, place, wanted) => {
          const from = place % voltage.length;
          const count = Math.min(wanted, voltage.length - from);
          const options = { windowSamples: 2 * half + 1, degree: 1, derivativeOrder: 1 };
          const expected = savitzkyGolay(options, voltage.length, 250).apply(voltage);
          const slopes = new Float64Array(count + 1).fill(7);
          slidingLineSlopes(voltage, { half, samplingFrequency: 250 }, from, slopes, count);
          for (let i = 0; i < count; i++) expect(slopes[i]).toBeCloseTo(expected[from + i]!, 9);
          expect(slopes[count]).toBe(7);
        },
      ),
      { seed: 4 },
    );
  });

  test('are exactly zero for equal samples, and invalid only where a window contains an invalid sample', () => {
    const voltage = new Float64Array(40).fill(0.1);
    voltage[20] = Number.NaN;
    const slopes = new Float64Array(40);
    slidingLineSlopes(voltage, { half: 3, samplingFrequency: 360 }, 0, slopes);
    // The slope of a line does not depend on the sample at its centre.
    expect([...slopes]).toEqual(
      Array.from(slopes, (_, i) => (i !== 20 && Math.abs(i - 20) <= 3 ? Number.NaN : 0)),
    );
  });
});
