/** Text tables, damaged at random, and the laws that reading them must keep. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../../src/input-error.ts';
import type { Random } from '../../../src/random.ts';
import { parseRdann } from '../../../src/wfdb/annotations/rdann.ts';
import type { CsvOptions } from '../../../src/wfdb/csv/csv-options.ts';
import { decodeTable } from '../../../src/wfdb/csv/encoding.ts';
import { parseAnnotationsCsv } from '../../../src/wfdb/csv/read-annotations.ts';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import type { CsvRecording } from '../../../src/wfdb/csv/table-recording.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { type Dialect, writeDialect } from './dialects.ts';

/** What became of one table. `broken` names the law that was broken, if one was. */
export interface TableOutcome {
  readonly table: 'read' | 'refused';
  readonly milliseconds: number;
  readonly broken: string | undefined;
}

/** Longer than this for one small table counts as hanging. */
const patienceMs = 5000;

/** Exports of watches, loggers and spreadsheets, `rdsamp` and `rdann` listings, and annotations. */
export function tableOriginals(): Uint8Array[] {
  const folder = join(import.meta.dirname, 'fixtures');
  const found = readdirSync(folder).map(name => readFileSync(join(folder, name)));
  const listings = [
    `'Elapsed time','MLII','V5'\n'seconds','mV','uV'\n0.000,-0.145,-65\n0.004,-,-64\n0.008,1.000,-63\n`,
    '   Elapsed time\t   MLII\n      (seconds)\t   (mV)\n          0.000\t -0.145\n          0.004\t      -\n',
    `'Time','I'\n'hh:mm:ss.mmm','mV'\n'[23:59:59.998]',0.5\n'[00:00:00.000]',0.6\n`,
    'sample,time (s),symbol,subtype,channel,num,aux\n77,0.213889,N,0,0,0,\n370,1.027778,V,0,0,0,"(V, ""x"""\n',
    '      Time   Sample #  Type  Sub Chan  Num\tAux\n    0:00.214       77     N    0    0    0\t(N\n',
    '\ufeffI\tII\r\n"1,024.5"\t"2,048.25"\r\n-3.5\t1e-3\r\n',
  ];
  return [...found, ...listings.map(text => new TextEncoder().encode(text))];
}

const pieces = [
  ...[
    '0,5',
    '0.5',
    '1,024',
    '1.024',
    '1,234,567',
    '1e999',
    '-0',
    '-0,1',
    '007',
    '99999999999999999999',
    '0x10',
    '−3',
  ],
  ...[
    '"',
    "'",
    '""',
    '"a\n',
    "\\'",
    '\\',
    ',',
    ';',
    '\t',
    '|',
    ' ',
    '\n',
    '\r',
    '\r\r\n',
    '\n\n',
    ';;;',
    ',,',
  ],
  ...[
    'NaN',
    '-',
    'null',
    'N',
    'x',
    '#',
    '# ',
    'time',
    'Zeit',
    'ecg [uV]',
    'mV)',
    'Unit,µV\n',
    'fs = 0',
    'fs=1e9 kHz',
  ],
  ...[
    '12:00:00',
    '25:61:61',
    '31/02/2021 12:00:00',
    '02/22/2021 1:14:04 PM',
    '[',
    ']',
    '1614000000000',
    '1e300',
    '\0',
    '\ufeff',
    '￿',
  ],
];

/** A copy with one to four changes of cells, lines, marks or bytes, in one encoding or another. */
export function damageTable(bytes: Uint8Array, random: Random): Uint8Array {
  const pick = (count: number): number => Math.floor(random.uniform() * count);
  let { text } = decodeTable(bytes);
  for (let times = 1 + pick(4); times > 0; times--) text = damageText(text, pick);
  const kind = pick(12);
  if (kind > 3) return new TextEncoder().encode(text);
  if (kind === 3) {
    const changed = new TextEncoder().encode(text);
    for (let i = 0; i < 3 && changed.length > 0; i++) changed[pick(changed.length)] = pick(256);
    return changed;
  }
  if (kind === 2) return Uint8Array.from(text, letter => letter.charCodeAt(0) & 255);
  const wide = new Uint8Array(2 * text.length);
  const view = new DataView(wide.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), kind === 0);
  return wide;
}

function damageText(text: string, pick: (count: number) => number): string {
  const piece = pieces[pick(pieces.length)]!;
  const kind = pick(9);
  if (kind === 0) return text.slice(0, pick(text.length + 1));
  if (kind === 1) {
    const at = pick(text.length + 1);
    return text.slice(0, at) + piece.repeat(1 + pick(3)) + text.slice(at);
  }
  if (kind === 2) return text.replaceAll('.', ',');
  if (kind === 3) return text.replaceAll(',', pick(2) ? ';' : '.');
  if (kind < 6) {
    const words = text.split(/([\n\r,;\t| ]+)/);
    words[2 * pick((words.length + 1) >> 1)] = piece;
    return words.join('');
  }
  const lines = text.split('\n');
  const at = pick(lines.length);
  if (kind === 6) lines.splice(at, 1 + pick(3));
  else if (kind === 7) lines.splice(at, 0, lines[pick(lines.length)]!);
  else lines.splice(at, 0, ...Array<string>(1 + pick(200)).fill(lines[at]!));
  return lines.join('\n');
}

