import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, expect, test } from 'vitest';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { millivolts } from '../../src/analysis/leads.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { measureRecordIntervals } from '../../src/analysis/record-intervals.ts';
import { type BeatWaves, measureIntervals } from '../../src/beat/intervals/measure-intervals.ts';
import { markedWaves } from '../../src/beat/score/marked-waves.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { searchPathSource } from '../../src/node/search-path.ts';
import { createRandom } from '../../src/random.ts';
import { synthesizeActivations } from '../../src/synth/activation-synthesis.ts';
import { fixedRatioBlock } from '../../src/synth/blocked-conduction.ts';
import { digitised } from '../../src/synth/wfdb-record.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { decodeAnnotations } from '../../src/wfdb.ts';
import { onRecordings } from '../real/recordings.ts';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'intervals-'));
afterAll(() => rmSync(folder, { recursive: true }));
const intervals = (...args: string[]) => run(['intervals', ...args], { WFDB: 'samples' });

test('a table on the terminal, in a file, and as wave marks', async () => {
  const out = join(folder, 'waves.csv');
  const { status, stdout } = await intervals(
    'synth/twelve',
    '--out',
    out,
    '--annotator-out',
    'wav',
    '--dir',
    folder,
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^QTc Fridericia +\d+ +\d+ +\d+–\d+ +\d+$/m);
  expect(stdout).toMatch(/^frontal axis: P -?\d+°, QRS -?\d+°, T -?\d+°$/m);
  const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const beats = Number(/(\d+) beats/.exec(stdout)![1]);
  expect(data).toHaveLength(13 * beats);
  const ofAll = data.filter(row => row.lead === 'all');
  const offsets = ofAll.filter(row => row.qrs_offset_sample !== '');
  for (const row of offsets) {
    const width =
      (Number(row.qrs_offset_sample) - Number(row.qrs_onset_sample)) / Number(row.sampling_frequency_Hz);
    expect(Number(row.qrs_s)).toBeCloseTo(width, 6);
  }
  const marks = decodeAnnotations(readFileSync(join(folder, 'twelve.wav')), 'twelve.wav');
  expect(marks.filter(({ symbol }) => symbol === 'N').map(({ sample }) => String(sample))).toEqual(
    ofAll.map(row => row.sample),
  );
  const ends = marks.filter(({ symbol, num }) => symbol === ')' && num === 1);
  expect(ends.map(({ sample }) => String(sample))).toEqual(offsets.map(row => row.qrs_offset_sample));
});

test('everything as JSON, with the formulas', async () => {
  const { stdout } = await intervals('synth/twelve', '--leads', 'I,II,V5', '--json');
  const { median, qtFormulas, beats } = JSON.parse(stdout);
  expect(Object.keys(qtFormulas)).toEqual(['bazett', 'fridericia', 'framingham', 'hodges']);
  expect(median.leads.map(({ lead }: { lead: string }) => lead)).toEqual(['I', 'II', 'V5']);
  expect(median.intervals.qtc.bazett).toBeCloseTo(median.intervals.qt / Math.sqrt(median.intervals.rr), 12);
  expect(beats[3].intervals.qt).toBeGreaterThan(0.2);
});

