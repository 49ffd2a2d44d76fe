import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePageData } from '../../src/analysis/report/report-page.ts';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { readAnnotations, writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord, type Signal } from '../../src/wfdb/record.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { beatAt, sampled } from '../beat/gaussian-waves.ts';
import { ecg, following, narrowBand, noise, plus } from '../beat/without-qrs-signals.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'detect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (script: string, ...words: string[]) => runWords([script, ...words], { WFDB: folder });

const at = Array.from({ length: 24 }, (_, k) => 0.7 + 0.8 * k);
const truth = at.map(t => Math.round(500 * t));

beforeAll(async () => {
  const lead = (name: string, size: number) => {
    const voltage = sampled(
      at.flatMap(t => beatAt(t, size)),
      500 * 20,
      500,
    );
    const adc = Int32Array.from(voltage, v => Math.round(1000 * v));
    return { name, units: 'mV', adcGain: 1000, baseline: 0, adc };
  };
  const signals = [lead('I', 1), lead('II', -0.8)];
  await writeRecord(folderSink(folder), { name: 'db/made', samplingFrequency: 500, signals });
  const marks = truth.map(sample => ({ sample, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }));
  await writeAnnotations(folderSink(folder), 'db/made', 'atr', marks);
});

test('of a lead with two samples a frame, detect and intervals write annotations in frames', async () => {
  const source = fileSource([folder]);
  const { signals } = await readRecord(source, 'db/made');
  const of = ({ name, units, adcGain, baseline, adc, samplingFrequency }: Signal) => ({
    ...{ name, units, adcGain, baseline, adc, samplingFrequency },
  });
  const half = signals[0]!.adc.filter((_, i) => i % 2 === 0);
  const slow = { ...of(signals[0]!), name: 'V1', adc: half, samplingFrequency: 250 };
  const record = { name: 'two', samplingFrequency: 250, signals: [slow, of(signals[1]!)] };
  await writeRecord(folderSink(folder), record);
  const found = JSON.parse((await run('detect', 'two', '--dir', folder, '--json')).stdout);
  expect(found).toMatchObject({ lead: 'II', samplingFrequency: 500 });
  const beats = await readAnnotations(source, 'two', 'qrs');
  expect(beats.length).toBe(24);
  for (const [k, { sample }] of beats.entries())
    expect(Math.abs(sample - truth[k]! / 2)).toBeLessThanOrEqual(3);
  const words = ['two', '--annotator', 'qrs', '--annotator-out', 'wav', '--dir', folder, '--json'];
  const intervals = JSON.parse((await run('intervals', ...words)).stdout);
  expect(intervals.samplingFrequency).toBe(500);
  const peaks = (await readAnnotations(source, 'two', 'wav')).filter(({ symbol }) => symbol === 'N');
  expect(peaks.map(({ sample }) => sample)).toEqual(beats.map(({ sample }) => sample));
});

test('detect writes the beats as an annotation file', async () => {
  const { status, stdout } = await run('detect', 'db/made', '--dir', join(folder, 'out'));
  expect(status).toBe(0);
  expect(stdout).toContain('24 beats');
  const written = await readAnnotations(fileSource([folder]), 'out/made', 'qrs');
  expect(written.every(({ symbol, channel }) => symbol === 'N' && channel === 1)).toBe(true);
  written.forEach(({ sample }, k) => {
    expect(Math.abs(sample - truth[k]!)).toBeLessThanOrEqual(1);
  });
});

test('detect --json prints the beats', async () => {
  const { stdout } = await run('detect', 'db/made', '--dir', join(folder, 'json'), '--lead', 'I', '--json');
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ record: 'db/made', lead: 'I', samplingFrequency: 500, seconds: 20 });
  expect(result.rPeaks.length).toBe(24);
  expect(result.meanHeartRate).toBeCloseTo(75, 1);
});

test('detect replaces the reference annotations only with --overwrite', async () => {
  const dir = join(folder, 'kept');
  const refused = await run('detect', 'db/made', '--annotator-out', 'atr', '--dir', dir);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('--overwrite');
  expect(existsSync(join(dir, 'made.atr'))).toBe(false);
  expect((await run('detect', 'db/made', '--annotator-out', 'atr', '--dir', dir, '--overwrite')).status).toBe(
    0,
  );
  expect(existsSync(join(dir, 'made.atr'))).toBe(true);
});

