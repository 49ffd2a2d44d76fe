/** Names and units in the headings of a table. */
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { fixture, shown } from './csv-fixture.ts';

describe('units', () => {
  test.each([
    ['uv.csv', [0, 0, -5]],
    ['uv-decimals.csv', [0.5, 0.5, -4.5]],
  ])('in a column name: %s', async (name, samples) => {
    expect(shown(await fixture(name))).toEqual({
      samplingFrequency: 500,
      signals: [['ECG', 'uV', ...samples]],
    });
  });

  test.each([
    ['ECG_uV', 'ECG', 'uV'],
    ['ecg [µV]', 'ecg', 'µV'],
    ['ecg[μV]', 'ecg', 'µV'],
    ['EKG（mV）', 'EKG', 'mV'],
    ['ECG (MV)', 'ECG', 'mV'],
    ['ecg mV)', 'ecg', 'mV'],
    ['ecg.mv', 'ecg', 'mV'],
    ['ECGmV', 'ECG', 'mV'],
    ['EKG in mV', 'EKG', 'mV'],
    ['voltage/V', 'voltage', 'V'],
    ['II, microvolts', 'II', 'uV'],
    ['Spannung [nV]', 'Spannung', 'nV'],
    ['uV', 'uV', 'uV'],
  ])('%s', (heading, name, units) => {
    const { signals } = parseCsv(`"${heading}";"b"\n1;2\n3;4\n`, { samplingFrequency: 1 });
    expect(signals[0]).toMatchObject({ name, units, calibrated: true });
    expect(signals[0]!.unitsAssumed).toBeUndefined();
  });

  test.each(['Lead V', 'V', 'aVR', 'V1', 'lead_v'])('%s is a lead, not volts', heading => {
    expect(parseCsv(`${heading};b\n1.5;2\n`, { samplingFrequency: 1 }).signals[0]).toMatchObject({
      name: heading,
      units: 'mV',
    });
  });

  test('that nothing names are said to be assumed', async () => {
    const recording = await fixture('chapman.csv', { samplingFrequency: 500 });
    expect(recording.signals[0]).toMatchObject({ units: 'mV', unitsAssumed: true, calibrated: false });
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(
      /neither unit nor gain .*--units.*--gain/,
    );
    const named = await fixture('chapman.csv', { samplingFrequency: 500, units: 'uV' });
    expect(named.signals[0]).toMatchObject({
      units: 'uV',
      calibrated: true,
      physical: Float64Array.of(254, 249, 240),
    });
    expect(named.signals[0]!.unitsAssumed).toBeUndefined();
    expect(named.warnings).toEqual([]);
    expect(parseCsv('t,a\n0.00,0.5\n0.01,0.6\n').warnings).toMatchObject([
      {
        code: 'assumed',
        count: 1,
        what: 'signals',
        message: expect.stringMatching(/no unit is given for a: mV was assumed/),
      },
    ]);
  });

  test('microvolts with three decimals keep them', async () => {
    expect((await fixture('microvolts.csv')).signals[0]).toMatchObject({
      units: 'uV',
      adcGain: 1000,
      physical: Float64Array.of(123.456, -5.25),
    });
  });
});
