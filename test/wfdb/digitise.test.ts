/** Gains chosen for signals that are given in physical units. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalFormats } from '../../src/wfdb/formats.ts';
import { readBack, writable } from './written-record.ts';

describe('chosen gains', () => {
  test('values survive to within one step of the format, whatever their size and offset', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...writable.filter(number => number !== 8 && number < 500)),
      fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: -12, max: 12 }),
      fc.integer({ min: -3e6, max: 3e6 }),
      async (number, list, exponent, offset) => {
        const physical = Float64Array.from(list, v => ((v + offset) / 1e6) * 10 ** exponent);
        const signal = { name: 'II', units: 'mV', physical };
        const back = await readBack(
          { name: 'r', samplingFrequency: 250, signals: [signal] },
          { format: number },
        );
        const { least, most } = signalFormats.get(number)!;
        const range = Math.max(...physical) - Math.min(...physical);
        const size = Math.max(...physical.map(Math.abs));
        const step = Math.max(range / (most - least - 1), size / 2 ** 30);
        for (const [i, value] of physical.entries()) {
          expect(Math.abs(back.signals[0]!.physical[i]! - value)).toBeLessThanOrEqual(step * 0.5001);
        }
      },
    );
    await fc.assert(property, { numRuns: 300, seed: 2 });
  });

  test('a flat and an all-invalid signal are digitised', async () => {
    for (const value of [0, 0.3, -4e-9, Number.NaN]) {
      const signal = { name: 'II', units: 'mV', physical: new Float64Array(5).fill(value) };
      const { signals } = await readBack(
        { name: 'r', samplingFrequency: 250, signals: [signal] },
        { format: 212 },
      );
      for (const found of signals[0]!.physical) {
        if (Number.isNaN(value)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(value, 20);
      }
    }
  });

  test('format 8 fills its range with steps', async () => {
    const physical = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i / 30));
    const signal = { name: 'II', units: 'mV', physical };
    const back = await readBack({ name: 'r', samplingFrequency: 250, signals: [signal] }, { format: 8 });
    for (const [i, value] of physical.entries()) expect(back.signals[0]!.physical[i]).toBeCloseTo(value, 3);
  });
});