test('evaluate detection compares a database’s records with their reference', async () => {
  const { status, stdout } = await run('evaluate', 'detection', '--db', 'db', '--lead-count', '2', '--json');
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result.gross).toEqual({
    truePositives: 24,
    falseNegatives: 0,
    falsePositives: 0,
    sensitivity: 1,
    positivePredictivity: 1,
  });
  expect(result.average).toEqual({ sensitivity: 1, positivePredictivity: 1 });
  expect(result.timeErrorMs.p95).toBeLessThanOrEqual(2);
  expect(result.records).toHaveLength(1);
  expect(result.records[0]).toMatchObject({ record: 'made', leads: ['I', 'II'], sensitivity: 1 });
  const table = (await run('evaluate', 'detection', '--db', 'db')).stdout;
  expect(table).toMatch(/gross\s+24\s+0\s+0\s+100\.00\s+100\.00/);
});

test.each([
  ['detect', [], 'detect takes RECORD'],
  ['detect', ['db/made', '--annotator-out', '../x'], '--annotator-out'],
  ['evaluate', ['nonsense'], 'evaluate takes one of detection'],
  ['evaluate', ['detection'], '--db'],
  ['evaluate', ['detection', '--db', 'db', '--lead-count', '1.5'], '--lead-count'],
  ['evaluate', ['detection', '--db', 'db', '--snr', '6'], '--noise'],
])('%s %j is a mistake in the arguments', async (script, words, message) => {
  const { status, stderr } = await run(script, ...words);
  expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain(message);
});

test.each([
  ['detect', ['db/none'], 'db/none'],
  ['detect', ['db/made', '--lead', 'V9'], 'V9'],
  ['evaluate', ['detection', '--db', 'nowhere'], 'nowhere'],
  ['evaluate', ['detection', '--db', 'db', '--lead-count', '3'], '2 leads'],
  ['evaluate', ['detection', '--db', 'db', '--annotator', 'ari'], 'made.ari'],
])('%s %j ends with one line', async (script, words, message) => {
  const { status, stderr } = await run(script, ...words);
  expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
  expect(stderr).toContain(message);
});

test('both show their help', async () => {
  for (const words of [['detect'], ['evaluate'], ['evaluate', 'detection']]) {
    const { status, stdout } = await run(words[0]!, ...words.slice(1), '--help');
    expect([status, stdout.includes('[options]')]).toEqual([0, true]);
  }
});

test('detect lists the pacing spikes of its lead', async () => {
  const voltage = sampled(
    at.flatMap(t => beatAt(t)),
    500 * 20,
    500,
  );
  const spikes = truth.slice(1).map(rPeak => rPeak - 60);
  for (const [k, sample] of spikes.entries()) voltage[sample]! += k % 2 === 0 ? 4 : -3;
  const adc = Int32Array.from(voltage, v => Math.round(1000 * v));
  const signals = [{ name: 'II', units: 'mV', adcGain: 1000, baseline: 0, adc }];
  await writeRecord(folderSink(folder), { name: 'paced', samplingFrequency: 500, signals });
  const { stdout } = await run('detect', 'paced', '--dir', folder, '--json');
  const { pacingSpikes, notes, units } = JSON.parse(stdout);
  expect(pacingSpikes.map((spike: { sample: number }) => spike.sample)).toEqual(spikes);
  for (const [k, { amplitude, widthMs }] of pacingSpikes.entries()) {
    expect(Math.abs(amplitude - (k % 2 === 0 ? 4 : -3))).toBeLessThan(0.1);
    expect(widthMs).toBeGreaterThanOrEqual(2);
    expect(widthMs).toBeLessThanOrEqual(10);
  }
  expect(units).toMatchObject({ amplitude: 'mV', widthMs: 'ms' });
  expect(notes).toContainEqual(expect.stringMatching(/^lead II: 23 pacing spikes, 4.0 mV high/));
  const text = await run('detect', 'paced', '--dir', folder, '--overwrite');
  expect(text.stdout).toContain('23 pacing spikes');
});

