/** Recordings at another sampling frequency: places, scales, annotations, and that what is measured stays what it is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { type OpenRecording, openRecording } from '../../src/analysis/open-recording.ts';
import { resampleAnnotations, resampleRecording } from '../../src/analysis/resample-recording.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { median } from '../../src/statistics.ts';
import { type Recording, readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { onRecordings } from '../real/recordings.ts';

const mark = (sample: number) => ({ sample, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' });

/** A record of two rates, one signal in format 212 with a gain and baseline of its own, read back from its files. */
async function twoRates(rate: 'frame' | 'signal'): Promise<Recording> {
  const wave = (count: number, hertz: number, fs: number) =>
    Int32Array.from({ length: count }, (_, i) => Math.round(700 * Math.sin((2 * Math.PI * hertz * i) / fs)));
  const sink = memorySink();
  const header = { baseTime: '10:00:00', baseDate: '01/02/2003' };
  const signals = [
    { name: 'II', units: 'mV', adcGain: 200, baseline: 12, adc: wave(4000, 5, 400), samplingFrequency: 400 },
    { name: 'ABP', units: 'mmHg', adcGain: 4, baseline: -100, adc: wave(2000, 1, 200) },
  ];
  await writeRecord(sink, { name: 'r', samplingFrequency: 200, signals, header }, { format: 212 });
  return readRecord(memorySource(sink.files), 'r', { rate });
}

describe('resampleRecording', () => {
  test('signals of two rates come to one; scales stay, initial values and checksums are those of the samples', async () => {
    const recording = await twoRates('signal');
    const { signals, length, samplingFrequency, header } = resampleRecording(recording, 250);
    // The last sample that both have: 1999/200 s.
    expect([samplingFrequency, length]).toEqual([250, Math.floor((1999 * 250) / 200) + 1]);
    expect(header).toMatchObject({
      samplingFrequency: 250,
      counterFrequency: 250,
      length,
      segments: undefined,
    });
    for (const [s, [hertz, gain, baseline]] of [
      [5, 200, 12],
      [1, 4, -100],
    ].entries()) {
      const { physical, adc, adcGain, baseline: zero, header: line } = signals[s]!;
      expect([adcGain, zero, physical.length]).toEqual([gain, baseline, length]);
      for (let i = 50; i < length - 50; i++) {
        const truth = (700 * Math.sin((2 * Math.PI * hertz! * i) / 250) - baseline!) / gain!;
        expect(Math.abs(physical[i]! - truth)).toBeLessThan(1.2 / gain!); // ADC rounding, and the resampler's own 2e-4
        expect(Math.abs(adc[i]! - (physical[i]! * gain! + baseline!))).toBeLessThanOrEqual(0.5);
      }
      const sum = adc.reduce((total, value) => total + value, 0);
      expect(line).toMatchObject({ samplesPerFrame: 1, initialValue: adc[0], checksum: (sum << 16) >> 16 });
    }
  });

  test('written and read back, it is the same: every checksum holds', async () => {
    const resampled = resampleRecording(await twoRates('signal'), 499.31);
    const sink = memorySink();
    await writeRecord(sink, { ...resampled, name: 'x' }, { format: 16 });
    const back = await readRecord(memorySource(sink.files), 'x');
    expect([back.samplingFrequency, back.length, back.header!.baseTime]).toEqual([
      499.31,
      resampled.length,
      '10:00:00',
    ]);
    for (const [s, signal] of back.signals.entries()) {
      expect(signal.checksum).toBe(signal.computedChecksum);
      expect(signal.checksum).toBe(resampled.signals[s]!.header!.checksum);
      expect([...signal.adc]).toEqual([...resampled.signals[s]!.adc]);
    }
  });

  test('frequencies that would alias are removed, and NaN stays NaN', async () => {
    const physical = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(2 * Math.PI * 0.4 * i));
    physical[2500] = Number.NaN;
    const signal = { name: 'I', units: 'mV', samplingFrequency: 1000, adcGain: 1000, baseline: 0 };
    const adc = new Int32Array(5000);
    const signals = [{ ...signal, calibrated: true, physical, adc }];
    const recording = {
      name: 'x',
      samplingFrequency: 1000,
      start: 0,
      length: 5000,
      signals,
      comments: [],
      warnings: [],
    };
    const [{ physical: low }] = resampleRecording(recording, 250).signals as [Recording['signals'][number]];
    const invalid = low.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
    expect([low[625], invalid]).toEqual([Number.NaN, 32]);
    expect(low.subarray(50, 600).every(value => Math.abs(value) < 1e-3)).toBe(true);
  });

  test('refuses what it cannot do', async () => {
    const recording = await twoRates('signal');
    expect(() => resampleRecording(recording, 0)).toThrow('positive number of Hz');
    const short = recording.signals.map(signal => ({ ...signal, physical: signal.physical.slice(0, 5) }));
    expect(() => resampleRecording({ ...recording, signals: short }, 250)).toThrow('signal II: ');
  });
});

