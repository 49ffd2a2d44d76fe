import { describe, expect, test } from 'vitest';
import { standardLead, twelveLeads } from '../../src/synth/leads.ts';
import { withNoise } from '../../src/synth/noise.ts';
import { synthesize } from '../../src/synth/synthesize.ts';
import { digitised, truthCsv, writeSyntheticRecord } from '../../src/synth/wfdb-record.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';

const clean = synthesize({
  samplingFrequency: 360,
  seconds: 20,
  seed: 4,
  leads: [standardLead('MLII'), standardLead('V1')],
  premature: { ventricular: 0.2, supraventricular: 0.1 },
});
const ecg = withNoise(clean, { white: 0.01 }, 4);

describe('a synthetic record on disk', () => {
  test.each([
    [212, 200],
    [16, 1000],
  ] as const)(
    'format %i at %i units/mV reads back to half a unit, beats in place',
    async (format, adcGain) => {
      const sink = memorySink();
      await writeSyntheticRecord(sink, 'made', ecg, { format, adcGain }, ['synthetic']);
      const source = memorySource(sink.files);
      const record = await readRecord(source, 'made');
      expect(record.samplingFrequency).toBe(360);
      expect(record.comments).toEqual(['synthetic']);
      expect(record.signals.map(signal => signal.name)).toEqual(['MLII', 'V1']);
      record.signals.forEach((signal, k) => {
        signal.physical.forEach((value, n) => {
          expect(Math.abs(value - ecg.leads[k]!.voltage[n]!)).toBeLessThan(0.500001 / adcGain);
        });
      });
      const beats = await readAnnotations(source, 'made', 'atr');
      expect(beats.map(a => [a.sample, a.symbol])).toEqual(ecg.beats.map(b => [b.rPeak.sample, b.symbol]));
    },
  );

  test('twelve leads go into one record', async () => {
    const sink = memorySink();
    const twelve = synthesize({ samplingFrequency: 500, seconds: 2, seed: 1, leads: twelveLeads });
    await writeSyntheticRecord(sink, 'twelve', twelve, { format: 16, adcGain: 1000 }, []);
    const record = await readRecord(memorySource(sink.files), 'twelve');
    expect(record.signals.map(s => s.name).join(' ')).toBe('I II III aVR aVL aVF V1 V2 V3 V4 V5 V6');
  });

  test('a voltage beyond the converter is held at full scale, never wrapped or marked invalid', () => {
    const [lead] = digitised(withNoise(clean, { electrodeMotion: 40 }, 1), { format: 212, adcGain: 200 });
    expect(Math.max(...lead!.adc)).toBeLessThanOrEqual(2047);
    expect(Math.min(...lead!.adc)).toBeGreaterThanOrEqual(-2047);
    expect(Math.max(...lead!.adc.map(Math.abs))).toBe(2047);
  });

  test('a gain of 0 is a RangeError', () => {
    expect(() => digitised(clean, { format: 16, adcGain: 0 })).toThrow(RangeError);
  });
});

describe('the truth table', () => {
  const [header, ...rows] = truthCsv(ecg)
    .trimEnd()
    .split('\n')
    .map(line => line.split(','));

  test('has one row for each beat and lead, each as long as its header', () => {
    expect(rows).toHaveLength(2 * ecg.beats.length);
    for (const row of rows) expect(row).toHaveLength(header!.length);
  });

  test('holds what the ECG says', () => {
    const column = (name: string): number => header!.indexOf(name);
    const row = rows[7]!;
    const truth = ecg.beats[3]!.leads[1]!;
    expect(row[column('lead')]).toBe('V1');
    expect(row[column('symbol')]).toBe(ecg.beats[3]!.symbol);
    expect(Number(row[column('upstroke_s')])).toBeCloseTo(truth.upstroke.time, 6);
    expect(Number(row[column('upstroke_mV_per_s')])).toBeCloseTo(truth.upstroke.slope, 4);
    expect(Number(row[column('qrsOnset_s')])).toBeCloseTo(truth.qrsOnsetTime, 6);
  });
});
