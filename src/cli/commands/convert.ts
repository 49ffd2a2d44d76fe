/** `convert`: writes a record anew: as WFDB in another format, or as CSV. */
import { basename } from 'node:path';
import {
  type AnnotationFile,
  readAnnotationFile,
  writeAnnotations,
} from '../../wfdb/annotations/annotation-file.ts';
import { readCsv } from '../../wfdb/csv/read-csv.ts';
import { formatAnnotationsCsv, formatCsv } from '../../wfdb/csv/write-csv.ts';
import { edfToAnnotations, readEdfAnnotations } from '../../wfdb/edf/annotations.ts';
import { edfBaseTime } from '../../wfdb/edf/header.ts';
import { readEdf, readEdfHeader } from '../../wfdb/edf/read-edf.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { type ReadOptions, type Recording, readRecord } from '../../wfdb/record.ts';
import type { Source } from '../../wfdb/source.ts';
import { writeRecord } from '../../wfdb/write.ts';
import { defineCommand } from '../command.ts';
import { choice, defaultsTo, required, text, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print } from '../output.ts';

export const command = defineCommand({
  name: 'convert',
  takes: ['RECORD'],
  summary: 'Writes a record anew, with its annotations.',
  arguments: [
    [
      'RECORD',
      'on the WFDB search path (environment variable WFDB), e.g. mitdb/100; a name that ends in .csv or .edf is read as such',
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
    frequency: { ...shared.frequency, says: 'sampling frequency of a CSV file that does not say it' },
    overwrite: shared.overwrite,
  },
  async run(values, [name = ''], files) {
    const { to: target, out, format } = values;
    const window: ReadOptions = {
      unit: 'seconds',
      ...(values.from === undefined ? {} : { from: values.from }),
      ...(values.toTime === undefined ? {} : { to: values.toTime }),
    };
    const gains = values.gains ?? (isEdf(name) ? 'choose' : 'keep');
    const source = files.source();
    const recording = await readAny(source, name, target, window, values.frequency);
    const marks = await annotationsIn(source, name, recording, values.annotator);

    const base = values.name ?? basename(name).replace(/\.(csv|edf)$/i, '');
    const sink = files.sink(out);
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

function isEdf(name: string): boolean {
  return /\.edf$/i.test(name);
}

/** WFDB keeps each signal's own rate; a table has one for all. */
async function readAny(
  source: Source,
  name: string,
  target: 'wfdb' | 'csv',
  window: ReadOptions,
  frequency: number | undefined,
): Promise<Recording> {
  if (isEdf(name)) return readEdf(source, name, window);
  if (/\.csv$/i.test(name)) {
    if (window.from !== undefined || window.to !== undefined) {
      throw new UsageError('--from and --to-time are for records, not for CSV files');
    }
    const options = frequency === undefined ? {} : { samplingFrequency: frequency };
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
