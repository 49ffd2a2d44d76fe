import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureRespiration } from '../../../src/beat/respiration/measure-respiration.ts';
import { type BeatSlopes, measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';

interface Breathing {
  /** Breaths per minute. */
  readonly rate: number;
  readonly heartRate: number;
  readonly seed: number;
  /** How far the axis turns to either side, rad, and the RR intervals change, as a fraction. */
  readonly turn: number;
  readonly arrhythmia: number;
  /** Standard deviation of RR that has nothing to do with breathing, as a fraction, and noise, mV. */
  readonly rrNoise?: number;
  readonly noise?: number;
}

const samplingFrequency = 500;
const seconds = 130;
/** Q, R and S: amplitude in mV and direction in rad of a dipole, time from R and width in s. */
const dipoles = [
  { amplitude: -0.15, direction: 1.5, at: -0.028, width: 0.009 },
  { amplitude: 1.2, direction: 0.4, at: 0, width: 0.011 },
  { amplitude: -0.3, direction: -0.4, at: 0.03, width: 0.011 },
];

/** Beats of a dipole whose axis turns with each breath, seen in one lead. */
function breathingBeats({
  rate,
  heartRate,
  seed,
  turn,
  arrhythmia,
  rrNoise = 0.02,
  noise = 0.01,
}: Breathing): readonly BeatSlopes[] {
  const random = createRandom(seed);
  const voltage = Float64Array.from({ length: seconds * samplingFrequency }, () => noise * random.normal());
  const phase = 6 * random.uniform();
  const rPeaks: number[] = [];
  for (let time = 0.6; time < seconds - 0.6; ) {
    const breath = Math.sin((2 * Math.PI * rate * time) / 60 + phase);
    const center = Math.round(time * samplingFrequency);
    rPeaks.push(center);
    for (let i = center - 50; i <= center + 60; i++) {
      for (const { amplitude, direction, at, width } of dipoles) {
        const distance = (i / samplingFrequency - time - at) / width;
        voltage[i]! += amplitude * Math.cos(direction + turn * breath) * Math.exp(-(distance ** 2) / 2);
      }
    }
    time += (60 / heartRate) * (1 + arrhythmia * breath + rrNoise * random.normal());
  }
  return measureSlopes(voltage, samplingFrequency, rPeaks).beats;
}

const respirationOf = (breathing: Breathing) =>
  measureRespiration([breathingBeats(breathing)], samplingFrequency);

/** Breathing of 6 to 40 per minute and hearts that follow it. */
const rates = [6, 8, 11, 14, 17, 20, 24, 28, 32, 36, 40];
const measurable = rates.flatMap((rate, k) =>
  [70, 95, 120]
    .filter(heartRate => heartRate >= 2.2 * rate * 1.05)
    .map((heartRate, j) => ({ rate, heartRate, seed: 10 * k + j })),
);

describe('synthetic breathing', () => {
  test('the rate of 6 to 40 breaths per minute', () => {
    const errors = measurable.flatMap(breathing => {
      const { windows } = respirationOf({ ...breathing, turn: 0.12, arrhythmia: 0.02 });
      return windows.map(({ rate }) => Math.abs((rate ?? Number.POSITIVE_INFINITY) - breathing.rate));
    });
    expect(errors.length).toBeGreaterThan(60);
    expect(median(errors)).toBeLessThan(0.1);
    expect(errors.filter(error => error > 0.5).length).toBeLessThan(0.05 * errors.length);
  });

  test('by the slopes alone, where the RR intervals do not follow', () => {
    for (const rate of [9, 18, 30]) {
      const { windows, ...all } = respirationOf({
        rate,
        heartRate: 85,
        seed: rate,
        turn: 0.15,
        arrhythmia: 0,
      });
      expect(Math.abs(all.rate! - rate)).toBeLessThan(0.5);
      for (const { series } of windows) {
        expect(series.find(({ quantity }) => quantity === 'rr')!.agrees).toBe(false);
      }
    }
  });

  test.each([
    [40, 75],
    [36, 70],
    [44, 70],
  ])('%i breaths per minute are too fast for a heart rate of %i', (rate, heartRate) => {
    const { windows, ...all } = respirationOf({ rate, heartRate, seed: rate, turn: 0.15, arrhythmia: 0 });
    expect(all.rate).toBeUndefined();
    for (const { undefinedBecause, highestRate } of windows) {
      expect(undefinedBecause).toBe('faster than the beats can follow');
      expect(highestRate!).toBeGreaterThan((heartRate / 2.2) * 0.95);
      expect(highestRate!).toBeLessThan((heartRate / 2.2) * 1.05);
    }
  });

  test('evenly spaced beats cannot exclude breathing beyond half the heart rate, and it is said', () => {
    const even = { heartRate: 70, turn: 0.15, arrhythmia: 0, rrNoise: 0.001 };
    const fast = respirationOf({ ...even, rate: 40, seed: 5 });
    for (const { rate, alias } of fast.windows) {
      expect(Math.abs(rate! - 30)).toBeLessThan(1);
      expect(Math.abs(alias! - 40)).toBeLessThan(1);
    }
    const slow = respirationOf({ ...even, rate: 15, seed: 6 });
    for (const { rate, alias } of slow.windows) {
      expect(Math.abs(rate! - 15)).toBeLessThan(0.5);
      expect(Math.abs(alias! - 55)).toBeLessThan(1);
    }
    const uneven = respirationOf({ ...even, rate: 15, seed: 7, rrNoise: 0.05 });
    expect(uneven.windows.every(({ rate, alias }) => rate !== undefined && alias === undefined)).toBe(true);
  });

  test('ectopic beats leave the rate', () => {
    const beats = breathingBeats({ rate: 15, heartRate: 80, seed: 3, turn: 0.12, arrhythmia: 0.02 });
    const disturbed = beats.map((beat, k) =>
      k % 17 === 5 ? { ...beat, rAmplitude: -3, rrBefore: 0.4, upstroke: undefined } : beat,
    );
    expect(Math.abs(measureRespiration([disturbed], samplingFrequency).rate! - 15)).toBeLessThan(0.5);
  });
});

test('a recording has a rate if half of its windows have one', () => {
  const breathing = { rate: 15, heartRate: 80, seed: 4, arrhythmia: 0.02 };
  const modulated = breathingBeats({ ...breathing, turn: 0.12 });
  const rateOf = (quiet: number): { rate: number | undefined; share: number } => {
    // All the same beats: nothing in them follows respiration.
    const beats = modulated.map((beat, k) =>
      k < quiet ? { ...modulated[0]!, rPeak: beat.rPeak, rrBefore: 0.75, rrAfter: 0.75 } : beat,
    );
    const { rate, windowsWithRate, windows } = measureRespiration([beats], samplingFrequency, {
      windowSeconds: 20,
      stepSeconds: 20,
    });
    expect(windowsWithRate).toBe(windows.filter(window => window.rate !== undefined).length);
    return { rate, share: windowsWithRate / windows.length };
  };
  expect(rateOf(40).share).toBeGreaterThanOrEqual(0.5);
  expect(rateOf(40).rate).toBeCloseTo(15, 0);
  const few = rateOf(modulated.length - 40);
  expect(few.share).toBeGreaterThan(0);
  expect(few.share).toBeLessThan(0.5);
  expect(few.rate).toBeUndefined();
});

test('without modulation there is no rate', () => {
  let windowsWithRate = 0;
  let all = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 50, max: 130 }), (seed, heartRate) => {
      const { windows } = respirationOf({ rate: 15, heartRate, seed, turn: 0, arrhythmia: 0 });
      all += windows.length;
      windowsWithRate += windows.filter(({ rate }) => rate !== undefined).length;
      for (const { confidence, rate } of windows)
        if (rate === undefined) expect(confidence).toBeLessThan(0.4);
    }),
    { numRuns: 30, seed: 7 },
  );
  expect(all).toBeGreaterThanOrEqual(80);
  expect(windowsWithRate).toBeLessThanOrEqual(0.02 * all);
});