/** Reads a damaged table in every way and checks the laws. */
export function examineTable(bytes: Uint8Array, random: Random): TableOutcome {
  const start = performance.now();
  let broken: string | undefined;
  const attempt = (work: () => void): 'read' | 'refused' => {
    try {
      work();
      return 'read';
    } catch (error) {
      const isFine = error instanceof WfdbError || error instanceof InputError;
      if (!isFine) broken = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return 'refused';
    }
  };
  const { text } = decodeTable(bytes);
  const options = optionsFrom(random);
  const check = ({ length, signals, annotations }: CsvRecording): void => {
    for (const { adc, physical, adcGain, baseline, calibrated } of signals) {
      if (adc.length !== length || physical.length !== length) broken = 'lengths differ';
      for (let i = 0; i < length; i++) {
        const value = (adc[i]! - baseline) / adcGain;
        const error = Math.abs(value - physical[i]!) * adcGain;
        if (Number.isNaN(physical[i]!) ? adc[i] !== -(2 ** 31) : calibrated && !(Math.abs(error) <= 0.51)) {
          broken = `sample ${i} is ${physical[i]} and in ADC units ${adc[i]} at ${adcGain}`;
        }
      }
    }
    if (annotations.some(({ sample }) => !Number.isSafeInteger(sample)))
      broken = 'an annotation at no sample';
  };
  let strict: CsvRecording | undefined;
  const table = attempt(() => {
    strict = parseCsv(text, options);
    check(strict);
  });
  attempt(() => {
    const lenient = parseCsv(text, { ...options, lenient: true });
    check(lenient);
    const isSame =
      strict === undefined ||
      strict.signals.every(({ physical }, s) =>
        physical.every((value, i) => Object.is(value, lenient.signals[s]!.physical[i])),
      );
    if (!isSame) broken = 'strict and lenient reading differ';
    if (strict === undefined && lenient.warnings.length === 0) broken = 'read leniently without a warning';
  });
  attempt(() => parseAnnotationsCsv(text, { samplingFrequency: 360 }));
  attempt(() => parseRdann(text));
  const milliseconds = performance.now() - start;
  if (milliseconds > patienceMs) broken ??= `took ${milliseconds.toFixed(0)} ms`;
  return { table, milliseconds, broken };
}

function optionsFrom(random: Random): CsvOptions {
  const chance = (share: number): boolean => random.uniform() < share;
  return {
    ...(chance(0.8) && { samplingFrequency: 360 }),
    ...(chance(0.3) && { gaps: 'nan' }),
    ...(chance(0.2) && { ignoreTimes: true }),
    ...(chance(0.1) && { transpose: true }),
    ...(chance(0.1) && { columns: [2] }),
    ...(chance(0.1) && { labels: 3 }),
    ...(chance(0.2) && { units: 'uV' }),
    ...(chance(0.1) && { adcGain: 200 }),
    ...(chance(0.1) && { decimal: chance(0.5) ? ',' : '.' }),
    ...(chance(0.1) && { delimiter: chance(0.5) ? ',' : ';' }),
  };
}

/** Known numbers in a random dialect: they are read as they are, or refused. */
export function examineDialect(random: Random): TableOutcome {
  const start = performance.now();
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random.uniform() * choices.length)]!;
  const isSmall = random.uniform() < 0.5;
  const columns = pick(1, 2, 3);
  const rows = Array.from({ length: pick(1, 2, 5, 40, 250) }, () =>
    Array.from({ length: columns }, () => Math.round((random.uniform() - 0.3) * (isSmall ? 3000 : 3e6))),
  );
  const dialect: Dialect = {
    delimiter: pick(',', ';', '\t', '|', ' '),
    decimal: pick('.', ','),
    places: pick(0, 1, 2, 3),
    stripped: pick(true, false),
    grouped: pick(true, false),
    header: pick('', 'names', 'units'),
    quoted: pick(true, false),
    lineEnd: pick('\n', '\r\n', '\r'),
  };
  const { text, columns: truth, isConvention } = writeDialect(rows, dialect);
  const done = (table: 'read' | 'refused', broken?: string): TableOutcome => ({
    table,
    milliseconds: performance.now() - start,
    broken: isConvention ? undefined : broken,
  });
  try {
    const { signals } = parseCsv(text, { samplingFrequency: 100, units: 'mV' });
    const expected = signals.length < columns ? truth.slice(1) : truth;
    const isRight =
      signals.length === expected.length &&
      signals.every(({ physical }, i) => physical.every((value, k) => value + 0 === expected[i]![k]));
    return done(
      'read',
      isRight ? undefined : `other numbers than written: ${JSON.stringify(text.slice(0, 300))}`,
    );
  } catch (error) {
    if (error instanceof WfdbError || error instanceof InputError) return done('refused');
    return done('refused', error instanceof Error ? error.stack : String(error));
  }
}
