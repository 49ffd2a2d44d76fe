import { describe, expect, test } from 'vitest';
import { createRandom } from '../src/random.ts';

describe('sfc32', () => {
  // Computed with arbitrary-precision integers in Python from the published recurrence, PractRand's seeding.
  test.each([
    [1, 0, [2012149540, 1872316204, 1707632675, 1779833415]],
    [0xdeadbeef, 7, [134440047, 376569000, 1858740890, 2077919771]],
  ])('seed %i, stream %i gives the reference sequence', (seed, stream, expected) => {
    const random = createRandom(seed, stream);
    expect(expected.map(() => random.uniform() * 2 ** 32)).toEqual(expected);
  });

  test('the same seed repeats, another seed or stream does not', () => {
    const first = (seed: number, stream?: number): number[] => {
      const random = createRandom(seed, stream);
      return Array.from({ length: 8 }, () => random.uniform());
    };
    expect(first(5)).toEqual(first(5, 0));
    expect(first(5)).not.toEqual(first(6));
    expect(first(5)).not.toEqual(first(5, 1));
  });

  test('uniform numbers fill [0, 1) evenly: chi-square over 64 bins', () => {
    const random = createRandom(42);
    const bins = new Array<number>(64).fill(0);
    const n = 200_000;
    for (let i = 0; i < n; i++) bins[Math.floor(random.uniform() * 64)]!++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    // The 0.1 % and 99.9 % quantiles of chi-square with 63 degrees of freedom.
    expect(chiSquare).toBeGreaterThan(34.0);
    expect(chiSquare).toBeLessThan(103.5);
  });

  test('normal numbers have the moments and tails of the normal distribution', () => {
    const random = createRandom(43);
    const n = 200_000;
    const x = Float64Array.from({ length: n }, () => random.normal());
    const moment = (k: number): number => x.reduce((sum, value) => sum + value ** k, 0) / n;
    // Four standard errors: of xᵏ they are √((2k−1)!! − E[xᵏ]²)/√n.
    const bound = (variance: number): number => 4 * Math.sqrt(variance / n);
    expect(Math.abs(moment(1))).toBeLessThan(bound(1));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(bound(2));
    expect(Math.abs(moment(3))).toBeLessThan(bound(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(bound(96));
    const beyond2 = x.filter(value => Math.abs(value) > 2).length / n;
    expect(Math.abs(beyond2 - 0.0455)).toBeLessThan(bound(0.0455));
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('%d is no seed', seed => {
    expect(() => createRandom(seed)).toThrow(RangeError);
    expect(() => createRandom(1, seed)).toThrow(RangeError);
  });

  test('normal numbers added to an array are those that come one by one', () => {
    const [many, single] = [createRandom(3, 1), createRandom(3, 1)];
    for (const length of [0, 1, 7, 64, 1, 1, 0, 333]) {
      const numbers = Float64Array.from({ length }, (_, k) => k);
      const expected = numbers.map(value => value + 0.25 * single.normal());
      many.addNormal(numbers, 0.25);
      expect(numbers).toEqual(expected);
      expect(many.uniform()).toBe(single.uniform());
    }
  });
});