test('equal beats have no rate, and few beats say so', () => {
  const beats = breathingBeats({
    rate: 15,
    heartRate: 60,
    seed: 1,
    turn: 0,
    arrhythmia: 0,
    rrNoise: 0,
    noise: 0,
  });
  expect(measureRespiration([beats], samplingFrequency).rate).toBeUndefined();
  const { windows } = measureRespiration([beats.slice(0, 10)], samplingFrequency);
  expect(windows.map(({ undefinedBecause }) => undefinedBecause)).toEqual(['too few beats']);
  expect(measureRespiration([[]], samplingFrequency)).toEqual({
    rate: undefined,
    windowsWithRate: 0,
    confidence: 0,
    windows: [],
  });
});

test('what cannot be measured is refused', () => {
  const beats = breathingBeats({ rate: 15, heartRate: 60, seed: 1, turn: 0.1, arrhythmia: 0 });
  expect(() => measureRespiration([], 500)).toThrow('needs a lead');
  expect(() => measureRespiration([beats, beats.slice(1)], 500)).toThrow('lead 1 has');
  expect(() => measureRespiration([beats], 0)).toThrow('sampling frequency');
  expect(() => measureRespiration([beats], 500, { windowSeconds: 10 })).toThrow('20 s or more');
  expect(() => measureRespiration([beats], 500, { stepSeconds: 0 })).toThrow('positive step');
});
