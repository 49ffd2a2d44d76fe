import { expect, test } from 'vitest';
import { detectBeats } from '../../src/analysis/lead-beats.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import {
  heartRateOutside,
  readSpansWithoutQrs,
  signalSpansWithoutQrs,
  withoutQrsNotes,
} from '../../src/analysis/without-qrs.ts';
import { ecg, following, narrowBand, noise, plus } from '../beat/without-qrs-signals.ts';

const fs = 250;
const voltage = following(
  plus(ecg(fs, 30).voltage, noise(fs, 30, 0.005)),
  narrowBand(fs, 20, 5, 0.6),
  noise(fs, 20, 0.01),
);

test('a recording in a table: spans, notes and heart rate', async () => {
  const rows = ['time,II (mV)', ...Array.from(voltage, (value, i) => `${i / fs},${value.toFixed(5)}`)];
  const bytes = new TextEncoder().encode(rows.join('\n'));
  const recording = await openRecording({ read: async (_, from, to) => bytes.slice(from, to) }, 'arrest.csv');
  const [lead] = recording.signals;
  const { rPeaks } = await detectBeats(recording, [lead!.name]);
  const spans = await readSpansWithoutQrs(recording, lead!.name, rPeaks);
  expect(spans.map(({ kind }) => kind)).toEqual(['fibrillation', 'asystole']);
  const [fibrillation, asystole] = spans.map(({ start, end }) => [start / fs, end / fs]);
  expect(Math.abs(fibrillation![0]! - 30)).toBeLessThanOrEqual(2);
  expect(Math.abs(fibrillation![1]! - 50)).toBeLessThanOrEqual(2);
  expect(asystole![1]).toBe(70);
  expect(signalSpansWithoutQrs(spans, fs, 10 * fs)[1]).toMatchObject({ kind: 'asystole', endSeconds: 80 });
  expect(withoutQrsNotes(spans, fs, rPeaks)).toEqual([
    expect.stringMatching(/^no QRS complexes for \d+\.\d s \(asystole; /),
    expect.stringMatching(/\(ventricular fibrillation or flutter; .* of the marks lie there/),
  ]);
  expect(heartRateOutside(spans, rPeaks, fs)).toBeCloseTo(75, 0);
});

test('the heart rate without spans is that of all intervals', () => {
  expect(heartRateOutside([], Int32Array.of(0, 200, 500), 250)).toBeCloseTo(60, 12);
  expect(heartRateOutside([], Int32Array.of(7), 250)).toBeUndefined();
  const span = { kind: 'asystole', start: 300, end: 400 } as const;
  expect(heartRateOutside([span], Int32Array.of(0, 200, 500), 250)).toBeCloseTo(75, 12);
});
