/** One way in: containers by content, rates, windows, warnings as they come. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { leadsOfOneRate, otherRateNotes, passedOverNotes } from '../../src/analysis/leads.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { standardLead } from '../../src/synth/leads.ts';
import { synthesize } from '../../src/synth/synthesize.ts';
import { writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { containers } from '../../src/wfdb/containers.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { edfFile } from '../wfdb/edf/edf-file.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const ramp = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

/** ECG of 8 Hz, EMG of 4, temperature of 1, in data records of 1 s. */
const rates = edfFile({
  reserved: 'EDF+C',
  signals: [
    { label: 'ECG', data: [ramp(0, 8), ramp(8, 8), ramp(16, 8)] },
    { label: 'EMG', data: [ramp(0, 4), ramp(4, 4), ramp(8, 4)] },
    { label: 'Temp', dimension: 'degC', data: [[1], [2], [3]] },
    {
      label: 'EDF Annotations',
      data: ['+0\x14\x14\0+0.5\x14a\x14\0', '+1\x14\x14\0+1.5\x14b\x14\0', '+2\x14\x14\0+2.5\x14c\x14\0'],
    },
  ],
});

describe('EDF of several rates', () => {
  const open = (options = {}) => openRecording(memorySource({ n: rates }), 'n', options);

  test('the leads that are measured come at their own rate', async () => {
    const all = await open();
    expect(all.signals.map(({ name, samplingFrequency }) => [name, samplingFrequency])).toEqual([
      ['ECG', 8],
      ['EMG', 4],
      ['Temp', 1],
    ]);
    const emg = all.withSignals(['EMG']);
    expect([emg.samplingFrequency, emg.length]).toEqual([4, 12]);
    expect([...(await emg.read()).signals[0]!.adc]).toEqual(ramp(0, 12));
    expect(() => all.withSignals(['ECG', 'EMG'])).toThrow(
      /different rates.*ECG 8 Hz, EMG 4 Hz.*--frequency-out/,
    );
    expect(() => all.withSignals(['III'])).toThrow('no signal III');
    expect(leadsOfOneRate(all).map(({ name }) => name)).toEqual(['ECG']);
    expect(otherRateNotes(all, ['ECG'])).toEqual([]);
    expect(passedOverNotes(all, ['ECG'])).toEqual([expect.stringContaining('EMG')]);
  });

  test('together they come at the rate of the fastest, or each at its own', async () => {
    const { signals, length, samplingFrequency } = await (await open()).read();
    expect([samplingFrequency, length]).toEqual([8, 24]);
    expect(signals.map(({ adc }) => adc.length)).toEqual([24, 24, 24]);
    expect([...signals[1]!.adc.subarray(0, 6)]).toEqual([0, 0, 1, 1, 2, 2]);
    const own = await (await open({ rate: 'signal' })).read();
    expect(own.signals.map(({ adc }) => adc.length)).toEqual([24, 12, 3]);
  });

  test('windows fall on samples of the leads, not on frames; pieces add up to them', async () => {
    const window = (await open({ startSeconds: 0.5, endSeconds: 2.25 })).withSignals(['ECG']);
    expect([window.start, window.length]).toEqual([4, 14]);
    expect([...(await window.read()).signals[0]!.adc]).toEqual(ramp(4, 14));
    const pieces: number[] = [];
    for await (const { signals } of window.pieces(['ECG'], 1)) pieces.push(...signals[0]!.adc);
    expect(pieces).toEqual(ramp(4, 14));
    const marks = await window.annotations('atr');
    expect(marks!.annotations.map(({ sample, aux }) => [sample, aux])).toEqual([
      [4, 'a'],
      [12, 'b'],
    ]);
    await expect(open({ startSeconds: 4 })).rejects.toThrow(RangeError);
    await expect(open({ endSeconds: 4 })).rejects.toThrow(RangeError);
  });
});

