/** A long recording's report, made part by part: the whole lead's numbers, decimated traces, and little memory. */
import { describe, expect, test } from 'vitest';
import { classifyBeats, classifyInParts } from '../../../src/analysis/classify.ts';
import { beatsOf } from '../../../src/analysis/lead-beats.ts';
import { leadParts } from '../../../src/analysis/lead-parts.ts';
import { readLead } from '../../../src/analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../../src/analysis/open-recording.ts';
import { chooseExcerpts } from '../../../src/analysis/report/choose-excerpts.ts';
import { decodeBeats, encodeBeats } from '../../../src/analysis/report/encoded-beats.ts';
import { decodeSamples } from '../../../src/analysis/report/encoded-samples.ts';
import { longRecordReport } from '../../../src/analysis/report/long-report.ts';
import { recordReport } from '../../../src/analysis/report/record-report.ts';
import { type ReportBeat, type ReportData, reportData } from '../../../src/analysis/report/report-data.ts';
import { parsePageData, renderPage } from '../../../src/analysis/report/report-page.ts';
import { differentiator, parseScheme } from '../../../src/diff/scheme.ts';
import { readModel } from '../../../src/node/model-file.ts';
import { samplesFolder } from '../../../src/node/samples-folder.ts';
import { searchPathSource } from '../../../src/node/search-path.ts';
import { memorySource, type Source } from '../../../src/wfdb/source.ts';
import { onRecordings } from '../../real/recordings.ts';

const model = await readModel(`${samplesFolder}/model-ds1-without-208.json`);
const bundle = { script: '', style: '', scriptSha256: '', styleSha256: '' };
const pageDataOf = (report: ReportData): string =>
  /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(renderPage(report, bundle))![1]!;

onRecordings('mitdb')('half an hour in parts of a minute', () => {
  // 102 is paced, 208 has many ectopic beats, 222 fibrillates.
  test.each(['102', '208', '222'])('mitdb/%s', async name => {
    const recording = await openRecording(searchPathSource(), `mitdb/${name}`);
    const lead = recording.signals[0]!.name;
    const found = await beatsOf(recording, [lead], 'detector');
    const samples = await readLead(recording, lead);
    const beats = { record: recording.name, lead, start: recording.start, ...samples, ...found };
    const size = { length: 60 * 360, margin: 20 * 360 };
    const parts = () => leadParts(recording, lead, size);
    const classified = classifyBeats(model, beats);
    expect(await classifyInParts(model, beats, parts)).toEqual(classified);

    const whole = recordReport(beats, { model });
    const long = await longRecordReport(recording, lead, found, { model, partSeconds: 60 });
    expect(long.explanation).toEqual(whole.explanation);
    expect(long.provenance).toBe(whole.provenance);
    expectClose(long.beats, whole.beats);

    const { thinned, samplingFrequency } = long.lead!;
    expect(thinned!.length).toBe(samples.voltage.length);
    const scheme = parseScheme('sg:16ms:4');
    const slope = differentiator(scheme, samples.voltage.length, 360).apply(samples.voltage);
    for (const excerpt of thinned!.excerpts) {
      const from = Math.round(excerpt.startSeconds * samplingFrequency);
      expectSamples(decodeSamples(excerpt.voltage), samples.voltage.subarray(from));
      expectSamples(decodeSamples(excerpt.derivative), slope.subarray(from));
    }
    const envelope = decodeSamples(long.lead!.voltage);
    let off = 0;
    for (let k = 0; k < envelope.length / 2; k++) {
      const bucket = samples.voltage.subarray(k * thinned!.bucketSamples, (k + 1) * thinned!.bucketSamples);
      off = Math.max(off, Math.abs(envelope[2 * k]! - Math.min(...bucket)));
      off = Math.max(off, Math.abs(envelope[2 * k + 1]! - Math.max(...bucket)));
    }
    expect(off).toBeLessThan(0.001);
  });
});

/** The same beats, with times and slopes that differ by rounding alone. */
function expectClose(found: readonly ReportBeat[], expected: readonly ReportBeat[]): void {
  expect(found).toHaveLength(expected.length);
  const rounded = (beats: readonly ReportBeat[]) =>
    JSON.parse(JSON.stringify(beats, (_, value) => (typeof value === 'number' ? +value.toFixed(7) : value)));
  expect(rounded(found)).toEqual(rounded(expected));
}

/** Within half a step of the page's integers. */
function expectSamples(found: Float64Array, expected: Float64Array): void {
  let largest = 0;
  let peak = 0;
  for (let i = 0; i < found.length; i++) {
    largest = Math.max(largest, Math.abs(found[i]! - expected[i]!));
    peak = Math.max(peak, Math.abs(expected[i]!));
  }
  expect(largest).toBeLessThanOrEqual(peak / 32767);
}

