/** Tables as watches, loggers and programs export them. */
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { fixture, shown } from './csv-fixture.ts';

describe('watch exports', () => {
  test('a decimal comma in the samples, keys in English', async () => {
    const recording = await fixture('apple-comma.csv');
    expect(shown(recording)).toEqual({
      samplingFrequency: 512,
      signals: [['Lead I', 'µV', -265.868, -271.819, 12]],
    });
    expect(recording.length).toBe(4);
  });

  test('a decimal comma in the sampling frequency too, keys in German', async () => {
    expect(shown(await fixture('apple-german.csv'))).toEqual({
      samplingFrequency: 511.562,
      signals: [['Ableitung I', 'µV', -180.596, -199.83, -217.333]],
    });
  });

  test.each([
    ['French', 'Nom,A\nFréquence d’échantillonnage,512 hertz\n\nDérivation,Dérivation I\nUnité,µV\n\n'],
    ['Spanish', 'Nombre,A\nFrecuencia,512 hercios\n\nDerivación,Derivación I\nUnidad,µV\n\n'],
    ['Japanese', '名前,A\nサンプルレート,512ヘルツ\n\n誘導,誘導I\n単位,µV\n\n'],
    ['Russian', 'Имя,A\nЧастота дискретизации,512 Гц\n\nОтведение,Отведение I\nЕдиница,µV\n\n'],
    [
      'a tongue whose words for lead and unit are not known',
      'Ainm,A\nRáta,512 Hz\n\nTreoir,Treoir I\nAonad,µV\n\n',
    ],
  ])('keys in %s', (_, head) => {
    const recording = parseCsv(`${head}-1,5\n2,25\n-3\n`);
    expect(recording).toMatchObject({ samplingFrequency: 512, length: 3, comments: [] });
    expect(recording.signals[0]).toMatchObject({ units: 'µV', physical: Float64Array.of(-1.5, 2.25, -3) });
    expect(recording.signals[0]!.name).toMatch(/I$/);
  });

  test('name and date of birth stay behind unless asked for, and it is said', async () => {
    const recording = await fixture('apple-comma.csv');
    expect(JSON.stringify(recording)).not.toMatch(/Birth|1992/);
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(
      /lines above the table were discarded.*may identify a person/,
    );
    const kept = await fixture('apple-comma.csv', { keepComments: true });
    expect(kept.comments.join('\n')).toContain('4 Jan 1992');
    expect(kept.warnings).toEqual([]);
  });

  test('the name of a person that ends in a numeral is no lead', () => {
    const text = 'Name,Henry V1\nSample Rate,512 hertz\nUnit,µV\n\n1.5\n2.5\n';
    expect(parseCsv(text).signals[0]!.name).toBe('sig 0');
  });

  test.each([
    ['1,000 Hz', 1000],
    ['1.000 Hz', 1000],
    ['2,048 Hz', 2048],
    ['62,5 Hz', 62.5],
    ['511.562 Hz', 511.562],
    ['0,5 kHz', 500],
  ])('a sampling frequency of %s', (written, hertz) => {
    expect(parseCsv(`Rate,${written}\nUnit,µV\n0.5\n1.5\n`).samplingFrequency).toBe(hertz);
  });
});

test('a decimal comma and headings in German', async () => {
  expect(shown(await fixture('decimal-comma.csv'))).toEqual({
    samplingFrequency: 500,
    signals: [['EKG II', 'mV', 0, 0, -0.005]],
  });
});

describe('what loggers and programs write', () => {
  const numbers = (count: number, row: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
  const names = (text: string) => {
    const { samplingFrequency, start, signals } = parseCsv(text);
    return [samplingFrequency, start, ...signals.map(({ name, units }) => `${name} ${units}`)];
  };

  test('keys and values above two columns without names name no lead', () => {
    const text = `Sample Rate,250 Hz\nBorn,1 May 1960\nName,Smith\n\n${numbers(5, i => `${i / 2},${i}.5`)}`;
    expect(names(text)).toEqual([250, 0, 'sig 0 mV', 'sig 1 mV']);
  });

  test('a rate and a unit in lines above several columns', () => {
    const text = `"Sample rate: 300Hz"\n"Units: uV"\nLead I,Lead II\n${numbers(5, i => `${i / 2},${i}.5`)}`;
    expect(names(text)).toEqual([300, 0, 'Lead I uV', 'Lead II uV']);
  });

  test('a counter of packets that starts again, beside Unix times', () => {
    const rows = numbers(600, i => `${i % 256}, ${(i % 7) / 10}, ${(1_614_000_000 + i / 250).toFixed(6)}`);
    const text = `%OpenBCI\n%Sample Rate = 250 Hz\nSample Index, EXG 0, Timestamp\n${rows}`;
    expect(names(text)).toEqual([250, 0, 'EXG 0 mV']);
    expect(
      parseCsv(text)
        .warnings.map(({ message }) => message)
        .join(),
    ).toMatch(/Sample Index left out: counters/);
  });

  test('a sampling rate in JSON in a comment', () => {
    const text = `# OpenSignals\n# {"00:07": {"sampling rate": 1000, "column": ["A1"]}}\n# EndOfHeader\n${numbers(5, i => `0.5\t${i}\t`)}`;
    expect(parseCsv(text).samplingFrequency).toBe(1000);
  });

  test.each([
    ['write.csv', '"","time","ecg (mV)"\n"1",0.00,0.5\n"2",0.01,0.6\n'],
    ['write.table', '"time" "ecg (mV)"\n"1" 0.00 0.5\n"2" 0.01 0.6\n'],
  ])('row names of R: %s', (_, text) => {
    expect(names(text)).toEqual([100, 0, 'ecg mV']);
  });

  test('a line that tells Excel the delimiter, date and time apart, no-break blanks between thousands', () => {
    const rows = numbers(5, i => `22.02.2021;13:14:04,00${i};1\u00a0024,${i}`);
    const recording = parseCsv(`sep=;\nDatum;Zeit;EKG [µV]\n${rows}`);
    expect(recording).toMatchObject({ samplingFrequency: 1000, start: 0 });
    expect(recording.signals.map(({ physical }) => physical[4])).toEqual([1024.4]);
    expect(recording.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Datum left out: text/),
    ]);
  });
});