test('what is detected without QRS complexes is annotated as artefact, not as a beat', async () => {
  const fs = 250;
  const voltage = following(
    plus(ecg(fs, 30).voltage, noise(fs, 30, 0.005)),
    narrowBand(fs, 20, 5, 0.6),
    noise(fs, 20, 0.01),
  );
  const adc = Int32Array.from(voltage, v => Math.round(1000 * v));
  const signals = [{ name: 'II', units: 'mV', adcGain: 1000, baseline: 0, adc }];
  await writeRecord(folderSink(folder), { name: 'arrest', samplingFrequency: fs, signals });
  const found = JSON.parse((await run('detect', 'arrest', '--dir', folder, '--json')).stdout);
  const marks = await readAnnotations(fileSource([folder]), 'arrest', 'qrs');
  const of = (symbol: string) => marks.filter(mark => mark.symbol === symbol).map(({ sample }) => sample);
  expect(found.rPeaks).toEqual(of('N'));
  expect(found.otherMarks).toEqual(of('|'));
  expect(found.rPeaks.every((sample: number) => sample < 31 * fs)).toBe(true);
  expect(found.otherMarks.length).toBeGreaterThan(20);
  const text = (await run('detect', 'arrest', '--dir', folder, '--overwrite')).stdout;
  expect(text).toContain(
    `II: ${of('N').length} beats and ${of('|').length} other marks in 70.0 s, 75.0 per minute`,
  );
  // The other commands that show or summarise detected beats leave it out, too.
  const indices = await run('slopes', 'arrest', '--detect', '--indices');
  const last = indices.stdout.split('\n').findLast(line => line.startsWith('-  '))!;
  expect(Number(last.trim().split(/\s+/)[1])).toBe(of('N').length);
  const svg = join(folder, 'arrest.svg');
  const drawn = await run(
    'figure',
    'arrest',
    '--from',
    '52',
    '--to',
    '70',
    '--what',
    'voltage,beats',
    '--out',
    svg,
  );
  expect(drawn.status).toBe(0);
  expect(drawn.stderr).toMatch(/note: no QRS complexes/);
  const model = 'samples/model-ds1-without-208.json';
  const classified = await run('classify', 'arrest', '--model', model, '--dir', folder, '--json');
  const { counts, annotations } = JSON.parse(classified.stdout);
  expect(annotations.map(({ sample }: { sample: number }) => sample)).toEqual(marks.map(mark => mark.sample));
  expect(counts['|']).toBe(of('|').length);
  // Nor do the marks change the class of a beat: those of the ECG alone are the same, but for the last beat's, whose RR
  // interval ends in fibrillation.
  await writeRecord(folderSink(folder), {
    ...{ name: 'ecg', samplingFrequency: fs },
    signals: [{ ...signals[0]!, adc: adc.subarray(0, 30 * fs) }],
  });
  const alone = JSON.parse(
    (await run('classify', 'ecg', '--model', model, '--dir', folder, '--json')).stdout,
  ).annotations;
  expect(annotations.slice(0, alone.length - 1)).toEqual(alone.slice(0, -1));
  const html = join(folder, 'arrest.html');
  const report = await run('report', 'arrest', '--model', model, '--out', html);
  expect(report.stdout).toContain(`${of('N').length} beats and ${of('|').length} other marks`);
  const page = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(
    readFileSync(html, 'utf8'),
  )![1]!;
  const shown = parsePageData(page).beats.filter(({ symbol }) => symbol === '|');
  expect(shown).toEqual(of('|').map(sample => ({ time: sample / fs, symbol: '|' })));
  const intervals = JSON.parse((await run('intervals', 'arrest', '--json')).stdout);
  expect(intervals.beats.map(({ symbol }: { symbol: string }) => symbol)).toEqual(
    marks.map(({ symbol }) => (symbol === '|' ? '|' : '')),
  );
  const plot = join(folder, 'arrest-hrv.svg');
  await run('hrv', 'arrest', '--plot', plot);
  expect(readFileSync(plot, 'utf8')).toContain('no spectrum: too few NN intervals');
});
