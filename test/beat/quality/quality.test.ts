import { describe, expect, test } from 'vitest';
import { measureQuality, type QualityFlag } from '../../../src/beat/quality/quality.ts';
import { createRandom } from '../../../src/random.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const seconds = 34;
const at = Array.from({ length: 40 }, (_, k) => 0.8 + 0.8 * k + 0.02 * (k % 3));
const peaksAt = (fs: number): number[] => at.map(t => Math.round(t * fs));

/** Beats with white noise of this deviation, mV, digitised in steps of 5 µV. */
function lead(fs: number, noise = 0.005): Float64Array {
  const random = createRandom(3);
  const clean = sampled(
    at.flatMap(t => beatAt(t)),
    seconds * fs,
    fs,
  );
  return clean.map(v => Math.round((v + noise * random.normal()) / 0.005) * 0.005);
}

const flagsOf = (voltage: Float64Array, fs: number): (readonly QualityFlag[])[] =>
  measureQuality(voltage, fs, peaksAt(fs)).beats.map(({ flags }) => flags);

describe.each([250, 360, 1000])('at %i Hz', fs => {
  test('a clean lead is good throughout', () => {
    const { beats, windows } = measureQuality(lead(fs), fs, peaksAt(fs));
    expect(beats.every(({ good, flags }) => good && flags.length === 0)).toBe(true);
    for (const { correlation } of beats) expect(correlation).toBeGreaterThan(0.98);
    expect(windows.map(({ start, end }) => [start / fs, end / fs])).toEqual([
      [0, 10],
      [10, 20],
      [20, 30],
      [30, 34],
    ]);
    expect(windows.every(({ good, flags }) => good && flags.length === 0)).toBe(true);
    expect(windows.reduce((sum, window) => sum + window.beats, 0)).toBe(at.length);
  });

  test('noise is measured as it was made, and a noisy stretch is told from the others', () => {
    const voltage = lead(fs);
    const random = createRandom(5);
    // 0.15 mV over a complex of 1.35 mV: the noise stress test would count 10 dB.
    for (let i = 10 * fs; i < 20 * fs; i++) voltage[i]! += 0.15 * random.normal();
    const { beats, windows } = measureQuality(voltage, fs, peaksAt(fs));
    expect(windows.map(({ flags }) => flags)).toEqual([[], ['noisy'], [], []]);
    for (const [k, { flags, good }] of beats.entries()) {
      if (at[k]! > 10.4 && at[k]! < 19.5) expect([flags, good]).toEqual([['noisy'], false]);
      if (at[k]! < 9.5 || at[k]! > 20.5) expect([flags, good]).toEqual([[], true]);
    }
    const height = 1.1 + 0.25;
    // The complexes' own height grows by noise, at most by two deviations either way.
    expect(windows[1]!.noiseToQrs! / (0.15 / height)).toBeGreaterThan(0.7);
    expect(windows[1]!.noiseToQrs! / (0.15 / height)).toBeLessThan(1.15);
  });

  test('a flat line, a clipped top, invalid samples: each where it is', () => {
    const voltage = lead(fs);
    voltage.fill(-0.1, 10 * fs, 14 * fs);
    const top = voltage.map((v, i) => (i >= 20 * fs && i < 30 * fs ? Math.min(v, 0.3) : Math.min(v, 2)));
    // Scaled up elsewhere, the lead would show that 0.3 mV is no rail; here it is the highest value.
    const clipped = top.map((v, i) => (i < 20 * fs || i >= 30 * fs ? v * 0.2 : v));
    clipped.fill(Number.NaN, Math.round(5.1 * fs), Math.round(5.7 * fs));
    const { beats, windows } = measureQuality(clipped, fs, peaksAt(fs));
    expect(windows.map(({ flags }) => flags)).toEqual([['invalid'], ['flat'], ['clipped'], []]);
    expect(windows[0]!.invalidShare).toBeCloseTo(0.06, 2);
    expect(windows[1]!.flatShare).toBeCloseTo(0.4, 2);
    for (const [k, { flags, flatShare, invalidShare, clippedShare, good }] of beats.entries()) {
      const t = at[k]!;
      const flat = t > 10.2 && t < 13.8;
      const top = t > 20 && t < 30;
      const invalid = t + 0.12 > 5.1 && t - 0.08 < 5.7;
      expect(flags.includes('flat')).toBe(flat);
      expect(flags.includes('clipped')).toBe(top);
      expect(flags.includes('invalid')).toBe(invalid);
      expect([flatShare === 1, clippedShare > 0, invalidShare > 0]).toEqual([flat, top, invalid]);
      if (flat || top || invalid) expect(good).toBe(false);
    }
  });

  test('gain, offset and polarity change nothing', () => {
    const voltage = lead(fs, 0.03);
    voltage.fill(Number.NaN, 3 * fs, 4 * fs);
    voltage.fill(0.05, 14 * fs, 16 * fs);
    const clipped = voltage.map(v => Math.max(-0.15, Math.min(0.7, v)));
    const expected = measureQuality(clipped, fs, peaksAt(fs));
    expect(new Set(expected.beats.flatMap(({ flags }) => flags))).toEqual(
      new Set(['invalid', 'flat', 'clipped']),
    );
    for (const change of [
      (v: number) => v * 0.01,
      (v: number) => v * 100,
      (v: number) => v + 7,
      (v: number) => -3 * v - 2,
    ]) {
      const { beats, windows } = measureQuality(clipped.map(change), fs, peaksAt(fs));
      for (const [k, beat] of [...beats, ...windows].entries()) {
        const { noiseToQrs, correlation, ...rest } = [...expected.beats, ...expected.windows][k]!;
        expect(beat).toMatchObject(rest);
        expect(beat.noiseToQrs ?? -1).toBeCloseTo(noiseToQrs ?? -1, 9);
        expect(beat.correlation ?? -2).toBeCloseTo(correlation ?? -2, 9);
      }
    }
  });
});

