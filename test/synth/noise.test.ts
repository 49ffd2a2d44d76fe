import { describe, expect, test } from 'vitest';
import { standardLead, twelveLeads } from '../../src/synth/leads.ts';
import { levelsForSnr, muscleDensity, type NoiseLevels, withNoise } from '../../src/synth/noise.ts';
import { synthesize } from '../../src/synth/synthesize.ts';

const fs = 500;
const ecg = synthesize({ samplingFrequency: fs, seconds: 60, seed: 1, leads: [standardLead('II')] });

const noiseOf = (levels: NoiseLevels, seed = 1): Float64Array =>
  withNoise(ecg, levels, seed).leads[0]!.voltage.map((v, n) => v - ecg.leads[0]!.clean[n]!);
const rms = (x: Float64Array): number => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);

/** Power of `x` between two frequencies, by a plain Fourier sum. */
function power(x: Float64Array, fromHz: number, toHz: number): number {
  let total = 0;
  for (let k = Math.ceil((fromHz * x.length) / fs); k < (toHz * x.length) / fs; k++) {
    const rotate = [Math.cos((2 * Math.PI * k) / x.length), Math.sin((2 * Math.PI * k) / x.length)] as const;
    let [c, s, re, im] = [1, 0, 0, 0];
    for (const value of x) {
      re += value * c;
      im += value * s;
      [c, s] = [c * rotate[0] - s * rotate[1], s * rotate[0] + c * rotate[1]];
    }
    total += (2 * (re * re + im * im)) / x.length ** 2;
  }
  return total;
}

describe('each kind of noise', () => {
  test.each<keyof NoiseLevels>(['baselineWander', 'muscle', 'mains', 'electrodeMotion', 'white'])(
    '%s has the stated root mean square',
    kind => {
      expect(rms(noiseOf({ [kind]: 0.07 }))).toBeCloseTo(0.07, 12);
    },
  );

  test('baseline wander lies below 0.5 Hz', () => {
    const x = noiseOf({ baselineWander: 0.1 });
    // What leaks above comes from cutting the record out of a longer process.
    expect(power(x, 0, 0.6) / 0.01).toBeGreaterThan(0.97);
    expect(power(x, 2, 8) / 0.01).toBeLessThan(0.003);
  });

  test('mains hum lies at its frequency and its third harmonic', () => {
    const x = noiseOf({ mains: 0.1, mainsHz: 60 });
    const base = power(x, 59, 61);
    const third = power(x, 179, 181);
    expect((base + third) / 0.01).toBeCloseTo(1, 4);
    expect(third / base).toBeCloseTo(0.04, 4);
  });

  test('muscle noise has the spectrum of the electromyogram', () => {
    // The first 16 s say enough, and are still all of the spectrum.
    const x = noiseOf({ muscle: 0.1 }).subarray(0, 16 * fs);
    const total = rms(x) ** 2;
    const expected = (fromHz: number, toHz: number): number => {
      let sum = 0;
      for (let f = fromHz; f < toHz; f += 0.1) sum += muscleDensity(f) * 0.1;
      return sum;
    };
    const whole = expected(0, fs / 2);
    for (const [from, to] of [
      [0, 20],
      [20, 60],
      [60, 120],
      [120, 249],
    ] as const) {
      expect(power(x, from, to) / total).toBeCloseTo(expected(from, to) / whole, 1);
    }
    // Its density peaks where the published formula does, between the two corner frequencies.
    const densities = Array.from({ length: 250 }, (_, f) => muscleDensity(f));
    const peak = densities.indexOf(Math.max(...densities));
    expect(peak).toBeGreaterThan(40);
    expect(peak).toBeLessThan(80);
  });

  test('white noise is uncorrelated from sample to sample', () => {
    const x = noiseOf({ white: 1 });
    let lag1 = 0;
    for (let n = 1; n < x.length; n++) lag1 += x[n]! * x[n - 1]!;
    expect(Math.abs(lag1 / x.length)).toBeLessThan(4 / Math.sqrt(x.length));
  });

  test('electrode motion jumps now and then, up in 20 ms and down in 0.3 s', () => {
    const x = noiseOf({ electrodeMotion: 1 });
    // Between jumps it obeys the recursion of its two exponentials, so what that leaves marks the jumps.
    const [fall, rise] = [Math.exp(-1 / (0.3 * fs)), Math.exp(-1 / (0.02 * fs))];
    const jumps: number[] = [];
    for (let n = 2; n < x.length; n++) {
      const expected = (fall + rise) * x[n - 1]! - fall * rise * x[n - 2]!;
      if (Math.abs(x[n]! - expected) > 1e-9) jumps.push(n);
    }
    // About 12 in 60 s: four standard deviations of a Poisson count.
    expect(jumps.length).toBeGreaterThan(0);
    expect(jumps.length).toBeLessThan(26);
    // No sample-to-sample change is larger than a 20 ms rise of the largest jump allows.
    const steepest = Math.max(...x.subarray(1).map((value, n) => Math.abs(value - x[n]!)));
    const height = Math.max(...x.map(Math.abs));
    expect(steepest / height).toBeLessThan((1.3 * 1) / (0.02 * fs));
  });
});

