import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beatCount } from '../../src/analysis/artefact-marks.ts';
import { detectBeats } from '../../src/analysis/lead-beats.ts';
import {
  complexesInLeads,
  heartRateOf,
  type LeadCondition,
  notesOfLeads,
  readLeadCondition,
  withArtefacts,
} from '../../src/analysis/lead-condition.ts';
import { measureLeads } from '../../src/analysis/lead-slopes.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { measureRecordIntervals } from '../../src/analysis/record-intervals.ts';
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

async function arrest() {
  const adc = Int32Array.from(voltage, value => Math.round(1000 * value));
  const folder = mkdtempSync(join(tmpdir(), 'without-qrs-'));
  const signals = [{ name: 'II', units: 'mV', adcGain: 1000, baseline: 0, adc }];
  await writeRecord(folderSink(folder), { name: 'arrest', samplingFrequency: fs, signals });
  const of = (to: number) => openRecording(fileSource([folder]), 'arrest', { endSeconds: to });
  return { recording: await of(70), before: await of(29), remove: () => rmSync(folder, { recursive: true }) };
}

test('a recording read in parts: spans, notes and heart rate', async () => {
  const { recording, remove } = await arrest();
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
  remove();
});

test('what is detected in fibrillation and asystole is left out of slopes and of the median beat', async () => {
  const { recording, before, remove } = await arrest();
  const all = await detectBeats(recording, ['II']);
  const sinus = await detectBeats(before, ['II']);
  const condition = await readLeadCondition(recording, 'II', all.rPeaks);
  const marked = withArtefacts(all, [condition]);
  const count = beatCount(marked);
  expect(all.rPeaks.length - count).toBeGreaterThan(20);
  expect(Math.abs(count - (30 * 75) / 60)).toBeLessThanOrEqual(2);
  const intervals = await measureRecordIntervals(recording, ['II'], marked);
  const ofSinus = await measureRecordIntervals(before, ['II'], sinus);
  for (const of of ['qrs', 'qt', 'rr'] as const) {
    const [found, expected] = [intervals, ofSinus].map(({ median }) => median!.intervals[of]!);
    expect(Math.abs(found! - expected!)).toBeLessThanOrEqual(1 / fs + 1e-12);
  }
  const summaries: number[] = [];
  for (const [opened, beats] of [[recording, all] as const, [before, sinus] as const]) {
    for await (const { summary } of measureLeads(opened, ['II'], beats)) {
      expect(summary).toHaveLength(1);
      summaries.push(summary[0]!.upstroke!.p5);
    }
  }
  expect(summaries[0]! / summaries[1]!).toBeCloseTo(1, 1);
  remove();
});

test('a span of one lead in which another shows complexes is of that lead alone', () => {
  const rPeaks = Int32Array.of(100, 350, 600, 850);
  const span = { kind: 'asystole', start: 300, end: 1100 } as const;
  const off = { lead: 'II', windows: [], spansWithoutQrs: [span] };
  const on = { lead: 'V1', windows: [], spansWithoutQrs: [] };
  const of = { samplingFrequency: 250, start: 0, rPeaks };
  expect([...complexesInLeads([off], rPeaks)]).toEqual([1, 0, 0, 0]);
  expect([...complexesInLeads([off, on], rPeaks)]).toEqual([1, 1, 1, 1]);
  expect([...complexesInLeads([off, { ...off, lead: 'V1' }], rPeaks)]).toEqual([1, 0, 0, 0]);
  expect(notesOfLeads([off, on], of)).toEqual([
    expect.stringMatching(/^lead II: no QRS complexes for 3\.2 s .*, where other leads show them$/),
  ]);
  expect(notesOfLeads([off, { ...off, lead: 'V1' }], of)).toEqual([
    expect.stringMatching(/^no QRS complexes for 3\.2 s .*marks there are not QRS complexes \(3\)$/),
  ]);
  // A lead whose signal is lost shows nothing either way.
  const window = {
    start: 0,
    end: 1100,
    invalidShare: 1,
    flatShare: 0,
    clippedShare: 0,
    good: false,
    flags: [],
  };
  const lost = {
    lead: 'V1',
    windows: [{ ...window, noiseToQrs: undefined, correlation: undefined, beats: 4 }],
    spansWithoutQrs: [],
  };
  expect([...complexesInLeads([off, lost], rPeaks)]).toEqual([1, 0, 0, 0]);
});

test('the heart rate without spans is that of all intervals', () => {
  const good: LeadCondition = {
    ...{
      lead: 'II',
      beats: [],
      windows: [],
      spansWithoutQrs: [],
      lostSpans: [],
      pacingSpikes: [],
      hasQrsComplexes: true,
    },
  };
  expect(heartRateOf(good, Int32Array.of(0, 200, 500), 250)).toBeCloseTo(60, 12);
  expect(heartRateOf(good, Int32Array.of(7), 250)).toBeUndefined();
  const span = { kind: 'asystole', start: 300, end: 400 } as const;
  const paused = { ...good, spansWithoutQrs: [span] };
  expect(heartRateOf(paused, Int32Array.of(0, 200, 500), 250)).toBeCloseTo(75, 12);
});
