/** Tables of patients as people have them: read alike, or refused with line and column. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnOf, parseClinicalTable } from '../../../src/analysis/risk/clinical-table.ts';
import { riskTask } from '../../../src/analysis/risk/risk-task.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';

const root = resolve(import.meta.dirname, '../../..');
const clean = readFileSync(join(root, 'samples/heart_failure_clinical_records_dataset.csv'), 'utf8');
const names = clean.split('\n')[0]!.split(',');

describe('the published table', () => {
  const table = parseClinicalTable(clean);
  test('has 299 patients, 96 of whom died', () => {
    expect(table.rows).toBe(299);
    expect(table.columns.map(({ name }) => name)).toEqual(names);
    const task = riskTask(table, { target: 'DEATH_EVENT' });
    expect(task.outcomes.reduce((sum, value) => sum + value, 0)).toBe(96);
  });
  test('follow-up time is left out and the reason said', () => {
    const task = riskTask(table, { target: 'DEATH_EVENT' });
    expect(task.covariates.map(({ name }) => name)).toEqual(
      names.filter(name => name !== 'time' && name !== 'DEATH_EVENT'),
    );
    expect(task.leftOut.map(({ column }) => column)).toEqual(['time']);
    expect(task.leftOut[0]!.reason).toMatch(/follow-up time.*AUROC of 0\.8/);
    const asked = riskTask(table, { target: 'DEATH_EVENT', include: ['time'] });
    expect(asked.covariates).toHaveLength(12);
    expect(asked.notes.join()).toMatch(/time is used as requested, although/);
  });
});

describe('the same table in other layouts', () => {
  const wanted = riskTask(parseClinicalTable(clean), { target: 'DEATH_EVENT' });
  const rows = clean
    .trim()
    .split('\n')
    .map(line => line.split(','));
  const written = (cell: (text: string, column: string) => string, delimiter = ',', end = '\n'): string =>
    [rows[0]!, ...rows.slice(1).map(row => row.map((text, k) => cell(text, names[k]!)))]
      .map(row => row.join(delimiter))
      .join(end);
  const binary = ['anaemia', 'diabetes', 'high_blood_pressure', 'smoking', 'DEATH_EVENT'];
  test.each([
    ['a byte-order mark and CRLF', `\ufeff${written(text => text, ',', '\r\n')}\r\n\r\n`],
    ['decimal commas', written(text => text.replace('.', ','), ';')],
    ['quoted decimal commas', written(text => (text.includes('.') ? `"${text.replace('.', ',')}"` : text))],
    ['tabs', written(text => text, '\t')],
    ['Yes and No', written((text, name) => (binary.includes(name) ? ['No', 'Yes'][Number(text)]! : text))],
    [
      'true and false',
      written((text, name) => (binary.includes(name) ? ['FALSE', 'TRUE'][Number(text)]! : text)),
    ],
    ['Ja and Nein', written((text, name) => (binary.includes(name) ? ['Nein', 'Ja'][Number(text)]! : text))],
    [
      'はい and いいえ',
      written((text, name) => (binary.includes(name) ? ['いいえ', 'はい'][Number(text)]! : text)),
    ],
    ['a unit in every cell', written((text, name) => (name === 'ejection_fraction' ? `${text} %` : text))],
    [
      'a unit after a decimal comma',
      written((text, name) => text.replace('.', ',') + (name === 'serum_creatinine' ? 'mg/dL' : ''), ';'),
    ],
    [
      'あり and なし',
      written((text, name) => (binary.includes(name) ? ['なし', 'あり'][Number(text)]! : text)),
    ],
  ])('%s', (_, text) => {
    const task = riskTask(parseClinicalTable(text), { target: 'DEATH_EVENT' });
    expect([...task.x.data]).toEqual([...wanted.x.data]);
    expect([...task.outcomes]).toEqual([...wanted.outcomes]);
  });
  test('units in the heading', () => {
    const text = clean.replace('age,', 'age (years),').replace('serum_sodium', 'serum_sodium [mEq/L]');
    const table = parseClinicalTable(text);
    expect(columnOf(table, 'age').unit).toBe('years');
    expect(columnOf(table, 'SERUM_SODIUM').unit).toBe('mEq/L');
  });
  test('a unit in every cell becomes that of the column', () => {
    const { columns } = parseClinicalTable('ef,dose,d\n55 %,1 mg,1\n,2 g,0\n"40 %",1 mg,0\n');
    expect(columns.map(({ unit }) => unit)).toEqual(['%', '', '']);
    expect([...columns[0]!.values]).toEqual([55, Number.NaN, 40]);
    expect(columns[1]!.kind).not.toBe('number'); // two units are not one
  });
  test('a line break within quotes is a space', () => {
    const { columns } = parseClinicalTable('"NYHA\nclass",d\n"III\n a",1\n"III\n a",0\nII,1\nII,1\n');
    expect(columns[0]!.name).toBe('NYHA class');
    expect(columns[0]!.levels).toEqual(['II', 'III a']);
  });
  test.each(['patient_id', 'MRN', '患者ID', '番号', '症例番号', 'Fallnummer'])(
    '%s tells patients apart',
    name => {
      const text = `${name},age,dead\n1,60,1\n2,61,1\n3,50,0\n4,40,0\n`;
      const task = riskTask(parseClinicalTable(text), { target: 'dead' });
      expect(task.covariates.map(covariate => covariate.name)).toEqual(['age']);
    },
  );
  test('categories become a covariate for each level but the first', () => {
    const text = 'nyha,dead\nII,0\nIII,1\nIV,1\nII,0\nIII,0\nIV,1\n';
    const task = riskTask(parseClinicalTable(text), { target: 'dead' });
    expect(task.covariates.map(({ name }) => name)).toEqual(['nyha III', 'nyha IV']);
    expect([...task.x.data]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
  });
  test('missing cells are counted, and a missing outcome leaves its row out', () => {
    const text = 'age,dead\n60,1\n,0\nNA,0\n71,\n50,0\n';
    const task = riskTask(parseClinicalTable(text), { target: 'dead' });
    expect([...task.x.data]).toEqual([60, Number.NaN, Number.NaN, 50]);
    expect(task.notes.join()).toMatch(/age: 2 missing.*1 row has no dead/);
    expect([...task.lines]).toEqual([2, 3, 4, 6]);
  });
  test('words for the event are known, others are asked for', () => {
    const of = (yes: string, no: string, event?: string) =>
      riskTask(parseClinicalTable(`age,end\n60,${yes}\n50,${no}\n40,${no}\n41,${no}\n`), {
        target: 'end',
        ...(event !== undefined && { event }),
      }).outcomes;
    expect([...of('Deceased', 'Alive')]).toEqual([1, 0, 0, 0]);
    expect([...of('死亡', '生存')]).toEqual([1, 0, 0, 0]);
    expect(() => of('A', 'B')).toThrow(/A and B.*--event/);
    expect([...of('A', 'B', 'A')]).toEqual([1, 0, 0, 0]);
  });
  test('a column that tells patients apart groups their rows and is not learned from', () => {
    const text = 'patient_id,age,dead\np1,60,1\np1,61,1\np2,50,0\np3,40,0\n';
    const task = riskTask(parseClinicalTable(text), { target: 'dead' });
    expect(task.groups).toEqual(['p1', 'p1', 'p2', 'p3']);
    expect(task.covariates.map(({ name }) => name)).toEqual(['age']);
  });
});

describe('refused, with the place', () => {
  test.each([
    ['a ragged row', 'a,b\n1,2\n3\n', /line 3: expected 2 cells/],
    [
      'text in a column of numbers',
      'age,d\n60,1\nsixty,0\n50,0\n',
      /line 3: expected a number in column age, found 'sixty'/,
    ],
    ['a unit in a cell', 'age,d\n60,1\n61 years,0\n50,0\n', /line 3: .*column age/],
    ['thousands or decimals', 'bnp,d\n"1,024",1\n"2,100",0\n', /line 2: .*column bnp.*--decimal/],
    ['two decimal marks', 'a;b\n1,5;2.5\n', /one decimal mark/],
    ['no heading', '60,1\n50,0\n', /heading with the columns' names/],
    ['a name twice', 'a,a\n1,2\n', /'a' twice/],
    ['a column without a name', 'a,,b\n1,2,3\n', /none for column 2/],
    ['no rows', 'a,b\n', /a row a patient/],
    ['nothing', '', /nothing/],
    ['a quote that does not close', 'a,b\n"1,2\n3,4\n', /quotes/],
  ])('%s', (_, text, message) => {
    expect(() => parseClinicalTable(text, { file: 'x.csv' })).toThrow(message);
    expect(() => parseClinicalTable(text, { file: 'x.csv' })).toThrow(/^x\.csv, line \d+/);
  });
  test('any text is read or refused by a WfdbError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0159,.;"\n\r\tab-()'), maxLength: 60 }), text => {
        try {
          parseClinicalTable(text);
        } catch (error) {
          expect(error).toBeInstanceOf(WfdbError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