test('P waves without a QRS complex are rows and marks of their own, and in the JSON', async () => {
  const ecg = synthesizeActivations(fixedRatioBlock(75, 2, 40, createRandom(1)), 40, 250);
  const written = { format: 16, adcGain: 200 } as const;
  const record = { name: 'block', samplingFrequency: 250, signals: digitised(ecg, written) };
  await writeRecord(folderSink(folder), record, { format: 16 });
  const out = join(folder, 'block.csv');
  const words = ['block', '--detect', '--out', out, '--annotator-out', 'wav', '--dir', folder];
  const { stdout, stderr } = await run(['intervals', ...words], { WFDB: folder });
  expect(stderr).toBe('');
  const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const events = data.filter(row => row.symbol === 'x');
  const truth = ecg.atrialTimes.filter(time =>
    ecg.beats.every(beat => Math.abs(beat.rPeak.time - time) > 0.3),
  );
  expect(truth.length).toBeGreaterThan(20);
  const found = events.map(row => Number(row.sample) / 250);
  const hits = truth.filter(time => found.some(other => Math.abs(other - time) <= 0.02));
  expect(hits.length).toBeGreaterThanOrEqual(0.95 * truth.length);
  for (const row of events) {
    expect(row).toMatchObject({ lead: 'all', beat: '', qrs_onset_sample: '', p_peak_sample: row.sample });
    expect(Number(row.p_s)).toBeGreaterThan(0.05);
  }
  const samples = data.map(row => Number(row.sample));
  expect(samples).toEqual([...samples].sort((a, b) => a - b));
  expect(stdout).toContain(`P waves without a QRS complex: ${events.length}`);

  const marks = decodeAnnotations(readFileSync(join(folder, 'block.wav')), 'block.wav');
  const peaks = marks.filter(({ symbol }) => symbol === 'p').map(({ sample }) => String(sample));
  for (const { sample } of events) expect(peaks).toContain(sample);
  const beats = data.filter(row => row.symbol !== 'x' && row.lead === 'all' && row.p_peak_sample !== '');
  expect(peaks).toHaveLength(events.length + beats.length);
  const waves = markedWaves(marks).filter(({ kind }) => kind === 'P');
  const own = waves.filter(({ peak }) => events.some(({ sample }) => Number(sample) === peak));
  expect(own.every(({ onset, offset }) => onset !== undefined && offset !== undefined)).toBe(true);

  const json = await run(['intervals', 'block', '--detect', '--json'], { WFDB: folder });
  const { atrialEvents } = JSON.parse(json.stdout);
  expect(atrialEvents.map(({ peak }: { peak: number }) => String(peak))).toEqual(
    events.map(({ sample }) => sample),
  );
  const parquet = await run(['intervals', 'block', '--detect', '--out', join(folder, 'block.parquet')], {
    WFDB: folder,
  });
  expect(parquet).toMatchObject({ status: 0, stderr: '' });
});

test('a name that would be written over is refused', async () => {
  expect((await intervals('synth/twelve', '--annotator-out', 'hea', '--dir', folder)).stderr).toContain(
    '--annotator-out hea',
  );
  expect((await intervals('synth/twelve', '--qt-lead', 'V9')).stderr).toContain('no lead V9');
});

onRecordings('mitdb')('MIT-BIH', () => {
  test('parts read one after another give the result of the whole record', { timeout: 60_000 }, async () => {
    const source = searchPathSource();
    const recording = await openRecording(source, 'mitdb/104');
    const names = ['V5', 'V2'];
    const beats = await beatsOf(recording, names, 'annotations or detector');
    const parts: BeatWaves[] = [];
    const { median } = await measureRecordIntervals(recording, names, beats, {
      onWaves: part => void parts.push(...part.beats),
    });
    const { signals } = await recording.read(names);
    const leads = signals.map(signal => ({ name: signal.name, voltage: millivolts(signal) }));
    const whole = measureIntervals(leads, 360, beats.rPeaks);
    expect(parts.length).toBe(whole.beats.length);
    // Whether there is a P wave is asked of the beats around, which at a seam are fewer.
    const differ = parts.filter((beat, k) => beat.borders.qrsOffset !== whole.beats[k]!.borders.qrsOffset);
    expect(differ).toEqual([]);
    expect(median!.beats).toBeGreaterThan(400);
  });
});

onRecordings('ludb')('Lobachevsky University Database', () => {
  test('leads scaled individually are reported, those of PTB-XL are not', async () => {
    const ludb = JSON.parse((await run(['intervals', 'ludb/data/1', '--json'])).stdout);
    expect(ludb.notes.join()).toContain('do not obey II = I + III');
    const ptb = JSON.parse((await run(['intervals', 'ptb-xl/HR06000', '--json'])).stdout);
    expect(ptb.notes.join()).not.toContain('do not obey');
  });
});
