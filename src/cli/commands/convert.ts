/** `convert`: writes a record anew: as WFDB in another format, or as CSV. */
import { basename } from 'node:path';
import type { FolderOfRun } from '../../node/run-files.ts';
import {
  type AnnotationFile,
  readAnnotationFile,
  writeAnnotations,
} from '../../wfdb/annotations/annotation-file.ts';
import { recordChunks } from '../../wfdb/chunks.ts';
import { type CsvRecording, readCsv } from '../../wfdb/csv/read-csv.ts';
import { csvChunks, csvRows, formatAnnotationsCsv, formatCsv } from '../../wfdb/csv/write-csv.ts';
import { edfToAnnotations, readEdfAnnotations } from '../../wfdb/edf/annotations.ts';
import { edfBaseTime } from '../../wfdb/edf/header.ts';
import { readEdf, readEdfHeader } from '../../wfdb/edf/read-edf.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { signalFormats } from '../../wfdb/formats.ts';
import { type ReadOptions, type Recording, readRecord, type Signal } from '../../wfdb/record.ts';
import type { Source } from '../../wfdb/source.ts';
import { writeRecord } from '../../wfdb/write.ts';
import { defineCommand } from '../command.ts';
import { choice, defaultsTo, required, text, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printError } from '../output.ts';
import { csvOptions, tableOptions } from '../table-options.ts';

export const command = defineCommand({
  name: 'convert',
  takes: ['RECORD'],
  summary: 'Writes a record anew, with its annotations.',
  arguments: [
    [
      'RECORD',
      'on the WFDB search path (environment variable WFDB), e.g. mitdb/100; a name that ends in .csv, .tsv, .txt or .edf is read as such',
    ],
  ],
  options: {
    to: required(choice(['wfdb', 'csv'], 'what to write: NAME.hea and NAME.dat, or NAME.csv')),
    out: required({ ...shared.out, value: 'DIR', says: 'folder to write to; it is made when it is missing' }),
    name: text('NAME', 'name of the new record; default that of the old one'),
    format: defaultsTo(
      {
        ...shared.format,
        says: 'WFDB signal format: 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, or FLAC: 508, 516, 524',
      },
      16,
    ),
    gains: choice(
      ['keep', 'choose'],
      'keep gains and ADC values (default), or choose gains that use the range of the format (default for EDF, whose baselines may be fractions)',
    ),
    annotator: {
      ...shared.annotator,
      says: 'annotations to write too; default atr where there is one; of an EDF+ file its own',
    },
    from: shared.from,
    toTime: shared.to,
    ...tableOptions,
    overwrite: shared.overwrite,
  },
  async run(values, [name = ''], files) {
    const { to: target, out, format } = values;
    const window: ReadOptions = {
      unit: 'seconds',
      ...(values.from === undefined ? {} : { from: values.from }),
      ...(values.toTime === undefined ? {} : { to: values.toTime }),
    };
    const source = files.source();
    const base = values.name ?? basename(name).replace(/\.(csv|tsv|txt|edf)$/i, '');
    const sink = files.sink(out);
    if (target === 'csv' && !isEdf(name) && !isTable(name)) {
      const { annotator } = values;
      const written = await streamToCsv(sink, source, name, { window, base, annotator });
      await files.commit();
      print(written.map(file => `${out}/${file}`).join('\n'));
      return 0;
    }
    const recording = await readAny(source, name, target, window, csvOptions(values));
    for (const { message } of recording.warnings) printError(message);
    const gains = values.gains ?? usualGains(name, recording, format);
    const marks = await annotationsIn(source, name, recording, values.annotator);

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
      const bytesOf = (content: string) => new TextEncoder().encode(content);
      await noting.write(`${base}.csv`, bytesOf(formatCsv(recording)));
      if (marks !== undefined) {
        const table = formatAnnotationsCsv(marks.annotations, framesPerSecond(recording));
        await noting.write(`${base}.${annotator}.csv`, bytesOf(table));
      }
    }
    await files.commit();
    print(written.map(file => `${out}/${file}`).join('\n'));
    return 0;
  },
});

/** Seconds of a piece: 3 leads at 500 Hz are 7 MB. */
const pieceSeconds = 600;

/** What `streamToCsv` writes, and from which part of the record. */
export interface CsvTarget {
  readonly window: ReadOptions;
  /** The table is `base.csv`; that of the annotations has the annotator's name before `.csv`. */
  readonly base: string;
  /** Default `atr`, where there is one. */
  readonly annotator: string | undefined;
  /** Length of a piece, s; default 10 minutes. */
  readonly seconds?: number;
}

