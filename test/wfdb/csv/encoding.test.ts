/** Tables in other encodings than UTF-8. */
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { memorySource } from '../../../src/wfdb/source.ts';
import { fixture } from './csv-fixture.ts';

describe('encodings', () => {
  test('Shift-JIS headings', async () => {
    const recording = await fixture('ja.csv');
    expect(recording.signals.map(({ name, units }) => [name, units])).toEqual([['第II誘導', 'mV']]);
    expect(recording.samplingFrequency).toBe(500);
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(/assumed to be Shift-JIS/);
  });

  const table = 'Zeit;Gerät für µ (mV)\n0,000;0,1\n0,004;0,2\n';
  const utf16 = (bigEndian: boolean): Uint8Array => {
    const bytes = new Uint8Array(2 * table.length);
    for (let i = 0; i < table.length; i++)
      new DataView(bytes.buffer).setUint16(2 * i, table.charCodeAt(i), !bigEndian);
    return bytes;
  };
  test.each([
    ['UTF-16 without a mark, little end first', utf16(false), /utf-16le/],
    ['UTF-16 without a mark, big end first', utf16(true), /utf-16be/],
    ['Windows-1252', Uint8Array.from(table, letter => letter.charCodeAt(0)), /Windows-1252/],
  ])('%s', async (_, bytes, warning) => {
    const { signals, warnings } = await readCsv(memorySource({ 'x.csv': bytes }), 'x.csv');
    expect(signals.map(({ name, units, physical }) => [name, units, ...physical])).toEqual([
      ['Gerät für µ', 'mV', 0.1, 0.2],
    ]);
    expect(warnings.map(({ message }) => message).join()).toMatch(warning);
  });

  test('another one when it is named', async () => {
    const bytes = Uint8Array.of(
      0xca,
      0xb1,
      0xbc,
      0xe4,
      ...new TextEncoder().encode(',a (mV)\n0.00,1\n0.01,2\n'),
    );
    const named = await readCsv(memorySource({ 'x.csv': bytes }), 'x.csv', { encoding: 'gb18030' });
    expect(named).toMatchObject({ samplingFrequency: 100, signals: [{ name: 'a' }] });
    await expect(
      readCsv(memorySource({ 'x.csv': bytes }), 'x.csv', { encoding: 'nonsense' }),
    ).rejects.toThrow(RangeError);
  });
});
