/** In atrial flutter the deflections before the QRS complexes are no P waves. */
import { expect, test } from 'vitest';
import { delineateWithAtrialEvents } from '../../../src/beat/delineate/atrial-events.ts';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { createRandom } from '../../../src/random.ts';
import { atrialFlutter, shapes, steadyRhythm } from '../../../src/synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';

const drawn = (events: readonly Activation[], fs: number) => {
  const random = createRandom(7);
  const heart = synthesizeActivations(events, 40, fs);
  return {
    voltage: heart.leads[0]!.voltage.map(value => value + 0.01 * random.normal()),
    rPeaks: heart.beats.map(({ rPeak }) => rPeak.sample),
  };
};

test.each([
  [240, [3], 250],
  [250, [4], 500],
  [280, [3, 4], 360],
  [320, [4], 1000],
] as const)('flutter at %i a minute, conducted %j', (rate, pattern, fs) => {
  const { voltage, rPeaks } = drawn(atrialFlutter(rate, pattern, 40, createRandom(rate)), fs);
  expect(delineate(voltage, fs, rPeaks).some(({ p }) => p !== undefined)).toBe(false);
  const half = voltage.map(value => value / 2);
  for (const leads of [[voltage], [voltage, half], [half, voltage, half]]) {
    const together = delineateWithAtrialEvents(leads, fs, rPeaks);
    expect(together.leads.flat().some(({ p }) => p !== undefined)).toBe(false);
    expect(together.atrialEvents).toEqual([]);
  }
});

test('sinus rhythm at any rate keeps its P waves', () => {
  for (const rate of [50, 65, 80, 95, 110]) {
    const { voltage, rPeaks } = drawn(steadyRhythm(rate, shapes.sinus, 40, createRandom(rate)), 250);
    const found = delineate(voltage, 250, rPeaks).filter(({ p }) => p !== undefined).length;
    expect(found).toBeGreaterThan(0.9 * rPeaks.length);
  }
});
