/** Smooth ventricular beats among narrow ones: in the envelope as low as T waves, in the voltage clearly beats. */
import { describe, expect, test } from 'vitest';
import { detectQrs } from '../../../src/beat/detect/detect-qrs.ts';
import { createRandom, type Random } from '../../../src/random.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';

const seconds = 60;

const narrow = (time: number): Activation => ({
  time,
  symbol: 'N',
  waves: {
    P: [{ amplitude: 0.11, center: -0.15, width: 0.022 }],
    QRS: [
      { amplitude: 1, center: 0, width: 0.011 },
      { amplitude: -0.25, center: 0.028, width: 0.01 },
    ],
    T: [{ amplitude: 0.28, center: 0.28, width: 0.05 }],
  },
});

/** A Gaussian R wave of 140 to 160 ms with a T wave of the opposite sign. */
const ventricular = (time: number, amplitude: number, width: number): Activation => ({
  time,
  symbol: 'V',
  waves: {
    P: [],
    QRS: [{ amplitude, center: 0, width }],
    T: [{ amplitude: -0.35 * amplitude, center: 0.32, width: 0.06 }],
  },
});

/** Every `every`-th beat is ventricular, premature and followed by a pause. */
function premature(random: Random, every: number, coupling: number, size: number): Activation[] {
  const beats: Activation[] = [];
  for (let time = 0.6, k = 1; time < seconds - 1.5; k++) {
    beats.push(narrow(time));
    if (k % (every - 1) === 0) {
      beats.push(ventricular(time + coupling * (1 + 0.02 * random.normal()), size, 0.036));
      time += 1.7;
    } else time += 0.85;
  }
  return beats;
}

/** Numbers of missed and of extra beats, 150 ms apart. */
function errors(
  events: readonly Activation[],
  fs: number,
  random: Random,
): { missed: number; extra: number } {
  const heart = synthesizeActivations(events, seconds, fs);
  const voltage = heart.leads[0]!.voltage.map(value => value + 0.015 * random.normal());
  const found = [...detectQrs(voltage, fs)];
  const near = (time: number, sample: number): boolean => Math.abs(sample / fs - time) < 0.15;
  return {
    missed: events.filter(({ time }) => !found.some(sample => near(time, sample))).length,
    extra: found.filter(sample => !events.some(({ time }) => near(time, sample))).length,
  };
}

describe.each([250, 360, 500])('at %i Hz', fs => {
  test.each([
    [2, 0.42, 0.9],
    [2, 0.48, 1.2],
    [2, 0.48, -1.2],
    [2, 0.55, 0.9],
    [3, 0.42, 1.2],
    [4, 0.48, 0.9],
  ])('ventricular beats as every %i. beat, %f s after the one before, of %f mV are found', (...given) => {
    const random = createRandom(11);
    const events = premature(random, ...given);
    const { missed, extra } = errors(events, fs, random);
    // Single ones are missed, most of them in the first seconds.
    expect(missed).toBeLessThanOrEqual(4);
    expect(extra).toBe(0);
  });

  test.each([0.036, 0.045])('ventricular beats of a width of %f s at ordinary intervals are found', width => {
    const random = createRandom(5);
    const events = Array.from({ length: 70 }, (_, k) => {
      const time = 0.6 + 0.82 * k + 0.02 * random.normal();
      return random.uniform() < 0.5 ? narrow(time) : ventricular(time, 0.9, width);
    });
    const { missed, extra } = errors(events, fs, random);
    expect(missed).toBeLessThanOrEqual(3);
    expect(extra).toBe(0);
  });

  test.each([
    [0.36, 0.9],
    [0.44, 0.9],
    [0.44, -1.4],
    [0.5, 0.9],
    [0.5, 1.4],
  ])('a T wave %f s after every R wave of %f mV is no beat', (center, amplitude) => {
    const random = createRandom(7);
    const events = Array.from({ length: 52 }, (_, k): Activation => {
      const beat = narrow(0.6 + 1.1 * k);
      return { ...beat, waves: { ...beat.waves, T: [{ amplitude, center, width: 0.05 }] } };
    });
    const { missed, extra } = errors(events, fs, random);
    expect(missed).toBe(0);
    expect(extra).toBeLessThanOrEqual(2);
  });
});