describe('a long recording', () => {
  /** `seconds` of a beat a second at 100 Hz in format 16, made when it is read, and what was asked of it. */
  function counted(seconds: number): { source: Source; asked: { largest: number } } {
    const length = seconds * 100;
    const header = memorySource({
      'r.hea': new TextEncoder().encode(`r 1 100 ${length}\nr.dat 16 200 16 0 0 0 0 II\n`),
    });
    const asked = { largest: 0 };
    const source: Source = {
      async size(name) {
        return name === 'r.dat' ? 2 * length : header.size!(name);
      },
      async read(name, from = 0, to = 2 * length) {
        if (name !== 'r.dat') return header.read(name, from, to);
        const end = Math.min(to, 2 * length);
        asked.largest = Math.max(asked.largest, end - from);
        const view = new DataView(new ArrayBuffer(Math.max(0, end - from)));
        for (let byte = from; byte + 1 < end; byte += 2) {
          const after = ((byte / 2) % 100) - 50;
          view.setInt16(byte - from, Math.round(200 * Math.exp(-((after / 2) ** 2))), true);
        }
        return new Uint8Array(view.buffer);
      },
    };
    return { source, asked };
  }

  /** The recording, with a tally of the samples of its pieces. */
  async function opened(seconds: number) {
    const { source, asked } = counted(seconds);
    const recording = await openRecording(source, 'r');
    const held = { largest: 0 };
    const watched: OpenRecording = {
      ...recording,
      async *pieces(signals) {
        for await (const piece of recording.pieces(signals)) {
          held.largest = Math.max(held.largest, piece.length);
          yield piece;
        }
      },
    };
    return { recording: watched, asked, held };
  }

  test('is never held whole: pieces and page data do not grow with its length', async () => {
    const made = [];
    for (const hours of [1, 3]) {
      const { recording, asked, held } = await opened(hours * 3600);
      const found = await beatsOf(recording, ['II'], 'detector');
      const report = await longRecordReport(recording, 'II', found, { model });
      expect(report.beats.length).toBeGreaterThan(hours * 3590);
      const samples = report.lead!.thinned!.excerpts.reduce((sum, { voltage }) => sum + voltage.length, 0);
      made.push({ samples, asked: asked.largest, held: held.largest, trace: report.lead!.voltage.length });
    }
    const [short, long] = made as [(typeof made)[0], (typeof made)[0]];
    expect(short.held).toBe(60_000);
    expect(long.held).toBe(short.held);
    expect(long.asked).toBe(short.asked);
    expect(long.samples).toBeLessThanOrEqual(24 * 3000);
    expect(long.trace).toBeLessThanOrEqual(80_000);
  });

  test('says so, and its page holds its beats in bytes', async () => {
    const { recording } = await opened(3600);
    const found = await beatsOf(recording, ['II'], 'detector');
    const report = await longRecordReport(recording, 'II', found, {});
    const text = pageDataOf(report);
    expect(text.length / report.beats.length).toBeLessThan(400);
    const shown = parsePageData(text);
    expect(shown.lead!.thinned!.bucketSamples).toBe(9);
    expect(shown.beats.map(({ time }) => time)).toEqual(report.beats.map(({ time }) => time));
  });
});

test('the page of a short recording holds the data as it is', () => {
  const voltage = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i / 9));
  const lead = {
    name: 'II',
    units: 'mV',
    samplingFrequency: 250,
    startSeconds: 0,
    voltage,
    derivative: voltage,
  };
  const beats = [{ time: 1, symbol: 'N', upstroke: { time: 0.9, slope: 12.345678901234567 } }];
  const report = reportData({ record: '<b>', lead, beats });
  expect(Object.keys(report.lead!)).not.toContain('thinned');
  expect(pageDataOf(report)).toBe(JSON.stringify(report).replaceAll('<', '\\u003c'));
  expect(parsePageData(pageDataOf(report))).toEqual(report);
});

test('encoded beats come back: times exactly, slopes and probabilities to seven digits', () => {
  const beats: ReportBeat[] = [
    { time: 86_399.998, symbol: 'N', class: 'N', predicted: 'V', probability: 0.8131234567 },
    { time: 0.1, symbol: '·' },
    {
      time: 7.7,
      symbol: 'V',
      class: 'V',
      upstroke: { time: 7.65, slope: 102.82491234 },
      downstroke: { time: 7.8, slope: -3e-5 },
    },
  ];
  const back = decodeBeats(encodeBeats(beats));
  const digits = (list: readonly ReportBeat[]) =>
    JSON.parse(JSON.stringify(list, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(7)) : v)));
  expect(back.map(({ time }) => time)).toEqual(beats.map(({ time }) => time));
  expect(digits(back)).toEqual(digits(beats));
});

test('excerpts: the explained beat with half a minute around it, rare classes, the start, no overlap', () => {
  const beats = Array.from({ length: 80_000 }, (_, k) => ({
    time: k + 0.5,
    symbol: k === 20 || k === 70_000 ? 'V' : 'N',
    upstroke: { time: k + 0.48, slope: k === 33_333 ? 200 : 100 },
  }));
  const options = { length: 80_000 * 500, samplingFrequency: 500, start: 0, explained: 20 };
  const chosen = chooseExcerpts(beats, options);
  expect(chosen).toHaveLength(24);
  for (const [k, { start: from, end: to }] of chosen.entries()) {
    expect(to).toBeGreaterThan(from);
    if (k > 0) expect(from).toBeGreaterThanOrEqual(chosen[k - 1]!.end);
  }
  const at = (second: number) =>
    chosen.find(({ start: from, end: to }) => from <= second * 500 && second * 500 < to);
  expect(at(20.5)).toEqual({ start: 2750, end: 17_750, why: 'explained beat' });
  expect(at(0)?.why).toBe('start');
  expect(at(70_000.5)?.why).toBe('V beat');
  expect(at(33_333.5)?.why).toBe('steepest upstroke');
});
