import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { scheduleBeats } from '../../src/synth/rhythm.ts';
import { createTachogram } from '../../src/synth/tachogram.ts';

const steady = createTachogram({ mean: 60, sd: 0, lfHfRatio: 0.5 }, 4000, createRandom(1));
const alive = createTachogram({ mean: 75, sd: 3, lfHfRatio: 0.5 }, 4000, createRandom(1));

describe('sinus rhythm', () => {
  test('beats at the intervals of the tachogram, with its mean and deviation', () => {
    const beats = scheduleBeats(alive, { ventricular: 0, supraventricular: 0 }, 0, 4000, createRandom(2));
    const rr = beats.slice(1).map(beat => beat.rrBefore);
    const mean = rr.reduce((s, x) => s + x, 0) / rr.length;
    const sd = Math.sqrt(rr.reduce((s, x) => s + (x - mean) ** 2, 0) / rr.length);
    expect(mean).toBeCloseTo(0.8, 2);
    expect(sd / ((60 * 3) / 75 ** 2)).toBeCloseTo(1, 1);
    beats.slice(1).forEach((beat, k) => {
      expect(beat.time - beats[k]!.time).toBeCloseTo(beat.rrBefore, 12);
      expect(beat.symbol).toBe('N');
    });
  });
});

describe('premature beats', () => {
  const beats = scheduleBeats(
    steady,
    { ventricular: 0.12, supraventricular: 0.08 },
    0,
    4000,
    createRandom(3),
  );

  test('are the asked share of all beats', () => {
    const share = (symbol: string): number => beats.filter(b => b.symbol === symbol).length / beats.length;
    // Four standard errors of a proportion of about 4000.
    expect(Math.abs(share('V') - 0.12)).toBeLessThan(4 * Math.sqrt((0.12 * 0.88) / beats.length));
    expect(Math.abs(share('A') - 0.08)).toBeLessThan(4 * Math.sqrt((0.08 * 0.92) / beats.length));
  });

  test('a ventricular one comes early and is followed by a full compensatory pause', () => {
    beats.forEach((beat, k) => {
      if (beat.symbol !== 'V' || k + 1 >= beats.length) return;
      expect(beat.rrBefore).toBeLessThan(0.8);
      expect(beats[k + 1]!.symbol).toBe('N');
      expect(beats[k + 1]!.time - beats[k - 1]!.time).toBeCloseTo(2, 10);
    });
  });

  test('a supraventricular one comes early and resets the sinus node', () => {
    beats.forEach((beat, k) => {
      if (beat.symbol !== 'A' || k + 1 >= beats.length) return;
      expect(beat.rrBefore).toBeLessThan(0.9);
      expect(beats[k + 1]!.symbol).toBe('N');
      expect(beats[k + 1]!.rrBefore).toBeCloseTo(1.1, 10);
    });
  });

  test('the coupling interval is nearly fixed through a record', () => {
    const couplings = beats.filter(b => b.symbol === 'V').map(b => b.rrBefore);
    const mean = couplings.reduce((s, x) => s + x, 0) / couplings.length;
    const sd = Math.sqrt(couplings.reduce((s, x) => s + (x - mean) ** 2, 0) / couplings.length);
    expect(sd / mean).toBeCloseTo(0.02, 2);
  });

  test('half of all makes bigeminy, more is refused', () => {
    const bigeminy = scheduleBeats(
      steady,
      { ventricular: 0.5, supraventricular: 0 },
      0,
      100,
      createRandom(4),
    );
    expect(bigeminy.map(b => b.symbol).join('')).toMatch(/^(NV)+N?$/);
    for (const ventricular of [-0.1, 0.51, Number.NaN]) {
      expect(() =>
        scheduleBeats(steady, { ventricular, supraventricular: 0 }, 0, 10, createRandom(4)),
      ).toThrow(RangeError);
    }
  });
});
