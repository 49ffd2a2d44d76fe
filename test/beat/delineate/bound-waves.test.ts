/** U waves are no P waves without a QRS complex; blocked P waves at the same distance remain. */
import { describe, expect, test } from 'vitest';
import { delineateWithAtrialEvents } from '../../../src/beat/delineate/atrial-events.ts';
import { createRandom } from '../../../src/random.ts';
import { sampled, type Wave } from '../gaussian-waves.ts';

const fs = 500;
const seconds = 60;

/** Beats with P and T waves, at intervals given by `next`, and a wave after each at `later` of its RR interval. */
function heart(rr: number, variation: number, waveAt: (rr: number) => number, wave: Omit<Wave, 'centre'>) {
  const random = createRandom(5);
  const waves: Wave[] = [];
  const rPeaks: number[] = [];
  for (let time = 0.7; time < seconds - 1; ) {
    const interval = rr * (1 + variation * random.normal());
    rPeaks.push(Math.round(time * fs));
    waves.push({ amplitude: 0.13, centre: time - 0.16, width: 0.02 });
    waves.push({ amplitude: 1, centre: time, width: 0.01 });
    waves.push({ amplitude: 0.3, centre: time + 0.26, width: 0.035 });
    waves.push({ ...wave, centre: time + waveAt(interval) });
    time += interval;
  }
  const voltage = sampled(waves, seconds * fs, fs).map(value => value + 0.008 * random.normal());
  return { voltage, rPeaks };
}

describe.each([0.02, 0.05])('with RR intervals that vary by %f', variation => {
  test.each([
    [1.1, 0.48, 0.1, 0.025],
    [1.1, 0.48, 0.2, 0.03],
    [1.1, 0.44, 0.08, 0.02],
    [1.2, 0.45, 0.12, 0.025],
    [0.95, 0.46, 0.12, 0.022],
  ])('at RR %f s, U waves %f s after R of %f mV are none', (rr, later, amplitude, width) => {
    const { voltage, rPeaks } = heart(rr, variation, () => later, { amplitude, width });
    expect(delineateWithAtrialEvents([voltage], fs, rPeaks).atrialEvents).toEqual([]);
  });

  test.each([1.2, 1.4, 1.6])('at RR %f s, P waves in the middle between others are', rr => {
    const { voltage, rPeaks } = heart(rr, variation, interval => interval / 2 - 0.16, {
      amplitude: 0.13,
      width: 0.02,
    });
    const { atrialEvents } = delineateWithAtrialEvents([voltage], fs, rPeaks);
    expect(atrialEvents.length).toBeGreaterThan(0.85 * (rPeaks.length - 2));
  });
});

describe.each([1.1, 1.3, 1.5])('at RR %f s without P waves of the beats', rr => {
  const beats = (extra: (rPeaks: readonly number[]) => readonly number[]) => {
    const random = createRandom(7);
    const rPeaks: number[] = [];
    for (let time = 0.7; time < seconds - 1.2; time += rr * (1 + 0.02 * random.normal())) {
      rPeaks.push(Math.round(time * fs));
    }
    const waves = rPeaks.flatMap(rPeak => [
      { amplitude: 1, centre: rPeak / fs, width: 0.02 },
      { amplitude: -0.3, centre: rPeak / fs + 0.32, width: 0.05 },
    ]);
    for (const centre of extra(rPeaks)) waves.push({ amplitude: 0.1, centre, width: 0.024 });
    const voltage = sampled(waves, seconds * fs, fs).map(value => value + 0.008 * random.normal());
    return delineateWithAtrialEvents([voltage], fs, rPeaks).atrialEvents.length;
  };

  test('U waves and remains of T waves are no P waves', () => {
    expect(beats(() => [])).toBeLessThan(4);
    expect(beats(rPeaks => rPeaks.map(rPeak => rPeak / fs + 0.54))).toBeLessThan(4);
  });

  test('dissociated P waves are', () => {
    const times = Array.from({ length: 74 }, (_, k) => 0.5 + 0.79 * k);
    expect(beats(() => times)).toBeGreaterThan(times.length / 2);
  });
});
