import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBeatMatcher, matchBeat } from '../../src/beat/beat-match.ts';
import { mean } from '../../src/statistics.ts';

/** Pearson's correlation by its definition; NaN with an invalid value, and where one of them is constant. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const sum = (of: (k: number) => number): number => a.reduce((total, _, k) => total + of(k), 0);
  return (
    sum(k => (a[k]! - meanA) * (b[k]! - meanB)) /
    Math.sqrt(sum(k => (a[k]! - meanA) ** 2) * sum(k => (b[k]! - meanB) ** 2))
  );
}

const voltages = (least: number, most: number) =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: least, maxLength: most });

it('finds the shift of the greatest correlation, also at the ends and beside invalid samples', () => {
  const property = fc.property(
    voltages(20, 60),
    voltages(60, 120),
    fc.integer({ min: -10, max: 110 }),
    fc.integer({ min: 0, max: 9 }),
    fc.option(fc.nat()),
    fc.constantFrom(0, 1e6),
    (template, signal, start, most, invalid, offset) => {
      const voltage = Float64Array.from(signal, v => offset + v / 200);
      if (invalid !== null) voltage[invalid % voltage.length] = Number.NaN;
      const correlations = new Map<number, number>();
      for (let shift = -most; shift <= most; shift++) {
        const from = start + shift;
        if (from < 0 || from + template.length > voltage.length) continue;
        const segment = Array.from(voltage.subarray(from, from + template.length));
        const here = segment.some(Number.isNaN) ? Number.NaN : pearson(segment, template);
        if (!Number.isNaN(here)) correlations.set(shift, here);
      }
      const found = matchBeat(createBeatMatcher(Float64Array.from(template)), voltage, start, most);
      if (correlations.size === 0) {
        expect(found).toBeUndefined();
        return;
      }
      const greatest = Math.max(...correlations.values());
      expect(found!.correlation).toBeCloseTo(greatest, 6);
      expect(correlations.get(found!.shift)).toBeCloseTo(greatest, 6);
    },
  );
  fc.assert(property, { numRuns: 500 });
});
