import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gridOver, parametersAt, planeOfPaths } from '../../../src/learn/diagnose/loss-surface.ts';
import { createRandom } from '../../../src/random.ts';

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

describe('planeOfPaths', () => {
  test('finds the plane that points were made in, and their coordinates give the points back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 3, max: 40 }), (seed, length) => {
        const random = createRandom(seed);
        const vector = (): Float64Array => Float64Array.from({ length }, () => random.normal());
        const [origin, u, v] = [vector(), vector(), vector()];
        const paths = ['a', 'b'].map(name => ({
          name,
          points: Array.from({ length: 6 }, () => {
            const [s, t] = [random.normal(), random.normal()];
            return origin.map((o, k) => o + s * u[k]! + t * v[k]!);
          }),
        }));
        const plane = planeOfPaths(paths);
        expect(plane.explainedVariance).toBeGreaterThan(1 - 1e-9);
        expect(dot(plane.first, plane.first)).toBeCloseTo(1, 12);
        expect(dot(plane.second, plane.second)).toBeCloseTo(1, 12);
        expect(Math.abs(dot(plane.first, plane.second))).toBeLessThan(1e-9);
        plane.paths.forEach((path, p) => {
          path.x.forEach((x, k) => {
            const point = parametersAt(plane, x, path.y[k]!);
            point.forEach((value, i) => {
              expect(value).toBeCloseTo(paths[p]!.points[k]![i]!, 5);
            });
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  test('leaves out of the plane just the variance of the third direction', () => {
    // Variances 9, 4 and 1 along the axes, by points at ± the standard deviations.
    const points = [3, 2, 1].flatMap((size, k) =>
      [size, -size].map(value => Float64Array.from({ length: 3 }, (_, i) => (i === k ? value : 0))),
    );
    const plane = planeOfPaths([{ name: 'axes', points }]);
    expect(plane.explainedVariance).toBeCloseTo(13 / 14, 9);
    expect(Math.abs(plane.first[0]!)).toBeCloseTo(1, 6);
    expect(Math.abs(plane.second[1]!)).toBeCloseTo(1, 6);
  });

  test('points on one line give a second direction perpendicular to it', () => {
    const points = [0, 1, 2].map(t => Float64Array.of(t, 2 * t, -t));
    const { first, second, explainedVariance } = planeOfPaths([{ name: 'line', points }]);
    expect(dot(first, second)).toBeCloseTo(0, 12);
    expect(dot(second, second)).toBeCloseTo(1, 12);
    expect(explainedVariance).toBeCloseTo(1, 12);
  });

  test('refuses paths without two different points, and points that are not finite', () => {
    const at = (...values: number[]) => [{ name: 'p', points: [Float64Array.from(values)] }];
    expect(() => planeOfPaths([])).toThrow('two different points');
    expect(() => planeOfPaths(at(1, 2))).toThrow('two different points');
    expect(() => planeOfPaths(at(1, Number.NaN))).toThrow('finite');
  });

  test('the grid covers every point of the paths', () => {
    const plane = planeOfPaths([
      { name: 'p', points: [Float64Array.of(0, 0), Float64Array.of(5, 1), Float64Array.of(2, 7)] },
    ]);
    const { x, y } = gridOver(plane, 9);
    for (const path of plane.paths) {
      expect(Math.min(...path.x)).toBeGreaterThan(x[0]!);
      expect(Math.max(...path.x)).toBeLessThan(x.at(-1)!);
      expect(Math.min(...path.y)).toBeGreaterThan(y[0]!);
      expect(Math.max(...path.y)).toBeLessThan(y.at(-1)!);
    }
    expect(x).toHaveLength(9);
  });
});
