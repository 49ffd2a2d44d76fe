import { expect, test } from 'vitest';
import { detectBeats } from '../../src/analysis/lead-beats.ts';
import { conditionNotes, conditionOf, heartRateOf, signalNotes } from '../../src/analysis/lead-condition.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { measureRecordVariability } from '../../src/analysis/record-variability.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { ecg, noise, plus } from '../beat/without-qrs-signals.ts';

const samplingFrequency = 250;
const clean = ecg(samplingFrequency, 60);
const voltage = plus(clean.voltage, noise(samplingFrequency, 60, 0.004));
const all = Int32Array.from(clean.rPeaks);

/** The condition of the lead with a change, with the beats that a detector could find outside `[from, to)` s. */
function changed(change: (v: number, sample: number) => number, from = 0, to = 0) {
  const rPeaks = all.filter(
    peak => peak < from * samplingFrequency - 50 || peak >= to * samplingFrequency + 50,
  );
  const lead = { lead: 'II', voltage: voltage.map(change), samplingFrequency, rPeaks };
  const condition = conditionOf(lead);
  return { condition, rPeaks, notes: conditionNotes(condition, { samplingFrequency, start: 0, rPeaks }) };
}
const within = (sample: number, from: number, to: number): boolean =>
  sample >= from * samplingFrequency && sample < to * samplingFrequency;

test('a good lead has no note, and its rate is that of all intervals', () => {
  const { condition, rPeaks, notes } = changed(v => v);
  expect(notes).toEqual([]);
  expect(condition.lostSpans).toEqual([]);
  const rate = (60 * (rPeaks.length - 1) * samplingFrequency) / (rPeaks.at(-1)! - rPeaks[0]!);
  expect(heartRateOf(condition, rPeaks, samplingFrequency)).toBeCloseTo(rate, 9);
});

test.each([
  ['zeros', 0, 'constant for 20.0 s'],
  ['an offset', 1.25, 'constant for 20.0 s'],
  ['invalid samples', Number.NaN, '33.3 % of the samples are invalid'],
])('a loss of signal filled with %s is noted, and is not in the heart rate', (_, value, text) => {
  const { condition, rPeaks, notes } = changed((v, k) => (within(k, 20, 40) ? value : v), 20, 40);
  expect(notes.join()).toContain(text);
  expect(notes.join()).toContain('first at 20–30 s');
  const whole = changed(v => v);
  expect(heartRateOf(condition, rPeaks, samplingFrequency)).toBeCloseTo(
    heartRateOf(whole.condition, whole.rPeaks, samplingFrequency)!,
    0,
  );
});

test('notes on a window give times from the start of the record', () => {
  const { condition, rPeaks } = changed((v, k) => (within(k, 20, 40) ? 0 : v), 20, 40);
  const notes = signalNotes(condition, { samplingFrequency, start: 600 * samplingFrequency, rPeaks });
  expect(notes.join()).toContain('first at 620–630 s');
  const span = { kind: 'asystole', start: 5 * samplingFrequency, end: 9 * samplingFrequency } as const;
  const paused = { ...condition, windows: [], spansWithoutQrs: [span] };
  expect(signalNotes(paused, { samplingFrequency, start: 600 * samplingFrequency, rPeaks }).join()).toContain(
    '605.0–609.0 s',
  );
});

test('a lead without signal is said to have none', () => {
  const none = new Int32Array();
  const of = (value: number): string[] =>
    signalNotes(
      conditionOf({
        lead: 'II',
        voltage: new Float64Array(5000).fill(value),
        samplingFrequency,
        rPeaks: none,
      }),
      { samplingFrequency, start: 0, rPeaks: none },
    );
  expect(of(0)).toEqual(['lead II is constant: no signal was recorded']);
  expect(of(Number.NaN)).toEqual(['lead II has no valid sample']);
});

test('clipped and scattered invalid samples are noted by their share', () => {
  const rounded = (v: number): number => Math.round(200 * v) / 200;
  expect(changed(v => Math.min(0.3, rounded(v))).notes.join()).toMatch(
    /at a limit of the converter in \d+\.\d % of the samples/,
  );
  expect(changed((v, k) => (k % 100 === 0 ? Number.NaN : v)).notes.join()).toContain(
    '1.0 % of the samples are invalid',
  );
});

test('beats marked in mains hum are no beats, and have no rate', () => {
  const { condition, rPeaks, notes } = changed((_, k) =>
    Math.sin((2 * Math.PI * 50 * k) / samplingFrequency + 0.3),
  );
  expect(notes[0]).toContain('no QRS complexes stand out');
  expect(heartRateOf(condition, rPeaks, samplingFrequency)).toBeUndefined();
});

test('only the intervals that a loss of signal reaches into are no NN intervals', async () => {
  const sink = memorySink();
  const [from, to] = [24.5 * samplingFrequency, 34.5 * samplingFrequency];
  const adc = Int32Array.from(voltage, (v, sample) => (sample >= from && sample < to ? 0 : 1000 * v));
  const signals = [{ name: 'II', units: 'mV', adcGain: 1000, baseline: 0, adc }];
  await writeRecord(sink, { name: 'x', samplingFrequency, signals });
  const recording = await openRecording(memorySource(sink.files), 'x');
  const beats = await detectBeats(recording, ['II']);
  const { intervals, condition } = await measureRecordVariability(recording, 'II', beats);
  const [lost] = condition.lostSpans;
  expect(condition.lostSpans).toHaveLength(1);
  expect(Math.abs(lost!.start - from) + Math.abs(lost!.end - to)).toBeLessThanOrEqual(2);
  const without = intervals.filter(({ isNormal }) => !isNormal);
  expect(without.map(({ excluded }) => excluded)).toEqual(['unreadable']);
  expect(without[0]!.time * samplingFrequency).toBeGreaterThanOrEqual(to);
});
