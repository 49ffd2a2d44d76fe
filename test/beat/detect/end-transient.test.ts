import { describe, expect, test } from 'vitest';
import { detectQrs } from '../../../src/beat/detect/detect-qrs.ts';
import { createRandom } from '../../../src/random.ts';
import { bigeminy, shapes, steadyRhythm } from '../../../src/synth/activation-rhythms.ts';
import { synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';

/** Sinus rhythm of `seconds` with white noise, mV, and its R peaks. */
function sinus(fs: number, seconds: number, seed: number) {
  const random = createRandom(seed);
  const events = steadyRhythm(50 + 10 * (seed % 6), shapes.sinus, seconds, random);
  const heart = synthesizeActivations(events, seconds, fs);
  const voltage = heart.leads[0]!.voltage.map(value => value + 0.01 * random.normal());
  return { voltage, truth: heart.beats.map(beat => beat.rPeak.sample) };
}

describe.each([250, 500])('at %i Hz', fs => {
  test('a rough last tenth of a second has no beat but a real one', () => {
    for (let seed = 1; seed <= 24; seed++) {
      const { voltage, truth } = sinus(fs, 10, seed);
      const random = createRandom(seed);
      const rough = voltage.length - Math.round(0.072 * fs);
      for (let i = rough; i < voltage.length; i++) voltage[i]! += 0.25 * random.normal();
      const found = [...detectQrs(voltage, fs)];
      for (const beat of found.filter(sample => sample >= rough)) {
        expect(truth.some(sample => Math.abs(sample - beat) < 0.05 * fs)).toBe(true);
      }
    }
  });

  test('a whole last beat 50 to 100 ms before the end is kept', () => {
    for (let seed = 1; seed <= 24; seed++) {
      const { voltage, truth } = sinus(fs, 12, seed);
      const last = truth.filter(sample => sample < voltage.length - 0.5 * fs).at(-1)!;
      const cut = voltage.subarray(0, last + Math.round((0.05 + 0.002 * seed) * fs));
      expect(Math.abs([...detectQrs(cut, fs)].at(-1)! - last)).toBeLessThan(0.02 * fs);
    }
  });

  test('after a loss of any length the beats are found at once', () => {
    for (const seconds of [3, 8, 20]) {
      const { voltage, truth } = sinus(fs, 60, 4);
      const from = Math.round((truth[20]! + truth[21]!) / 2);
      const to = from + Math.round(seconds * fs);
      voltage.fill(0, from, to);
      const found = [...detectQrs(voltage, fs)];
      const after = truth.filter(sample => sample > to + 0.2 * fs && sample < voltage.length - 0.1 * fs);
      const missed = after.filter(sample => !found.some(beat => Math.abs(beat - sample) < 0.05 * fs));
      expect(missed.length).toBeLessThanOrEqual(1);
    }
  });
});

test('between ventricular beats of eight times their size the normal beats are found', () => {
  const fs = 360;
  const random = createRandom(21);
  const heart = synthesizeActivations(bigeminy(90, 8, 60, random), 60, fs);
  const voltage = heart.leads[0]!.voltage.map(value => value + 0.02 * random.normal());
  const found = [...detectQrs(voltage, fs)];
  const late = heart.beats.filter(({ rPeak }) => rPeak.time > 10 && rPeak.time < 59);
  const missed = late.filter(({ rPeak }) => !found.some(beat => Math.abs(beat - rPeak.sample) < 0.1 * fs));
  expect(missed).toEqual([]);
  expect(found.filter(sample => sample > 10 * fs && sample < 59 * fs).length).toBe(late.length);
});
