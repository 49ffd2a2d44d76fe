import { describe, expect, test } from 'vitest';
import { movedQrsWaves, type QrsWaves, qrsWaves } from '../../../src/beat/delineate/qrs-waves.ts';
import { createRandom } from '../../../src/random.ts';

const samplingFrequency = 1000;
const beatLength = 600;
const onsetInBeat = 200;

/**
 * Beats at 1000 Hz: a level of 0.1 mV, then the deflections given, each a half sine of 20 ms, then `after` mV above the
 * level. The n-th deflection peaks 10 ms after its start.
 */
function beatsOf(
  complexes: readonly (readonly number[])[],
  { noise = 0, after = 0, seed = 1 } = {},
): [voltage: Float64Array, rPeaks: number[], bounds: { onset: number; offset: number }[]] {
  const random = createRandom(seed);
  const voltage = Float64Array.from({ length: complexes.length * beatLength }, () => 0.1);
  const bounds = complexes.map((heights, k) => {
    const onset = k * beatLength + onsetInBeat;
    const offset = onset + 20 * heights.length;
    for (let i = onset; i < offset; i++) {
      const part = i - onset;
      voltage[i]! += heights[Math.floor(part / 20)]! * Math.sin((Math.PI * (part % 20)) / 20);
    }
    for (let i = offset; i < (k + 1) * beatLength; i++) voltage[i]! += after;
    return { onset, offset };
  });
  for (let i = 0; i < voltage.length; i++) voltage[i]! += noise * random.normal();
  return [voltage, bounds.map(({ onset }) => onset + 30), bounds];
}

const wavesOf = (...of: Parameters<typeof beatsOf>): (QrsWaves | undefined)[] => {
  const [voltage, rPeaks, bounds] = beatsOf(...of);
  return qrsWaves(voltage, samplingFrequency, rPeaks, bounds);
};

describe('the waves of one complex', () => {
  test.each([
    [[-0.1, 1.2, -0.3], 'qRs', { q: [0, -0.1], r: [1, 1.2], s: [2, -0.3] }],
    [[0.3, -1.1], 'rS', { r: [0, 0.3], s: [1, -1.1] }],
    [[0.2, -0.6, 0.9], 'rSR′', { r: [0, 0.2], s: [1, -0.6], rPrime: [2, 0.9] }],
    [[-0.8], 'QS', { q: [0, -0.8] }],
    [[-0.3], 'qs', { q: [0, -0.3] }],
    [[0.9], 'R', { r: [0, 0.9] }],
    [[-0.6, 0.9], 'QR', { q: [0, -0.6], r: [1, 0.9] }],
    [[0.2, -0.3, 0.4, -0.2], 'rsr′s′', { r: [0, 0.2], s: [1, -0.3], rPrime: [2, 0.4] }],
    // Under 20 µV for 6 ms: a half sine of 20 ms does so from 23 µV (sin⁻¹(20 / 23) leaves 6.6 ms) on.
    [[-0.02, 1, -0.02], 'R', { r: [1, 1] }],
  ] as const)('%j is %s', (heights, pattern, expected: Record<string, readonly [number, number]>) => {
    // Four alike, so that it is their mean that decides.
    const waves = wavesOf([heights, heights, heights, heights])[2]!;
    expect(waves.pattern).toBe(pattern);
    for (const name of ['q', 'r', 's', 'rPrime'] as const) {
      const [place, amplitude] = expected[name] ?? [];
      if (place === undefined) expect(waves[name]).toBeUndefined();
      else {
        expect(waves[name]!.sample).toBe(2 * beatLength + onsetInBeat + 20 * place + 10);
        expect(waves[name]!.amplitude).toBeCloseTo(amplitude!, 6);
      }
    }
  });

  test('a wave of 30 µV counts in beats of 1 mV, but not in a single one', () => {
    const small = [0.03, -1];
    expect(wavesOf([small, small, small, small])[0]!.pattern).toBe('rS');
    expect(wavesOf([small])[0]!.pattern).toBe('QS');
  });

  test('a raised ST segment is no R′ wave, nor a lowered one an S wave', () => {
    const heights = [0.3, -1];
    const four = [heights, heights, heights, heights];
    expect(wavesOf(four, { after: 0.2 })[1]!.pattern).toBe('rS');
    const upright = four.map(() => [1]);
    expect(wavesOf(upright, { after: -0.2 })[1]!.pattern).toBe('R');
  });

  test('a QS complex with a notch has no R wave but the notch', () => {
    // Between two deflections of −0.5 mV, of which each is 20 ms long, the signal returns to the level.
    const waves = wavesOf(Array.from({ length: 4 }, () => [-0.6, -0.5]))[1]!;
    expect(waves).toMatchObject({ pattern: 'QS', r: undefined, s: undefined });
    expect(waves.notch!.sample).toBe(beatLength + onsetInBeat + 20);
    expect(waves.notch!.amplitude).toBeCloseTo(0, 6);
    expect(waves.q!.amplitude).toBeCloseTo(-0.6, 6);
    expect(wavesOf([[-0.6]])[0]!.notch).toBeUndefined();
  });

  test('a missing bound or an invalid sample gives none', () => {
    const [voltage, rPeaks, bounds] = beatsOf([[1], [1], [1]]);
    voltage[bounds[1]!.onset + 5] = Number.NaN;
    const found = qrsWaves(voltage, samplingFrequency, rPeaks, [
      { ...bounds[0]!, offset: undefined },
      bounds[1]!,
      bounds[2]!,
    ]);
    expect(found.map(waves => waves?.pattern)).toEqual([undefined, undefined, 'R']);
  });

  test('bounds in fractional samples are rounded', () => {
    const [voltage, rPeaks, bounds] = beatsOf([[1], [1]]);
    const fractional = bounds.map(({ onset, offset }) => ({ onset: onset + 0.3, offset: offset - 0.4 }));
    expect(qrsWaves(voltage, samplingFrequency, rPeaks, fractional)).toEqual(
      qrsWaves(voltage, samplingFrequency, rPeaks, bounds),
    );
  });
});

