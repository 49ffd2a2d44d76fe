import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { measureQuality } from '../../../src/beat/quality/quality.ts';
import { measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { summarizeSlopes } from '../../../src/beat/slopes/slope-summary.ts';
import { type LeadSlopes, slopeRows, slopesCsv } from '../../../src/beat/slopes/slope-table.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const at = [0.61, 1.42, 2.2, 3.05];
const voltage = sampled(
  at.flatMap((t, k) => beatAt(t, k + 1)),
  2000,
  500,
);
// The last beat stands on an invalid stretch.
voltage.fill(Number.NaN, 1500);
const measurement = measureSlopes(
  voltage,
  500,
  at.map(t => Math.round(t * 500)),
);
const lead: LeadSlopes = {
  record: 'made/up',
  lead: '=V1',
  symbols: ['N', 'N', 'V', 'N'],
  start: 1000,
  measurement,
};

test('a row holds the measured values, counted from the start of the whole record, and their provenance', () => {
  const rows = slopeRows(lead);
  expect(rows).toHaveLength(4);
  const beat = measurement.beats[1]!;
  expect(rows[1]).toMatchObject({
    record: 'made/up',
    beat: 1,
    symbol: 'N',
    sample: beat.rPeak + 1000,
    time_s: (beat.rPeak + 1000) / 500,
    polarity: 'upright',
    upstroke_sample: beat.upstroke!.sample + 1000,
    qrs_onset_sample: beat.qrsOnset! + 1000,
    scheme: 'sg:16ms:4',
    line_window_ms: 8,
    sampling_frequency_Hz: 500,
  });
  expect(rows[1]!.upstroke_slope_mV_per_s).toBeCloseTo(beat.upstroke!.slope, 5);
  expect(rows[1]!.downstroke_time_s).toBeCloseTo(beat.downstroke!.time + 2, 5);
  expect(rows[0]!.rr_before_s).toBeUndefined();
});

test('the CSV reads back as the rows, an unmeasured beat as empty cells, a formula as text', () => {
  const { data, meta } = Papa.parse<Record<string, string>>(slopesCsv([lead, lead]), {
    header: true,
    skipEmptyLines: true,
  });
  expect(data).toHaveLength(8);
  expect(meta.fields).toEqual(Object.keys(slopeRows(lead)[0]!));
  expect(data[0]!.lead).toBe("'=V1");
  for (const [k, row] of slopeRows(lead).entries()) {
    expect(data[k]!.upstroke_slope_mV_per_s).toBe(String(row.upstroke_slope_mV_per_s ?? ''));
  }
  expect(data[3]!.upstroke_slope_mV_per_s).toBe('');
  expect(data[3]!.rr_before_s).toBe('0.85');
});

test('quality has its columns, empty where it was not measured, and leaves out the rows of bad beats', () => {
  const { beats } = measureQuality(
    voltage,
    500,
    at.map(t => Math.round(t * 500)),
  );
  const withQuality = { ...lead, quality: beats };
  const rows = slopeRows(withQuality);
  expect(Object.keys(rows[0]!)).toEqual(Object.keys(slopeRows(lead)[0]!));
  expect(slopeRows(lead)[0]!.quality_good).toBeUndefined();
  expect(rows[1]).toMatchObject({ quality_good: true, quality_flags: '', quality_invalid_share: 0 });
  expect(rows[1]!.quality_correlation).toBeCloseTo(beats[1]!.correlation!, 6);
  expect(rows[1]!.quality_noise_to_qrs).toBeCloseTo(beats[1]!.noiseToQrs!, 6);
  expect(rows[3]).toMatchObject({ quality_good: false, quality_flags: 'invalid' });
  expect(rows[3]!.quality_noise_to_qrs).toBeUndefined();
  const good = slopeRows({ ...withQuality, quality: [beats[3]!, ...beats.slice(1)] }, { goodOnly: true });
  expect(good.map(({ beat }) => beat)).toEqual([1, 2]);
  const csv = slopesCsv([withQuality], { goodOnly: true });
  expect(csv.trim().split('\n')).toHaveLength(1 + 3);
  expect(() => slopeRows(lead, { goodOnly: true })).toThrow('quality was not measured');
  expect(() => slopeRows({ ...lead, quality: [] })).toThrow('0 qualities for 4 beats');
});

test('a symbol for every beat is required', () => {
  expect(() => slopeRows({ ...lead, symbols: ['N'] })).toThrow('1 symbols for 4 beats');
  expect(() => summarizeSlopes(measurement.beats, ['N'])).toThrow('1 symbols for 4 beats');
});

test('a summary has the percentiles of the measured beats of one kind, the most frequent kind first', () => {
  const summary = summarizeSlopes(measurement.beats, lead.symbols);
  expect(summary.map(({ symbol, beats }) => [symbol, beats])).toEqual([
    ['N', 3],
    ['V', 1],
  ]);
  const [small, large] = [measurement.beats[0]!.upstroke!.slope, measurement.beats[1]!.upstroke!.slope];
  const { upstroke } = summary[0]!;
  expect(upstroke!.count).toBe(2);
  expect(upstroke!.median).toBeCloseTo((small + large) / 2, 9);
  expect(upstroke!.p5).toBeCloseTo(small + 0.05 * (large - small), 9);
  expect(upstroke!.p95).toBeCloseTo(small + 0.95 * (large - small), 9);
});
