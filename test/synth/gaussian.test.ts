import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GaussianWave, gaussianSum, refineRoot, zeroCrossings } from '../../src/synth/gaussian.ts';

const wave = fc.record({
  amplitude: fc.double({ min: 0.05, max: 2, noNaN: true }).map(a => a),
  center: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
  width: fc.double({ min: 0.005, max: 0.06, noNaN: true }),
});
const signedWave = fc
  .tuple(wave, fc.boolean())
  .map(([w, up]) => (up ? w : { ...w, amplitude: -w.amplitude }));
const waves = fc.array(signedWave, { minLength: 1, maxLength: 6 });

describe('a sum of Gaussian waves', () => {
  test('one wave is steepest one width from its centre, with slope A e^(-1/2) / s', () => {
    fc.assert(
      fc.property(signedWave, w => {
        const [rise, fall] = zeroCrossings([w], 2, w.center - 4 * w.width, w.center + 4 * w.width);
        expect(rise).toBeCloseTo(w.center - w.width, 12);
        expect(fall).toBeCloseTo(w.center + w.width, 12);
        const steepest = (w.amplitude * Math.exp(-0.5)) / w.width;
        expect(Math.abs(gaussianSum([w], rise!, 1) - steepest)).toBeLessThan(1e-12 * Math.abs(steepest));
        expect(Math.abs(gaussianSum([w], fall!, 1) + steepest)).toBeLessThan(1e-12 * Math.abs(steepest));
      }),
      { seed: 1 },
    );
  });

  test.each([1, 2, 3] as const)('derivative %i equals the central difference of the one below', order => {
    fc.assert(
      fc.property(waves, fc.double({ min: -0.2, max: 0.2, noNaN: true }), (sum, t) => {
        const below = (order - 1) as 0 | 1 | 2;
        const narrowest = Math.min(...sum.map(w => w.width));
        const h = narrowest * 1e-3;
        // Fourth order: the error is h⁴/30 times the fifth derivative of what is differentiated.
        const difference =
          (gaussianSum(sum, t - 2 * h, below) -
            8 * gaussianSum(sum, t - h, below) +
            8 * gaussianSum(sum, t + h, below) -
            gaussianSum(sum, t + 2 * h, below)) /
          (12 * h);
        const scale = sum.reduce((s, w) => s + Math.abs(w.amplitude), 0) / narrowest ** order;
        expect(Math.abs(difference - gaussianSum(sum, t, order))).toBeLessThan(2e-11 * scale * 10 ** order);
      }),
      { seed: 2 },
    );
  });

  test('crossings are where a fine grid says the sign changes, and zero to rounding', () => {
    fc.assert(
      fc.property(waves, fc.constantFrom(1 as const, 2 as const), (sum, order) => {
        const found = zeroCrossings(sum, order, -0.3, 0.3);
        const narrowest = Math.min(...sum.map(w => w.width));
        const scale = sum.reduce((s, w) => s + Math.abs(w.amplitude), 0) / narrowest ** order;
        for (const t of found) {
          const value = Math.abs(gaussianSum(sum, t, order));
          const slope = Math.abs(gaussianSum(sum, t, order === 1 ? 2 : 3));
          expect(value).toBeLessThan(slope * 2e-12 + scale * 1e-13);
        }
        // The same count from a grid four times as fine, unless two crossings lie in one of its cells.
        const step = narrowest / 32;
        const cells: number[] = [];
        let before = gaussianSum(sum, -0.3, order);
        for (let k = 1; -0.3 + k * step <= 0.3; k++) {
          const after = gaussianSum(sum, -0.3 + k * step, order);
          if (before * after < 0) cells.push(-0.3 + k * step);
          before = after;
        }
        const isolated = cells.filter((t, k) => k === 0 || t - cells[k - 1]! > narrowest / 2);
        for (const t of isolated) {
          const near = found.some(root => Math.abs(root - t) <= 1.01 * step);
          const paired = cells.some(other => other !== t && Math.abs(other - t) <= narrowest / 2);
          expect(near || paired).toBe(true);
        }
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test('two equal waves two widths apart just merge: flat curvature between them', () => {
    const pair: GaussianWave[] = [-1, 1].map(side => ({ amplitude: 1, center: side * 0.01, width: 0.01 }));
    // By symmetry V″(0) = 2 A (u² − 1) e^(−u²/2) / s² with u = 1, which is 0.
    expect(gaussianSum(pair, 0, 2)).toBe(0);
    expect(zeroCrossings(pair, 1, -0.05, 0.051)).toHaveLength(1);
  });

  test('an empty sum, and an empty interval, have no crossing', () => {
    expect(zeroCrossings([], 1, 0, 1)).toEqual([]);
    expect(zeroCrossings([{ amplitude: 1, center: 0, width: 0.01 }], 1, 1, 1)).toEqual([]);
  });
});

describe('refineRoot', () => {
  test('finds √2 where Newton alone would do, and where it would fly off', () => {
    expect(
      refineRoot(
        t => t * t - 2,
        t => 2 * t,
        0,
        2,
      ),
    ).toBeCloseTo(Math.SQRT2, 13);
    // A wrong derivative only costs time: bisection remains.
    expect(
      refineRoot(
        t => t * t - 2,
        () => 1e-9,
        0,
        2,
      ),
    ).toBeCloseTo(Math.SQRT2, 12);
  });

  test('works for falling functions', () => {
    expect(
      refineRoot(
        t => 1 - t ** 3,
        t => -3 * t * t,
        0,
        5,
      ),
    ).toBeCloseTo(1, 13);
  });
});