test('an ectopic beat is dissimilar, and good', () => {
  const fs = 250;
  const wide = (t: number) => [
    { amplitude: -1.2, centre: t - 0.02, width: 0.035 },
    { amplitude: 0.5, centre: t + 0.06, width: 0.03 },
  ];
  const random = createRandom(8);
  const voltage = sampled(
    at.flatMap((t, k) => (k % 7 === 3 ? wide(t) : beatAt(t))),
    seconds * fs,
    fs,
  ).map(v => v + 0.004 * random.normal());
  const { beats, windows } = measureQuality(voltage, fs, peaksAt(fs));
  for (const [k, { flags, good }] of beats.entries()) {
    expect(flags).toEqual(k % 7 === 3 ? ['dissimilar'] : []);
    expect(good).toBe(true);
  }
  expect(windows.every(({ good }) => good)).toBe(true);
});

test('a resting baseline is no rail, though it be the lowest value', () => {
  const fs = 360;
  const voltage = sampled(
    at.map(t => ({ amplitude: 1, centre: t, width: 0.012 })),
    seconds * fs,
    fs,
  ).map(v => Math.round(v / 0.005) * 0.005);
  expect(flagsOf(voltage, fs).flat()).toEqual([]);
});

test('pure noise is noisy, a constant lead is flat, an empty one has no windows', () => {
  const fs = 250;
  const random = createRandom(4);
  const noise = Float64Array.from({ length: seconds * fs }, () => random.normal());
  expect(flagsOf(noise, fs).every(flags => flags.includes('noisy'))).toBe(true);
  const dead = measureQuality(new Float64Array(seconds * fs), fs, peaksAt(fs));
  for (const { flags, good } of [...dead.beats, ...dead.windows]) {
    expect([flags, good]).toEqual([['flat'], false]);
  }
  const invalid = measureQuality(new Float64Array(seconds * fs).fill(Number.NaN), fs, peaksAt(fs));
  for (const { flags, good } of [...invalid.beats, ...invalid.windows]) {
    expect([flags, good]).toEqual([['invalid'], false]);
  }
  expect(measureQuality(new Float64Array(0), fs, [])).toEqual({
    beats: [],
    windows: [],
    pacingSpikes: [],
    spansWithoutQrs: [],
  });
  expect(measureQuality(Float64Array.of(1), fs, [0]).beats[0]!.good).toBe(false);
});

test('without beats no window is good', () => {
  const fs = 250;
  for (const { good, noiseToQrs } of measureQuality(lead(fs), fs, []).windows) {
    expect([good, noiseToQrs]).toEqual([false, undefined]);
  }
});

test('R peaks and sampling frequency are checked', () => {
  expect(() => measureQuality(new Float64Array(10), 250, [10])).toThrow('sample 10 of a signal of 10');
  expect(() => measureQuality(new Float64Array(10), 0, [])).toThrow('sampling frequency');
});

test('pacing spikes are given back and flag what holds them, which stays good', () => {
  const fs = 500;
  const voltage = lead(fs);
  const paced = at.filter(t => t > 12 && t < 18);
  for (const t of paced) voltage[Math.round((t - 0.06) * fs)]! += 3;
  const { beats, windows, pacingSpikes } = measureQuality(voltage, fs, peaksAt(fs));
  expect(pacingSpikes.map(({ sample }) => sample)).toEqual(paced.map(t => Math.round((t - 0.06) * fs)));
  for (const [k, { flags, good }] of beats.entries()) {
    expect(flags).toEqual(paced.includes(at[k]!) ? ['paced'] : []);
    expect(good).toBe(true);
  }
  expect(windows.map(({ flags }) => flags.includes('paced'))).toEqual([false, true, false, false]);
});
