import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GaussianWave, gaussianSum } from '../../src/synth/gaussian.ts';
import { type BeatWaves, leadTruth } from '../../src/synth/ground-truth.ts';

const single = (amplitude: number, width: number): BeatWaves => ({
  P: [],
  QRS: [{ amplitude, center: 1, width }],
  T: [],
});

/** qRS with a P and a T that reach into it, all moved and scaled at random. */
const beat = fc
  .record({
    q: fc.double({ min: -0.4, max: 0.3, noNaN: true }),
    r: fc.double({ min: 0.5, max: 2, noNaN: true }),
    s: fc.double({ min: -0.8, max: 0.2, noNaN: true }),
    stretch: fc.double({ min: 0.8, max: 2, noNaN: true }),
    sign: fc.constantFrom(1, -1),
  })
  .map(({ q, r, s, stretch, sign }): BeatWaves => {
    const wave = (amplitude: number, center: number, width: number): GaussianWave => ({
      amplitude: sign * amplitude,
      center: 100 + center * stretch,
      width: width * stretch,
    });
    return {
      P: [wave(0.15, -0.15, 0.02)],
      QRS: [wave(q, -0.024, 0.008), wave(r, 0, 0.011), wave(s, 0.026, 0.01)],
      T: [wave(0.3, 0.25, 0.06)],
    };
  });
const allOf = (own: BeatWaves): GaussianWave[] => [...own.P, ...own.QRS, ...own.T];

describe('the truth of one beat in one lead', () => {
  test.each([
    [1.2, 0.012],
    [-0.7, 0.03],
  ])('a lone Gaussian of %d mV and %d s: everything by formula', (amplitude, width) => {
    const own = single(amplitude, width);
    const truth = leadTruth(own, allOf(own));
    const edge = width * Math.sqrt(2 * Math.log(20));
    expect(truth.qrsOnsetTime).toBeCloseTo(1 - edge, 11);
    expect(truth.qrsOffsetTime).toBeCloseTo(1 + edge, 11);
    expect(truth.rPeak.time).toBeCloseTo(1, 12);
    expect(truth.rPeak.voltage).toBe(amplitude);
    const steepest = (Math.abs(amplitude) * Math.exp(-0.5)) / width;
    expect(truth.upstroke.slope).toBeCloseTo(steepest, 10);
    expect(truth.downstroke.slope).toBeCloseTo(-steepest, 10);
    expect(truth.upstroke.time).toBeCloseTo(1 - Math.sign(amplitude) * width, 12);
    expect(truth.downstroke.time).toBeCloseTo(1 + Math.sign(amplitude) * width, 12);
    expect([truth.p, truth.t]).toEqual([undefined, undefined]);
  });

  test('nothing on a grid of 2 µs beats it, and something on the grid comes as close as the grid allows', () => {
    fc.assert(
      fc.property(beat, own => {
        const all = allOf(own);
        const truth = leadTruth(own, all);
        const step = 2e-6;
        let [up, down, peak] = [-Infinity, Infinity, 0];
        for (let t = truth.qrsOnsetTime; t <= truth.qrsOffsetTime; t += step) {
          const slope = gaussianSum(all, t, 1);
          if (slope > up) up = slope;
          if (slope < down) down = slope;
        }
        for (const point of truth.extrema) peak = Math.max(peak, Math.abs(point.voltage));
        // Between grid points V′ bends by at most V‴ step²/8, here below 10⁻⁵ mV/s.
        expect(truth.upstroke.slope).toBeGreaterThanOrEqual(up);
        expect(truth.upstroke.slope - up).toBeLessThan(1e-4);
        expect(truth.downstroke.slope).toBeLessThanOrEqual(down);
        expect(down - truth.downstroke.slope).toBeLessThan(1e-4);
        expect(Math.abs(truth.rPeak.voltage)).toBe(peak);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  test('at its points the derivatives vanish, at its edges the QRS has 5 % of its peak', () => {
    fc.assert(
      fc.property(beat, own => {
        const all = allOf(own);
        const truth = leadTruth(own, all);
        // A time is right to 10⁻¹² s, so a derivative is 0 to that times the next one.
        for (const { time } of truth.extrema) {
          const bound = 2e-12 * Math.abs(gaussianSum(all, time, 2)) + 1e-10;
          expect(Math.abs(gaussianSum(all, time, 1))).toBeLessThan(bound);
        }
        for (const { time } of truth.inflections) {
          const bound = 2e-12 * Math.abs(gaussianSum(all, time, 3)) + 1e-7;
          expect(Math.abs(gaussianSum(all, time, 2))).toBeLessThan(bound);
        }
        const edges = [truth.qrsOnsetTime, truth.qrsOffsetTime].map(t =>
          Math.abs(gaussianSum(own.QRS, t, 0)),
        );
        let highest = 0;
        for (let t = truth.qrsOnsetTime; t <= truth.qrsOffsetTime; t += 1e-5) {
          highest = Math.max(highest, Math.abs(gaussianSum(own.QRS, t, 0)));
        }
        for (const edge of edges) expect(edge / highest).toBeCloseTo(0.05, 5);
        // Outside the edges it never gets there again.
        for (let t = 0.0005; t < 0.1; t += 0.0005) {
          expect(Math.abs(gaussianSum(own.QRS, truth.qrsOnsetTime - t, 0))).toBeLessThan(edges[0]!);
          expect(Math.abs(gaussianSum(own.QRS, truth.qrsOffsetTime + t, 0))).toBeLessThan(edges[1]!);
        }
      }),
      { seed: 2, numRuns: 25 },
    );
  });

  test('a neighbour that leans into the QRS changes its slope, not its edges', () => {
    const own = single(1, 0.012);
    const leaning = { amplitude: 0.3, center: 1.03, width: 0.03 };
    const [alone, together] = [leadTruth(own, allOf(own)), leadTruth(own, [...allOf(own), leaning])];
    expect(together.qrsOnsetTime).toBe(alone.qrsOnsetTime);
    expect(together.upstroke.slope).not.toBeCloseTo(alone.upstroke.slope, 1);
    expect(together.upstroke.slope).toBeCloseTo(
      gaussianSum([...allOf(own), leaning], together.upstroke.time, 1),
      12,
    );
  });

  test('P and T have their own edges and peaks', () => {
    const own = {
      ...single(1, 0.012),
      P: [{ amplitude: 0.1, center: 0.85, width: 0.02 }],
      T: [{ amplitude: -0.3, center: 1.3, width: 0.05 }],
    };
    const { p, t } = leadTruth(own, allOf(own));
    const edge = Math.sqrt(2 * Math.log(20));
    expect(p!.onset).toBeCloseTo(0.85 - 0.02 * edge, 11);
    expect(p!.peak).toBeCloseTo(0.85, 12);
    expect(t!.offset).toBeCloseTo(1.3 + 0.05 * edge, 11);
  });

  test('a lead without a QRS complex is refused', () => {
    expect(() => leadTruth(single(0, 0.01), [])).toThrow(RangeError);
  });
});
