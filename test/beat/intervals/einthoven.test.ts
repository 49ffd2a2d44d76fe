import { expect, test } from 'vitest';
import { einthovenSums, violatesEinthoven } from '../../../src/beat/intervals/einthoven.ts';
import { measureIntervals } from '../../../src/beat/intervals/measure-intervals.ts';
import { standardLead, synthesize } from '../../../src/synth.ts';

const names = ['I', 'II', 'III'] as const;
const ecg = synthesize({ samplingFrequency: 500, seconds: 20, seed: 6, leads: names.map(standardLead) });
const leads = names.map((name, k) => ({ name, voltage: ecg.leads[k]!.voltage }));
const rPeaks = ecg.beats.map(({ rPeak }) => rPeak.sample);

test('II = I + III holds under offsets and gaps, and not with a lead scaled or swapped', () => {
  const [i, ii, iii] = leads;
  const offset = { ...ii!, voltage: ii!.voltage.map(v => v + 3) };
  const gap = { ...i!, voltage: i!.voltage.map((v, k) => (k % 50 < 20 ? Number.NaN : v)) };
  expect(violatesEinthoven(einthovenSums([i!, offset, iii!]))).toBe(false);
  expect(violatesEinthoven(einthovenSums([gap, ii!, iii!]))).toBe(false);
  expect(violatesEinthoven(einthovenSums([i!, ii!]))).toBe(false);
  const scaled = { ...ii!, voltage: ii!.voltage.map(v => 1.5 * v) };
  expect(violatesEinthoven(einthovenSums([i!, scaled, iii!]))).toBe(true);
  const swapped = [{ ...ii!, name: 'I' }, { ...i!, name: 'II' }, iii!];
  expect(violatesEinthoven(einthovenSums(swapped))).toBe(true);
});

test('leads that contradict one another have no axis', () => {
  const { beats, median } = measureIntervals(leads, 500, rPeaks);
  expect(beats[3]!.axes?.qrs).toBeTypeOf('number');
  expect(median!.axes?.qrs).toBeTypeOf('number');
  const doubled = leads.map(({ name, voltage }, k) => ({
    name,
    voltage: k === 2 ? voltage.map(v => 2 * v) : voltage,
  }));
  const found = measureIntervals(doubled, 500, rPeaks);
  expect(found.beats.every(({ axes }) => axes === undefined)).toBe(true);
  expect(found.median!.axes).toBeUndefined();
});
