/**
 * The detector on recorded ECGs, against what cardiologists marked. The floors are what the detector is known to
 * reach, not what it should: a change that falls below them made it worse.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type DetectionEvaluation,
  type DetectionSetting,
  evaluateDetection,
} from '../../src/analysis/evaluate-detection.ts';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { createDetector } from '../../src/beat/detect/streaming-detector.ts';
import { compareBeats } from '../../src/beat/score/compare-beats.ts';
import { recordsOf } from '../../src/node/database-records.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { databaseFolder, onRecordings } from './recordings.ts';

const setting: DetectionSetting = {
  database: 'mitdb',
  leadCount: 1,
  annotator: 'atr',
  startSeconds: 0,
  windowSeconds: 0.15,
};
const source = fileSource();

onRecordings('mitdb')('QRS detection on the whole of mitdb', () => {
  let one: DetectionEvaluation;
  let two: DetectionEvaluation;
  beforeAll(async () => {
    const records = await recordsOf(source, 'mitdb', wfdbPath());
    one = await evaluateDetection(source, records, setting);
    two = await evaluateDetection(source, records, { ...setting, leadCount: 2 });
  }, 120_000);

  test('counts every reference beat, flutter left out', () => {
    expect(one.records.length).toBe(48);
    expect(one.gross.truePositives + one.gross.falseNegatives).toBe(109_494);
  });

  test('first lead: sensitivity and positive predictivity of at least 99.85 %', () => {
    expect(one.gross.sensitivity).toBeGreaterThanOrEqual(0.9985);
    expect(one.gross.positivePredictivity).toBeGreaterThanOrEqual(0.9985);
  });

  test('two leads: at least 99.93 % and 99.90 %', () => {
    expect(two.gross.sensitivity).toBeGreaterThanOrEqual(0.9993);
    expect(two.gross.positivePredictivity).toBeGreaterThanOrEqual(0.999);
  });

  test('second leads alone: at least 98.3 % and 98.6 %; a lead that a record lacks is refused', async () => {
    const records = await recordsOf(source, 'mitdb', wfdbPath());
    const { leadCount: _, ...single } = setting;
    const { gross } = await evaluateDetection(source, records, { ...single, leadNumber: 2 });
    expect(gross.sensitivity).toBeGreaterThanOrEqual(0.983);
    expect(gross.positivePredictivity).toBeGreaterThanOrEqual(0.986);
    await expect(evaluateDetection(source, ['100'], { ...single, leadNumber: 3 })).rejects.toThrow(
      'mitdb/100 has 2 leads, not 3',
    );
  });

  test('the mark is on the R peak: half within 3 ms of the reference, 95 % within 15 ms', () => {
    expect(one.timeErrorMs.median).toBeLessThan(3);
    expect(one.timeErrorMs.p95).toBeLessThan(15);
  });
});

onRecordings('mitdb')('a recorded lead', () => {
  const read = async (name: string) => {
    const { signals } = await readRecord(source, `mitdb/${name}`, { to: 300, unit: 'seconds' });
    return signals[0]!.physical;
  };

  test.each(['100', '105', '203', '232'])('%s: in pieces as at once', async name => {
    const voltage = await read(name);
    const detector = createDetector(360);
    const beats: number[] = [];
    for (let from = 0; from < voltage.length; from += 137) {
      beats.push(...detector.push(voltage.subarray(from, from + 137)));
    }
    beats.push(...detector.finish());
    expect(beats).toEqual([...detectQrs(voltage, 360)]);
  });

  test.each(['100', '108', '208'])('%s: gain, polarity and offset do not matter', async name => {
    const voltage = await read(name);
    const beats = detectQrs(voltage, 360);
    for (const [gain, offset] of [
      [-1, 0],
      [0.01, 5],
      [100, -300],
    ] as const) {
      const found = detectQrs(
        voltage.map(value => gain * value + offset),
        360,
      );
      expect(found.length).toBe(beats.length);
      const moved = found.filter((sample, k) => Math.abs(sample - beats[k]!) > 1);
      expect(moved.length).toBeLessThanOrEqual(1);
    }
  });

  test.each([100, 200, 250, 500, 1000])('100 and 208 sampled at %i Hz have the same beats', async rate => {
    for (const name of ['100', '208']) {
      const voltage = await read(name);
      const resampled = Float64Array.from({ length: Math.floor((voltage.length * rate) / 360) }, (_, i) => {
        const at = (i * 360) / rate;
        const before = Math.floor(at);
        const after = voltage[Math.min(voltage.length - 1, before + 1)]!;
        return voltage[before]! + (at - before) * (after - voltage[before]!);
      });
      const marks = (samples: Int32Array, scale: number) =>
        Array.from(samples, sample => ({ sample: Math.round(sample * scale), symbol: 'N' }));
      const { missed, extra } = compareBeats(
        marks(detectQrs(voltage, 360), 1),
        marks(detectQrs(resampled, rate), 360 / rate),
        360,
        { startSeconds: 0 },
      );
      expect(missed.length + extra.length).toBeLessThanOrEqual(2);
    }
  });
});

describe.skipIf(databaseFolder('mitdb') === undefined || databaseFolder('nstdb') === undefined)(
  'under recorded noise (records 118 and 119)',
  () => {
    test.each([
      ['bw', 12, 0.999, 0.998],
      ['bw', 6, 0.999, 0.997],
      ['ma', 12, 0.995, 0.985],
      ['ma', 6, 0.985, 0.92],
    ])('%s at %i dB: at least %f and %f', async (noise, snrDb, sensitivity, positivePredictivity) => {
      const { gross } = await evaluateDetection(source, ['118', '119'], {
        ...setting,
        noise: { record: `nstdb/${noise}`, snrDb },
      });
      expect(gross.sensitivity).toBeGreaterThanOrEqual(sensitivity);
      expect(gross.positivePredictivity).toBeGreaterThanOrEqual(positivePredictivity);
    });
  },
);