describe('resampleAnnotations', () => {
  /** Decimals as ratios of whole numbers, in arithmetic that is exact. */
  const exact = (sample: number, from: number, to: number): number => {
    const [up, down] = [BigInt(Math.round(to * 1000)), BigInt(Math.round(from * 1000))];
    let quotient = (2n * BigInt(sample) * up + down) / (2n * down);
    if (2n * BigInt(sample) * up + down < quotient * 2n * down) quotient--;
    return Number(quotient);
  };

  test('half up in exact arithmetic, at any frequency of three decimals', () => {
    const frequency = fc.integer({ min: 1000, max: 2_000_000 }).map(thousandths => thousandths / 1000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), frequency, frequency, (sample, from, to) => {
        const [moved] = resampleAnnotations([mark(sample)], from, to, 0);
        expect(moved!.sample).toBe(exact(sample, from, to));
      }),
      { numRuns: 2000 },
    );
    expect(resampleAnnotations([1, 3].map(mark), 500, 250, 0).map(({ sample }) => sample)).toEqual([1, 2]);
  });

  test('none leaves the recording by rounding; what is behind the end stays behind it', () => {
    // 10 samples at 500 Hz end at 18 ms: at 250 Hz that is 5 samples, of which 9 · 250/500 = 4.5 would be the sixth.
    const moved = resampleAnnotations([0, 8, 9, 10, 20].map(mark), 500, 250, 10);
    expect(moved.map(({ sample }) => sample)).toEqual([0, 4, 4, 5, 10]);
    expect(() => resampleAnnotations([], 0, 250, 10)).toThrow(RangeError);
  });
});

/** The recording as if a file held it. */
const opened = (recording: Recording): OpenRecording => ({
  name: recording.name,
  container: 'memory',
  samplingFrequency: recording.samplingFrequency,
  samplesPerFrame: 1,
  start: 0,
  length: recording.length,
  signals: recording.signals,
  baseTime: undefined,
  baseDate: undefined,
  warnings: [],
  async *pieces() {
    yield recording;
  },
  read: async () => recording,
  annotations: async () => undefined,
  withSignals: () => opened(recording),
});

const realRecords: [string, string, string][] = [
  ['mitdb', 'mitdb/100', 'MLII'],
  ['mitdb', 'mitdb/208', 'MLII'],
  ['ludb', 'ludb/data/1', 'ii'],
];
describe.each(realRecords)('beats and slopes agree before and after resampling', (database, record, lead) => {
  onRecordings(database)(record, () => {
    test.each([500, 499.31, 1000])('at %d Hz', async samplingFrequency => {
      const source = fileSource(wfdbPath());
      const original = await openRecording(source, record, {
        endSeconds: record.startsWith('ludb') ? 10 : 300,
      });
      const recording = await original.read([lead]);
      const before = await beatsOf(opened(recording), [lead], 'detector');
      const resampled = resampleRecording(recording, samplingFrequency);
      const after = await beatsOf(opened(resampled), [lead], 'detector');
      const back = Int32Array.from(after.rPeaks, peak =>
        Math.round((peak * recording.samplingFrequency) / samplingFrequency),
      );
      const window = Math.round(0.02 * recording.samplingFrequency);
      expect(back.length).toBe(before.rPeaks.length);
      // A few beats, ventricular ones with two deflections of almost one size, may be located by the other one.
      const moves = [...back].filter((peak, k) => Math.abs(peak - before.rPeaks[k]!) > window);
      expect(moves.length).toBeLessThanOrEqual(0.01 * back.length);
      // The same beats, the same derivative: the slope of a least-squares line over 20 ms.
      const slopesOf = ({ physical }: { physical: Float64Array }, hz: number, peaks: readonly number[]) =>
        measureSlopes(physical, hz, peaks, { windowMs: 20 }).beats.map(beat => beat.upstroke?.slope);
      const peaks = [...before.rPeaks];
      const moved = resampleAnnotations(
        peaks.map(mark),
        recording.samplingFrequency,
        samplingFrequency,
        recording.length,
      );
      const [a, b] = [
        slopesOf(recording.signals[0]!, recording.samplingFrequency, peaks),
        slopesOf(
          resampled.signals[0]!,
          samplingFrequency,
          moved.map(({ sample }) => sample),
        ),
      ];
      const ratios = a.flatMap((slope, k) => (slope && b[k] ? [b[k]! / slope] : []));
      expect(ratios.length).toBeGreaterThan(0.95 * peaks.length);
      expect(Math.abs(median(ratios) - 1)).toBeLessThan(0.02);
      for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
    });
  });
});