/**
 * Writes a WFDB record as the table that `formatCsv` makes of the whole, and its annotations as another, in memory that
 * does not grow with the record's length. Gives back the names of the files. Throws as `readRecord` does.
 */
export async function streamToCsv(
  sink: FolderOfRun,
  source: Source,
  name: string,
  { window, base, annotator, seconds = pieceSeconds }: CsvTarget,
): Promise<string[]> {
  const table = `${base}.csv`;
  const stream = await sink.stream(table);
  const options = { ...window, rate: 'highest' } as const;
  let first: Recording | undefined;
  let length = 0;
  const add = async (piece: Recording): Promise<void> => {
    for (const { message } of piece.warnings) printError(message);
    for (const rows of first === undefined ? csvChunks(piece) : csvRows(piece)) await stream.write(rows);
    length += piece.length;
    // What is the same in every piece; its samples are not kept.
    first ??= { ...piece, signals: [] };
  };
  for await (const piece of recordChunks(source, name, { ...options, seconds })) await add(piece);
  // A record without samples has no pieces.
  if (first === undefined) await add(await readRecord(source, name, options));
  await stream.close();
  const whole = { ...first!, length };
  const marks = await annotationsIn(source, name, whole, annotator);
  if (marks === undefined) return [table];
  const marksTable = `${base}.${annotator ?? 'atr'}.csv`;
  const text = formatAnnotationsCsv(marks.annotations, framesPerSecond(whole));
  await sink.write(marksTable, new TextEncoder().encode(text));
  return [table, marksTable];
}

function isEdf(name: string): boolean {
  return /\.edf$/i.test(name);
}

function isTable(name: string): boolean {
  return /\.(csv|tsv|txt)$/i.test(name);
}

/**
 * Gains are kept, but chosen for EDF, whose baselines may be fractions, and for a table whose decimals the format cannot
 * hold at the gain that keeps them all.
 */
function usualGains(name: string, { signals }: Recording, format: number): 'keep' | 'choose' {
  if (isEdf(name)) return 'choose';
  const most = signalFormats.get(format)?.most ?? Number.POSITIVE_INFINITY;
  const isTooLarge = ({ adc, physical }: Signal): boolean =>
    adc.some((value, i) => Math.abs(value) > most && !Number.isNaN(physical[i]));
  const tooLarge = isTable(name) ? signals.filter(isTooLarge) : [];
  if (tooLarge.length === 0) return 'keep';
  const names = tooLarge.map(signal => signal.name).join(', ');
  printError(
    `${name}: not every decimal of ${names} fits format ${format}: gains were chosen that use its range`,
  );
  return 'choose';
}

/** Those of a column of labels. */
function tableAnnotations(
  recording: Recording,
): Pick<AnnotationFile, 'annotations' | 'definitions'> | undefined {
  const { annotations } = recording as CsvRecording;
  if (annotations.length === 0) return undefined;
  const marks = annotations.map(mark => ({ ...mark, sample: mark.sample - recording.start }));
  return { annotations: marks, definitions: [] };
}

/** WFDB keeps each signal's own rate; a table has one for all. */
async function readAny(
  source: Source,
  name: string,
  target: 'wfdb' | 'csv',
  window: ReadOptions,
  options: Parameters<typeof readCsv>[2],
): Promise<Recording> {
  if (isEdf(name)) return readEdf(source, name, window);
  if (isTable(name)) {
    if (window.from !== undefined || window.to !== undefined) {
      throw new UsageError('--from and --to-time are for records, not for tables');
    }
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
  if (isTable(name)) return tableAnnotations(recording);
  const perFrame = recording.samplingFrequency / framesPerSecond(recording);
  const from = recording.start / perFrame;
  // A record without signals may say no length: its annotations are then all of them.
  const to = recording.length === 0 ? Number.POSITIVE_INFINITY : from + recording.length / perFrame;
  if (isEdf(name)) {
    const events = edfToAnnotations(await readEdfAnnotations(source, name), recording.samplingFrequency);
    const inside = events.filter(({ sample }) => sample >= from && sample < to);
    if (inside.length === 0) return undefined;
    return { annotations: inside.map(mark => ({ ...mark, sample: mark.sample - from })), definitions: [] };
  }
  try {
    const file = await readAnnotationFile(source, name, asked ?? 'atr', {
      from,
      ...(Number.isFinite(to) && { to }),
    });
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
