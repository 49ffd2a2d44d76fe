import fc from 'fast-check';
import { expect, test } from 'vitest';
import { farthestQrsBoundsMs } from '../../../src/beat/delineate/qrs-bounds.ts';
import { complexDerivative, differentiateComplex } from '../../../src/beat/slopes/qrs-derivative.ts';
import { differentiator, parseScheme } from '../../../src/diff/scheme.ts';
import { createRandom } from '../../../src/random.ts';

test('of every complex up to the longest, dV/dt equals that of the whole lead', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom(128, 250, 360, 1000),
      fc.constantFrom('central2', 'central8', 'sg:24ms:2', 'pan-tompkins'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, samplingFrequency, name, before, after) => {
        const random = createRandom(seed);
        const voltage = Float64Array.from({ length: 2 * samplingFrequency }, () => random.normal());
        const scheme = parseScheme(name);
        const whole = differentiator(scheme, voltage.length, samplingFrequency).apply(voltage);
        const rPeak = samplingFrequency;
        const onset = rPeak + Math.ceil((before * farthestQrsBoundsMs.onset * samplingFrequency) / 1000);
        const offset = rPeak + Math.floor((after * farthestQrsBoundsMs.offset * samplingFrequency) / 1000);
        const derivative = complexDerivative(voltage.length, samplingFrequency, scheme);
        differentiateComplex(derivative, voltage, { rPeak, onset, offset });
        for (let i = onset; i <= offset; i++) {
          expect(derivative.slope[i - derivative.start]).toBeCloseTo(whole[i]!, 9);
        }
      },
    ),
    { numRuns: 100 },
  );
});