describe('the waves of many beats', () => {
  test('noise lets no wave come and go', () => {
    const heights = [0.06, -1];
    const found = wavesOf(
      Array.from({ length: 60 }, () => heights),
      { noise: 0.03 },
    );
    expect(new Set(found.map(waves => waves!.pattern))).toEqual(new Set(['rS']));
    for (const [k, { r, s }] of (found as QrsWaves[]).entries()) {
      // A peak of 20 ms that noise of half its height moves.
      expect(Math.abs(r!.sample - (k * beatLength + onsetInBeat + 10))).toBeLessThanOrEqual(10);
      expect(Math.abs(s!.sample - (k * beatLength + onsetInBeat + 30))).toBeLessThanOrEqual(5);
    }
  });

  test('noise alone makes none of its own', () => {
    const found = wavesOf(
      Array.from({ length: 60 }, () => [1]),
      { noise: 0.05 },
    );
    expect(new Set(found.map(waves => waves!.pattern))).toEqual(new Set(['R']));
  });

  test('beats of another shape have waves of their own', () => {
    const normal = [-0.1, 1];
    const ectopic = [0.4, -1.5, -1.5];
    const complexes = Array.from({ length: 40 }, (_, k) => (k % 4 === 3 ? ectopic : normal));
    const found = wavesOf(complexes, { noise: 0.01 });
    expect(found.map(waves => waves!.pattern)).toEqual(complexes.map(of => (of === normal ? 'qR' : 'rS')));
  });

  test('R peaks that jump between R and S give the same waves', () => {
    const [voltage, rPeaks, bounds] = beatsOf(Array.from({ length: 20 }, () => [-0.1, 0.8, -0.8]));
    const jumping = rPeaks.map((rPeak, k) => (k % 2 === 0 ? rPeak : rPeak + 20));
    const [steady, other] = [rPeaks, jumping].map(of => qrsWaves(voltage, samplingFrequency, of, bounds));
    const places = (found: (QrsWaves | undefined)[]) =>
      found.map(waves => [waves!.q!.sample, waves!.r!.sample, waves!.s!.sample]);
    expect(places(other!)).toEqual(places(steady!));
  });
});

test('waves are moved by samples', () => {
  const waves = wavesOf([[-0.2, 1, -0.3]])[0]!;
  const moved = movedQrsWaves(waves, 7);
  expect(moved).toEqual({
    ...waves,
    q: { ...waves.q!, sample: waves.q!.sample + 7 },
    r: { ...waves.r!, sample: waves.r!.sample + 7 },
    s: { ...waves.s!, sample: waves.s!.sample + 7 },
  });
});
