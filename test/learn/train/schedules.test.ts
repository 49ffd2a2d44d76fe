/** Schedules by their closed forms, clipping by its norm, the range test on a quadratic. */
import { describe, expect, test } from 'vitest';
import { learningRateRange } from '../../../src/learn/diagnose/range-test.ts';
import { clipGlobalNorm, globalNorm } from '../../../src/learn/train/clipping.ts';
import { type Schedule, scheduleFactor } from '../../../src/learn/train/schedules.ts';

describe('schedules', () => {
  const at = (schedule: Schedule, ...epochs: number[]): number[] =>
    epochs.map(epoch => Number(scheduleFactor(schedule, epoch, 100).toFixed(12)));
  test('constant, step, exponential, inverse root', () => {
    expect(at({ kind: 'constant' }, 0, 99)).toEqual([1, 1]);
    expect(at({ kind: 'step', everyEpochs: 10, factor: 0.5 }, 0, 9.9, 10, 25)).toEqual([1, 1, 0.5, 0.25]);
    expect(at({ kind: 'exponential', factor: 0.81 }, 0, 0.5, 2)).toEqual([1, 0.9, 0.6561]);
    expect(at({ kind: 'inverse-sqrt' }, 0, 3, 99)).toEqual([1, 0.5, 0.1]);
  });
  test('cosine goes from 1 over ½ to its floor and stays there', () => {
    expect(at({ kind: 'cosine' }, 0, 50, 100, 120)).toEqual([1, 0.5, 0, 0]);
    expect(at({ kind: 'cosine', floor: 0.2 }, 0, 50, 100)).toEqual([1, 0.6, 0.2]);
  });
  test('warm-up rises in a line, then the other schedule starts', () => {
    const schedule: Schedule = { kind: 'warm-up', epochs: 20, after: { kind: 'cosine' } };
    expect(at(schedule, 0, 5, 20, 60, 100)).toEqual([0, 0.25, 1, 0.5, 0]);
    // A warm-up as long as the training, or longer, leaves no time for what comes after.
    expect(at({ kind: 'warm-up', epochs: 100, after: { kind: 'cosine' } }, 50, 100)).toEqual([0.5, 0]);
    expect(at({ kind: 'warm-up', epochs: 200, after: { kind: 'cosine' } }, 50, 100)).toEqual([0.25, 0.5]);
  });
  test('numbers that make no sense are refused', () => {
    expect(() => scheduleFactor({ kind: 'step', everyEpochs: 0, factor: 0.5 }, 1, 2)).toThrow(/everyEpochs/);
    expect(() => scheduleFactor({ kind: 'exponential', factor: -1 }, 1, 2)).toThrow(/factor/);
    for (const floor of [-0.1, 1.1, Number.NaN]) {
      expect(() => scheduleFactor({ kind: 'cosine', floor }, 1, 2)).toThrow(/floor is in \[0, 1\], not/);
    }
  });
});

test('clipping scales all arrays together, and leaves short gradients alone', () => {
  const g = [Float64Array.of(3, 0), Float64Array.of(4)];
  expect(globalNorm(g)).toBe(5);
  expect(clipGlobalNorm(g, 10)).toBe(5);
  expect(g.flatMap(part => [...part])).toEqual([3, 0, 4]);
  expect(clipGlobalNorm(g, 1)).toBe(5);
  expect(globalNorm(g)).toBeCloseTo(1, 14);
  expect(g[0]![0]! / g[1]![0]!).toBeCloseTo(3 / 4, 14);
  const huge = [Float64Array.of(3e200), Float64Array.of(-4e200)];
  expect(clipGlobalNorm(huge, 1) / 5e200).toBeCloseTo(1, 14);
  expect(huge[0]![0]).toBeCloseTo(0.6, 14);
  expect(huge[1]![0]).toBeCloseTo(-0.8, 14);
});

describe('range test', () => {
  /** Gradient descent on ½·2·w² + 1: stable below rate 1. */
  const quadratic = (start: number) => {
    let w = start;
    return (rate: number): number => {
      const loss = w * w + 1;
      w -= rate * 2 * w;
      return loss;
    };
  };
  test('it ends past the stable rate 2/λ = 1 and suggests one below it', () => {
    const { rates, losses, suggestion } = learningRateRange(quadratic(10), {
      ...{ from: 1e-5, to: 100, steps: 200 },
    });
    expect(rates.at(-1)!).toBeGreaterThan(1);
    expect(rates.at(-1)!).toBeLessThan(20);
    expect(losses).toHaveLength(rates.length);
    expect(suggestion!).toBeGreaterThan(1e-3);
    expect(suggestion!).toBeLessThan(1);
  });
  test('a loss that never falls gives no suggestion; ranges that are none are refused', () => {
    expect(learningRateRange(() => 1, { from: 1e-3, to: 1, steps: 20 }).suggestion).toBeUndefined();
    expect(() => learningRateRange(() => 1, { from: 1, to: 1, steps: 20 })).toThrow(/from 1 to 1/);
  });
});
