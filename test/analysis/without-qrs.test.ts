import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectBeats } from '../../src/analysis/lead-beats.ts';
import { heartRateOf, type LeadCondition, readLeadCondition } from '../../src/analysis/lead-condition.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { signalSpansWithoutQrs, withoutQrsNotes } from '../../src/analysis/without-qrs.ts';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { ecg, following, narrowBand, noise, plus } from '../beat/without-qrs-signals.ts';

const fs = 250;
const voltage = following(
  plus(ecg(fs, 30).voltage, noise(fs, 30, 0.005)),
  narrowBand(fs, 20, 5, 0.6),
  noise(fs, 20, 0.01),
);

test('a recording read in parts: spans, notes and heart rate', async () => {
  const adc = Int32Array.from(voltage, value => Math.round(1000 * value));
  const folder = mkdtempSync(join(tmpdir(), 'without-qrs-'));
  const signals = [{ name: 'II', units: 'mV', adcGain: 1000, baseline: 0, adc }];
  await writeRecord(folderSink(folder), { name: 'arrest', samplingFrequency: fs, signals });
  const recording = await openRecording(fileSource([folder]), 'arrest');
  const [lead] = recording.signals;
  const { rPeaks } = await detectBeats(recording, [lead!.name]);
  const condition = await readLeadCondition(recording, lead!.name, rPeaks);
  const spans = condition.spansWithoutQrs;
  expect(spans.map(({ kind }) => kind)).toEqual(['fibrillation', 'asystole']);
  const [fibrillation, asystole] = spans.map(({ start, end }) => [start / fs, end / fs]);
  expect(Math.abs(fibrillation![0]! - 30)).toBeLessThanOrEqual(2);
  expect(Math.abs(fibrillation![1]! - 50)).toBeLessThanOrEqual(2);
  expect(asystole![1]).toBe(70);
  expect(signalSpansWithoutQrs(spans, fs, 10 * fs)[1]).toMatchObject({ kind: 'asystole', endSeconds: 80 });
  expect(withoutQrsNotes(spans, { samplingFrequency: fs, start: 0, rPeaks })).toEqual([
    expect.stringMatching(/^no QRS complexes for \d+\.\d s \(asystole, or complexes that noise hides; /),
    expect.stringMatching(/\(ventricular fibrillation or flutter; .* marks there are not QRS complexes/),
  ]);
  expect(heartRateOf(condition, rPeaks, fs)).toBeCloseTo(75, 0);
  rmSync(folder, { recursive: true });
});

test('the heart rate without spans is that of all intervals', () => {
  const good: LeadCondition = {
    ...{ lead: 'II', beats: [], windows: [], spansWithoutQrs: [], pacingSpikes: [], hasQrsComplexes: true },
  };
  expect(heartRateOf(good, Int32Array.of(0, 200, 500), 250)).toBeCloseTo(60, 12);
  expect(heartRateOf(good, Int32Array.of(7), 250)).toBeUndefined();
  const span = { kind: 'asystole', start: 300, end: 400 } as const;
  const paused = { ...good, spansWithoutQrs: [span] };
  expect(heartRateOf(paused, Int32Array.of(0, 200, 500), 250)).toBeCloseTo(75, 12);
});
