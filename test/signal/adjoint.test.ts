/** ⟨D x, y⟩ = ⟨x, Dᵀ y⟩ of every linear operator in the folder. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oddExtension } from '../../src/diff/odd-extension.ts';
import type { LinearOperator } from '../../src/diff/operator.ts';
import { butterworth, notch } from '../../src/signal/butterworth.ts';
import * as filter from '../../src/signal/filter.ts';
import * as resample from '../../src/signal/resample.ts';

const { causal, mainsNotch, zeroPhase, zeroPhaseBand } = filter;
const { resampler } = resample;

type Make = (length: number) => LinearOperator;

const operators: Record<keyof typeof filter | keyof typeof resample, Record<string, Make>> = {
  zeroPhaseBand: {
    'high-pass': n => zeroPhaseBand({ lowCutHz: 0.5 }, 2, n, 360),
    'low-pass': n => zeroPhaseBand({ highCutHz: 40 }, 3, n, 360),
    'band-pass': n => zeroPhaseBand({ lowCutHz: 5, highCutHz: 15 }, 2, n, 360),
  },
  mainsNotch: { '50 Hz': n => mainsNotch(50, 2, n, 360) },
  zeroPhase: { 'twice the signal': n => zeroPhase([{ b0: 2, b1: 0.3, b2: 0, a1: -0.5, a2: 0 }], n, 360) },
  causal: {
    'low-pass': n => causal(butterworth('low-pass', 4, 40, 360), n),
    notch: n => causal([notch(50, 2, 360)], n),
  },
  resampler: {
    up: n => resampler(n, 360, 500),
    'up by a whole number': n => resampler(n, 250, 1000),
    down: n => resampler(n, 500, 360),
    'up by no ratio of small numbers': n => resampler(n, 499.31, 500),
    'down by none': n => resampler(n, 511.562, 360),
  },
};

test('no operator of these files is missing here', () => {
  expect(Object.keys(operators).sort()).toEqual(Object.keys({ ...filter, ...resample }).sort());
});

const cases = Object.entries({
  ...operators,
  oddExtension: { half: (n: number) => oddExtension(n, n >> 1) },
}).flatMap(([name, makers]) =>
  Object.entries(makers).map(([kind, make]): [string, Make] => [`${name}, ${kind}`, make]),
);

describe.each(cases)('%s', (name, make) => {
  test('obeys ⟨D x, y⟩ = ⟨x, Dᵀ y⟩', () => {
    const values = (length: number) =>
      fc
        .array(fc.integer({ min: -1000, max: 1000 }), { minLength: length, maxLength: length })
        .map(list => Float64Array.from(list, v => v / 100));
    fc.assert(
      fc.property(
        fc
          .integer({ min: name.startsWith('resampler') ? 24 : 2, max: 120 })
          .map(make)
          .chain(operator =>
            fc.tuple(fc.constant(operator), values(operator.inputLength), values(operator.outputLength)),
          ),
        ([operator, x, y]) => {
          const dot = (a: Float64Array, b: Float64Array): number =>
            a.reduce((sum, v, i) => sum + v * b[i]!, 0);
          const size = Math.sqrt(dot(x, x) * dot(y, y));
          expect(Math.abs(dot(operator.apply(x), y) - dot(x, operator.adjoint(y)))).toBeLessThanOrEqual(
            1e-12 * size,
          );
        },
      ),
      { seed: 8, numRuns: 60 },
    );
  });
});