describe('a WFDB record whose signals have several samples a frame', () => {
  const frameHz = 250;
  const seconds = 30;
  const files = memorySink();
  const ecg = synthesize({
    samplingFrequency: 2 * frameHz,
    seconds,
    seed: 3,
    leads: [standardLead('II')],
  });
  const adc = Int32Array.from(ecg.leads[0]!.voltage, mV => Math.round(200 * mV));
  const mean = (k: number): number => Math.trunc((adc[2 * k]! + adc[2 * k + 1]!) / 2);
  const slow = Int32Array.from({ length: adc.length / 2 }, (_, k) => mean(k));
  const signal = (name: string, of: Int32Array, samplingFrequency: number) => ({
    name,
    units: 'mV',
    adcGain: 200,
    baseline: 0,
    adc: of,
    samplingFrequency,
  });
  const marks = [100, 350].map(sample => ({
    ...{ sample, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' },
  }));
  beforeAll(async () => {
    const signals = [signal('V1', slow, frameHz), signal('II', adc, 2 * frameHz)];
    await writeRecord(files, { name: 'both', samplingFrequency: frameHz, signals });
    const alone = [signal('II', adc, 2 * frameHz)];
    await writeRecord(files, { name: 'alone', samplingFrequency: 2 * frameHz, signals: alone });
    await writeAnnotations(files, 'both', 'atr', marks);
  });
  const source = () => memorySource(files.files);

  test('each lead is as the same signal alone in a record, in one piece, in many, and in a window', async () => {
    for (const window of [{}, { startSeconds: 2.5, endSeconds: 11 }]) {
      const all = await openRecording(source(), 'both', window);
      expect(all.signals.map(({ name, samplingFrequency }) => [name, samplingFrequency])).toEqual([
        ['V1', 250],
        ['II', 500],
      ]);
      const [lead, alone] = [all.withSignals(['II']), await openRecording(source(), 'alone', window)];
      const shape = ({ samplingFrequency, start, length }: typeof lead) => [samplingFrequency, start, length];
      expect(shape(lead)).toEqual(shape(alone));
      const truth = await alone.read();
      const read = await lead.read();
      expect(read.signals[0]!.physical).toEqual(truth.signals[0]!.physical);
      expect([read.samplingFrequency, read.start, read.length]).toEqual([500, truth.start, truth.length]);
      const pieces: number[] = [];
      let start = truth.start;
      for await (const piece of lead.pieces(['II'], 7)) {
        expect([piece.start, piece.signals[0]!.physical.length]).toEqual([start, piece.length]);
        start += piece.length;
        pieces.push(...piece.signals[0]!.physical);
      }
      expect(pieces).toEqual([...truth.signals[0]!.physical]);
    }
  });

  test('is measured at the rate of its lead, others are named, and annotations follow', async () => {
    const all = await openRecording(source(), 'both');
    expect(leadsOfOneRate(all).map(({ name }) => name)).toEqual(['II']);
    expect(otherRateNotes(all, ['II'])).toEqual([expect.stringContaining('V1 (250 Hz)')]);
    expect(() => all.withSignals(['V1', 'II'])).toThrow(/different rates/);
    const lead = all.withSignals(['II']);
    expect(lead.samplesPerFrame).toBe(2);
    expect((await lead.annotations('atr'))!.annotations.map(({ sample }) => sample)).toEqual([200, 700]);
    const [own, alone] = [
      await readLeadBeats(source(), 'both', { lead: 'II', beats: 'detector' }),
      await readLeadBeats(source(), 'alone', { lead: 'II', beats: 'detector' }),
    ];
    expect(own.rPeaks.length).toBeGreaterThan(20);
    expect(own.rPeaks).toEqual(alone.rPeaks);
    const slopes = [own, alone].map(of => measureSlopes(of.voltage, of.samplingFrequency, of.rPeaks).beats);
    expect(slopes[0]).toEqual(slopes[1]);
    // Together they stay at the frame rate, and V1 has one sample a frame.
    expect((await all.read()).signals.map(({ adc }) => adc.length)).toEqual([7500, 7500]);
    const slower = all.withSignals(['V1']);
    expect([slower.samplingFrequency, slower.samplesPerFrame]).toEqual([250, 1]);
    expect([...(await slower.read()).signals[0]!.adc]).toEqual([...slow]);
  });
});

test('what is met while reading on joins the warnings', async () => {
  const header = 'r 1 100 4000\nr.dat 16 200 12 0 0 0 0 I\n';
  const source = memorySource({ 'r.hea': ascii(header), 'r.dat': new Uint8Array(2000) });
  await expect((await openRecording(source, 'r')).read()).rejects.toThrow('--lenient');
  const recording = await openRecording(source, 'r', { lenient: true });
  let samples = 0;
  for await (const piece of recording.pieces(undefined, 5)) samples += piece.length;
  expect(samples).toBe(4000);
  expect(recording.warnings.length).toBeGreaterThan(0);
  expect(new Set(recording.warnings.map(({ message }) => message)).size).toBe(recording.warnings.length);
});

test('records that nothing ends come to an end', async () => {
  const source = memorySource({
    'none.hea': ascii('none 0 100\n'),
    'cut.hea': ascii('cut 1 100\ncut.dat 16 200\n'),
    'cut.dat': new Uint8Array(3001),
  });
  const lengthOf = async (name: string, lenient: boolean): Promise<number> => {
    let length = 0;
    const recording = await openRecording(source, name, { lenient });
    for await (const piece of recording.pieces(undefined, 2)) length += piece.length;
    return length;
  };
  for (const lenient of [false, true]) {
    expect(await lengthOf('none', lenient)).toBe(0);
    expect(await lengthOf('cut', lenient)).toBe(1500);
  }
});

test('a container of one’s own is opened as the others are', async () => {
  const row = {
    name: 'RAW8',
    matches: (bytes: Uint8Array) => bytes[0] === 0x52,
    async read() {
      const signal = {
        name: 'ECG',
        units: 'mV',
        calibrated: true,
        adcGain: 1,
        baseline: 0,
        samplingFrequency: 100,
      };
      const samples = { adc: Int32Array.of(1, 2), physical: Float64Array.of(1, 2) };
      const part = { samplingFrequency: 100, start: 0, length: 2, comments: [], warnings: [] };
      return { name: 'x', signals: [{ ...signal, ...samples }], ...part };
    },
  };
  const source = memorySource({ 'x.raw': Uint8Array.of(0x52, 1, 2) });
  const recording = await openRecording(source, 'x.raw', { containers: [row, ...containers] });
  expect([recording.container, recording.length, recording.signals[0]!.name]).toEqual(['RAW8', 2, 'ECG']);
  await expect(openRecording(source, 'x.raw')).rejects.toMatchObject({ code: 'unsupported' });
});