describe('noise on an ECG', () => {
  test('does not change the ground truth', () => {
    const noisy = withNoise(ecg, { muscle: 0.1 }, 1);
    expect(noisy.beats).toBe(ecg.beats);
    expect(noisy.leads[0]!.clean).toBe(ecg.leads[0]!.clean);
    expect(noisy.leads[0]!.derivative).toBe(ecg.leads[0]!.derivative);
  });

  test('repeats with its seed and differs with another', () => {
    expect(noiseOf({ white: 1, muscle: 1 }, 4)).toEqual(noiseOf({ white: 1, muscle: 1 }, 4));
    expect(noiseOf({ white: 1 }, 4)).not.toEqual(noiseOf({ white: 1 }, 5));
  });

  test('obeys Einthoven and Goldberger in twelve leads and differs between independent ones', () => {
    const clean = synthesize({ samplingFrequency: 250, seconds: 10, seed: 1, leads: twelveLeads });
    const noisy = withNoise(clean, { white: 0.05, baselineWander: 0.2 }, 2);
    const of = (name: string): Float64Array => noisy.leads.find(lead => lead.name === name)!.voltage;
    of('II').forEach((value, n) => {
      expect(of('I')[n]! + of('III')[n]!).toBeCloseTo(value, 12);
      expect(of('aVF')[n]!).toBeCloseTo((of('II')[n]! + of('III')[n]!) / 2, 12);
    });
    expect(of('V1')).not.toEqual(of('V2'));
  });

  test.each([24, 12, 6, 0])('reaches a signal-to-noise ratio of %i dB', snrDb => {
    const levels = levelsForSnr(ecg, { muscle: 1, baselineWander: 2, white: 0.2 }, snrDb, 9);
    const noise = noiseOf(levels, 9);
    // The definition once more, on its own: S = P²/8, P the mean peak-to-peak QRS.
    const sizes = ecg.beats.map(beat => {
      const n = beat.rPeak.sample;
      const window = Array.from(ecg.leads[0]!.clean.subarray(Math.max(n - fs / 20, 0), n + fs / 20 + 1));
      return Math.max(...window) - Math.min(...window);
    });
    const p = sizes.reduce((s, x) => s + x, 0) / sizes.length;
    expect(10 * Math.log10(p ** 2 / 8 / rms(noise) ** 2)).toBeCloseTo(snrDb, 1);
    expect(levels.baselineWander! / levels.muscle!).toBeCloseTo(2, 10);
  });

  test('a negative level, or a ratio with no noise to scale, is a RangeError', () => {
    expect(() => withNoise(ecg, { muscle: -1 }, 1)).toThrow(RangeError);
    expect(() => withNoise(ecg, { white: Number.NaN }, 1)).toThrow(RangeError);
    expect(() => levelsForSnr(ecg, {}, 6, 1)).toThrow(RangeError);
  });
});
