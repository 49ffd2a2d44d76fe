/** Writes a record anew: as WFDB in another format, or as CSV. */
import { basename } from 'node:path';
import { choiceOption, numberOption, runCommand, UsageError } from '../src/cli/command.ts';
import { folderSink } from '../src/node/files.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import {
  type AnnotationFile,
  readAnnotationFile,
  writeAnnotations,
} from '../src/wfdb/annotations/annotation-file.ts';
import { readCsv } from '../src/wfdb/csv/read-csv.ts';
import { formatAnnotationsCsv, formatCsv } from '../src/wfdb/csv/write-csv.ts';
import { edfToAnnotations, readEdfAnnotations } from '../src/wfdb/edf/annotations.ts';
import { edfBaseTime } from '../src/wfdb/edf/header.ts';
import { readEdf, readEdfHeader } from '../src/wfdb/edf/read-edf.ts';
import { WfdbError } from '../src/wfdb/errors.ts';
import { type ReadOptions, type Recording, readRecord } from '../src/wfdb/record.ts';
import type { Source } from '../src/wfdb/source.ts';
import { writeRecord } from '../src/wfdb/write.ts';

const help = `
convert RECORD --to wfdb|csv --out DIR [options]: writes a record anew, with its annotations

  RECORD              on the WFDB search path (environment variable WFDB), e.g. mitdb/100; a name
                      that ends in .csv or .edf is read as such
  --to wfdb|csv       what to write: NAME.hea and NAME.dat, or NAME.csv
  --out DIR           where to; it is made when it is missing
  --name NAME         name of the new record; default that of the old one
  --format N          WFDB signal format, default 16: 8, 16, 24, 32, 61, 80, 160, 212, 310, 311,
                      or FLAC: 508, 516, 524
  --gains keep|choose keep gains and ADC values (default), or choose gains that use the format's range
                      (default for EDF, whose baselines may be fractions)
  --annotator NAME    annotations to write too; default atr where there is one; of an EDF+ file its own
  --from S, --to-time S  part of the record, in seconds
  --frequency HZ      sampling frequency of a CSV file that does not say it
`;

await runCommand({
  help,
  options: {
    to: { type: 'string' },
    out: { type: 'string' },
    name: { type: 'string' },
    format: { type: 'string', default: '16' },
    gains: { type: 'string' },
    annotator: { type: 'string' },
    from: { type: 'string' },
    'to-time': { type: 'string' },
    frequency: { type: 'string' },
  },
  async run(values, positionals) {
    if (positionals.length !== 1) throw new UsageError(`convert takes one record, not ${positionals.length}`);
    if (values.to === undefined) throw new UsageError('--to says what to write: wfdb or csv');
    if (values.out === undefined) throw new UsageError('--out names the folder to write to');
    const target = choiceOption('to', values.to, ['wfdb', 'csv'] as const);
    const format = numberOption('format', values.format);
    const window: ReadOptions = {
      unit: 'seconds',
      ...(values.from === undefined ? {} : { from: numberOption('from', values.from) }),
      ...(values['to-time'] === undefined ? {} : { to: numberOption('to-time', values['to-time']) }),
    };
    const name = positionals[0]!;
    const usualGains = isEdf(name) ? 'choose' : 'keep';
    const gains = choiceOption('gains', values.gains ?? usualGains, ['keep', 'choose'] as const);
    const source = searchPathSource();
    const recording = await readAny(source, name, target, window, values.frequency);
    const marks = await annotationsIn(source, name, recording, values.annotator);

    const base = values.name ?? basename(name).replace(/\.(csv|edf)$/i, '');
    const sink = folderSink(values.out);
    const written: string[] = [];
    const noting = {
      async write(file: string, bytes: Uint8Array) {
        await sink.write(file, bytes);
        written.push(file);
      },
    };
    const annotator = values.annotator ?? 'atr';
    if (target === 'wfdb') {
      const header = isEdf(name) ? edfBaseTime(await readEdfHeader(source, name)) : recording.header;
      await writeRecord(noting, { ...recording, name: base, ...(header && { header }) }, { format, gains });
      if (marks !== undefined) await writeAnnotations(noting, base, annotator, marks.annotations, marks);
    } else {
      const text = (content: string) => new TextEncoder().encode(content);
      await noting.write(`${base}.csv`, text(formatCsv(recording)));
      if (marks !== undefined) {
        const table = formatAnnotationsCsv(marks.annotations, framesPerSecond(recording));
        await noting.write(`${base}.${annotator}.csv`, text(table));
      }
    }
    console.log(written.map(file => `${values.out}/${file}`).join('\n'));
  },
});

function isEdf(name: string): boolean {
  return /\.edf$/i.test(name);
}

/** WFDB keeps each signal's own rate; a table has one for all. */
async function readAny(
  source: Source,
  name: string,
  target: 'wfdb' | 'csv',
  window: ReadOptions,
  frequency: string | undefined,
): Promise<Recording> {
  if (isEdf(name)) return readEdf(source, name, window);
  if (/\.csv$/i.test(name)) {
    if (window.from !== undefined || window.to !== undefined) {
      throw new UsageError('--from and --to-time are for records, not for CSV files');
    }
    const options =
      frequency === undefined ? {} : { samplingFrequency: numberOption('frequency', frequency) };
    return readCsv(source, name, options);
  }
  return readRecord(source, name, { ...window, rate: target === 'wfdb' ? 'signal' : 'highest' });
}

/** Annotation times count frames, of which a table at the fastest signal's rate has several a row. */
function framesPerSecond(recording: Recording): number {
  return recording.header?.samplingFrequency ?? recording.samplingFrequency;
}

/** The annotations within the recording, counted from its start; undefined where there are none to convert. */
async function annotationsIn(
  source: Source,
  name: string,
  recording: Recording,
  asked: string | undefined,
): Promise<Pick<AnnotationFile, 'annotations' | 'definitions'> | undefined> {
  if (/\.csv$/i.test(name)) return undefined;
  const perFrame = recording.samplingFrequency / framesPerSecond(recording);
  const from = recording.start / perFrame;
  const to = from + recording.length / perFrame;
  if (isEdf(name)) {
    const events = edfToAnnotations(await readEdfAnnotations(source, name), recording.samplingFrequency);
    const inside = events.filter(({ sample }) => sample >= from && sample < to);
    if (inside.length === 0) return undefined;
    return { annotations: inside.map(mark => ({ ...mark, sample: mark.sample - from })), definitions: [] };
  }
  try {
    const file = await readAnnotationFile(source, name, asked ?? 'atr', { from, to });
    return {
      annotations: file.annotations.map(mark => ({ ...mark, sample: mark.sample - from })),
      definitions: file.definitions,
    };
  } catch (error) {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    if (asked === undefined && isAbsent && error.file === `${name}.atr`) return undefined;
    throw error;
  }
}
