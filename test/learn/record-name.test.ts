/** One record, one value: whatever way it is spelled. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSamePatient, patientOf, withoutTestPatients } from '../../src/learn/patients.ts';
import { ds1, ds2, recordSet } from '../../src/learn/protocol.ts';
import { recordName, recordNames, recordText } from '../../src/learn/record-name.ts';

/** Ways to write record `record` of mitdb, with `mitdb` as the database where a text names none. */
const spellings = (record: string): fc.Arbitrary<string> =>
  fc
    .record({
      folder: fc.constantFrom(
        ...['', './', './/', 'mitdb/', 'MITDB/', 'MitDb//', './mitdb/', 'mitdb/1.0.0/', 'x/../mitdb/'],
        ...['/data/mitdb/', '/data//mitdb/./', 'archive/mitdb/', 'mit-bih-arrhythmia-database-1.0.0/'],
        ...['C:\\data\\mitdb\\', 'mitdb\\'],
      ),
      end: fc.constantFrom('', '/', '//', '/.', '.hea'),
      space: fc.constantFrom('', ' ', '\t'),
    })
    .map(({ folder, end, space }) => `${space}${folder}${record}${end}${space}`);

test('every spelling of a record is the same value', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ds1, ...ds2),
      fc.constantFrom('mitdb', 'MITDB/', 'mitdb/1.0.0'),
      (record, database) => {
        fc.assert(
          fc.property(spellings(record), text => {
            expect(recordName(text, database)).toMatchObject({ database: 'mitdb', record });
          }),
          { numRuns: 20 },
        );
      },
    ),
  );
});

test('no spelling lets a patient into both sets', () => {
  const drawn = fc
    .constantFrom(...ds1, ...ds2)
    .chain(record => spellings(record).map(text => ({ record, text })));
  const list = fc.array(drawn, { minLength: 1, maxLength: 8 });
  const person = (record: string): string => (record === '202' ? '201' : record);
  fc.assert(
    fc.property(list, list, (train, test) => {
      const [asked, held] = [train, test].map(names => recordNames(names.map(n => n.text).join(), 'mitdb'));
      const kept = withoutTestPatients(asked!, held!);
      const tested = new Set(test.map(({ record }) => person(record)));
      const expected = new Set(train.map(n => n.record).filter(record => !tested.has(person(record))));
      expect(new Set(kept.map(({ record }) => record))).toEqual(expected);
      expect(kept).toHaveLength(expected.size);
    }),
    { numRuns: 500 },
  );
});

describe('patients', () => {
  test('201 and 202 are one patient; a record of the same number in another database is another patient', () => {
    expect(isSamePatient(recordName('mitdb/201'), recordName('/x/mitdb/202'))).toBe(true);
    expect(isSamePatient(recordName('mitdb/101'), recordName('other/101'))).toBe(false);
    expect(isSamePatient(recordName('other/201'), recordName('other/202'))).toBe(false);
  });
  test('noise stress records, QT excerpts and passed-on excerpts are of the patients they were made from', () => {
    expect(patientOf(recordName('nstdb/118e_6'))).toBe('mitdb/118');
    expect(patientOf(recordName('qtdb/1.0.0/sel100'))).toBe('mitdb/100');
    expect(patientOf(recordName('qtdb/sele0104'))).toBe(patientOf(recordName('edb/e0104')));
    expect(patientOf(recordName('samples/mitdb-208-excerpt'))).toBe('mitdb/208');
    expect(patientOf(recordName('ptbdb/patient001/s0010_re'))).toBe(
      patientOf(recordName('/x/ptbdb/patient001/s0014lre')),
    );
    // The two noise recordings of nstdb show nobody's heart.
    expect(patientOf(recordName('nstdb/bw'))).toBe('nstdb/bw');
  });
  test('a record without a database counts as the same patient as any of its number', () => {
    expect(isSamePatient(recordName('101'), recordName('mitdb/101'))).toBe(true);
    expect(isSamePatient(recordName('202'), recordName('mitdb/201'))).toBe(true);
    expect(isSamePatient(recordName('102'), recordName('mitdb/101'))).toBe(false);
  });
});

test('a record is read where it was said to be, and its text reads back as itself', () => {
  expect(recordName('./101', 'mitdb/1.0.0').path).toBe('mitdb/1.0.0/101');
  expect(recordName('/data/mitdb//101.hea').path).toBe('/data/mitdb/101');
  expect(recordName('MITDB/101', 'synth').path).toBe('MITDB/101');
  for (const text of ['101', 'mitdb/101', 'a/b/c', 'ptbdb/patient001/s0010_re', '/x/1.0.0/7']) {
    const { database, record } = recordName(text);
    expect(recordName(recordText({ database, record, path: '' }))).toMatchObject({ database, record });
  }
});

test('a set names each record once', () => {
  expect(recordSet('100, ./100,MITDB/100,101/', 'mitdb').map(recordText)).toEqual(['mitdb/100', 'mitdb/101']);
  expect(recordSet('DS1', 'mitdb').map(({ record }) => record)).toEqual(ds1);
  expect(recordSet(' , ', 'mitdb')).toEqual([]);
  expect(() => recordName(' ./ ')).toThrow(/does not name a record/);
});
