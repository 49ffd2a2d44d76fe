/** `convert`: rewrites a recording as WFDB in another signal format, CSV or EDF+; in full, in part, or resampled. */
import { basename } from 'node:path';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { InputError } from '../../input-error.ts';
import type { FolderOfRun } from '../../node/run-files.ts';
import { writeAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import { csvChunks, csvRows, formatAnnotationsCsv } from '../../wfdb/csv/write-csv.ts';
import { annotationsToEdf, writeEdf } from '../../wfdb/edf/write-edf.ts';
import type { Recording, Signal } from '../../wfdb/record.ts';
import { writeRecord } from '../../wfdb/write.ts';
import { defineCommand } from '../command.ts';
import { type Conversion, marksIn, readConversion, usualGains } from '../conversion.ts';
import { choice, defaultsTo, flag, number, required, text } from '../option.ts';
import { recordArgument, shared, timeSpan } from '../options.ts';
import { print } from '../output.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const fileFormats = ['wfdb', 'csv', 'edf'] as const;
type FileFormat = (typeof fileFormats)[number];

export const command = defineCommand({
  name: 'convert',
  formerOptions: [
    { former: 'out', present: 'dir' },
    { former: 'to', present: 'file-format', isMeant: value => fileFormats.some(format => format === value) },
    { former: 'to-time', present: 'to' },
  ],
  takes: ['RECORD'],
  summary: 'Converts a recording and its annotations to WFDB, CSV or EDF+.',
  arguments: [recordArgument],
  options: {
    fileFormat: required(
      choice(fileFormats, 'what to write: NAME.hea and NAME.dat, NAME.csv, or NAME.edf (EDF+)'),
    ),
    dir: required(shared.dir),
    name: text('NAME', 'name of the new record; default: unchanged'),
    format: defaultsTo(
      {
        ...shared.format,
        says: 'WFDB signal format: 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, or FLAC: 508, 516, 524',
      },
      16,
    ),
    gains: choice(
      ['keep', 'choose'],
      'keep gains and ADC values (default), or choose gains that use the range of the format (default for EDF, whose baselines may be fractional)',
    ),
    frequencyOut: number('HZ', 'resample signals and annotations to this frequency', { above: 0 }),
    unitsRow: flag('CSV: write units in a second row instead of after the names'),
    annotator: {
      ...shared.annotator,
      says: 'annotations to include; default: atr if it exists; for EDF+, those in the file',
    },
    from: shared.from,
    to: shared.to,
    ...recordingOptions,
    overwrite: shared.overwrite,
  },
  async run(values, [name = ''], files) {
    const { fileFormat: target, dir, annotator, frequencyOut, unitsRow } = values;
    const { source, name: record } = await files.recording(name);
    const isStreamed = target === 'csv' && frequencyOut === undefined;
    const opened = await openRecording(source, record, {
      ...timeSpan(values.from, values.to),
      ...openOptions(values),
      rate: isStreamed ? 'highest' : 'signal',
    });
    const base = values.name ?? baseName(name, opened, target);
    const sink = files.sink(dir);
    let written: string[];
    if (isStreamed) written = await streamToCsv(sink, opened, { base, annotator, unitsRow });
    else {
      const converted = await readConversion(opened, annotator, frequencyOut);
      if (target === 'csv') written = await writeCsv(sink, base, converted, unitsRow);
      else if (target === 'edf') written = await writeEdfFile(sink, base, converted);
      else {
        const { format } = values;
        const gains = values.gains ?? usualGains(converted.recording, opened.container, format);
        written = await writeWfdb(sink, base, converted, { format, gains });
      }
    }
    reportWarnings(opened);
    await files.commit();
    print(written.map(file => `${dir}/${file}`).join('\n'));
    return 0;
  },
});

/** Default name of the new record: without file extension, restricted to the characters allowed in record names. */
function baseName(name: string, { container }: OpenRecording, target: FileFormat): string {
  const base = basename(name).replace(container === 'WFDB' ? /\.hea$/i : /\.[^.]*$/, '');
  return target === 'wfdb' ? base.replace(/[^\w-]/g, '_') : base;
}

async function writeWfdb(
  sink: FolderOfRun,
  base: string,
  { recording, marks, annotator }: Conversion,
  options: { readonly format: number; readonly gains: 'keep' | 'choose' },
): Promise<string[]> {
  const written: string[] = [];
  const noting = {
    async write(file: string, bytes: Uint8Array) {
      await sink.write(file, bytes);
      written.push(file);
    },
  };
  await writeRecord(noting, { ...recording, name: base }, options);
  if (marks !== undefined) await writeAnnotations(noting, base, annotator, marks.annotations, marks);
  return written;
}

async function writeEdfFile(
  sink: FolderOfRun,
  base: string,
  { recording, marks }: Conversion,
): Promise<string[]> {
  const events = marks && annotationsToEdf(marks.annotations, recording.samplingFrequency);
  await writeEdf(sink, `${base}.edf`, recording, events);
  return [`${base}.edf`];
}

async function writeCsv(
  sink: FolderOfRun,
  base: string,
  { recording, marks, annotator }: Conversion,
  unitsRow: boolean,
): Promise<string[]> {
  if (recording.signals.length === 0) return writeMarksCsv(sink, base, { recording, marks, annotator });
  const stream = await sink.stream(`${base}.csv`);
  for (const rows of csvChunks(recording, { unitsRow })) await stream.write(rows);
  await stream.close();
  return [`${base}.csv`, ...(await writeMarksCsv(sink, base, { recording, marks, annotator }))];
}

async function writeMarksCsv(
  sink: FolderOfRun,
  base: string,
  { recording, marks, annotator }: Conversion,
): Promise<string[]> {
  if (marks === undefined) {
    if (recording.signals.length > 0) return [];
    throw new InputError(`${recording.name} has neither signals nor annotations to write`);
  }
  const table = formatAnnotationsCsv(marks.annotations, recording.samplingFrequency);
  await sink.write(`${base}.${annotator}.csv`, new TextEncoder().encode(table));
  return [`${base}.${annotator}.csv`];
}

const noSamples = { physical: new Float64Array(), adc: new Int32Array() };

function withoutSamples({ name, units, samplingFrequency, adcGain, baseline, calibrated }: Signal): Signal {
  return { name, units, samplingFrequency, adcGain, baseline, calibrated, ...noSamples };
}

/** Output of `streamToCsv`. */
export interface CsvTarget {
  /** The table is `base.csv`; that of the annotations has the annotator's name before `.csv`. */
  readonly base: string;
  /** Default `atr`, where there is one. */
  readonly annotator: string | undefined;
  readonly unitsRow?: boolean;
  /** Length of a chunk, s. */
  readonly seconds?: number;
}

/**
 * Writes a recording as the table that `formatCsv` gives for the whole, and its annotations as another, in memory that
 * does not grow with the length of a WFDB record or an EDF file. Returns the names of the files. Throws as reading
 * does.
 */
export async function streamToCsv(
  sink: FolderOfRun,
  opened: OpenRecording,
  { base, annotator, unitsRow = false, seconds }: CsvTarget,
): Promise<string[]> {
  if (opened.signals.length === 0) return writeMarksCsv(sink, base, await readConversion(opened, annotator));
  const stream = await sink.stream(`${base}.csv`);
  let first: Recording | undefined;
  let length = 0;
  const add = async (piece: Recording): Promise<void> => {
    const chunks = first === undefined ? csvChunks(piece, { unitsRow }) : csvRows(piece, { unitsRow });
    for (const rows of chunks) await stream.write(rows);
    length += piece.length;
    // What is the same in every piece; its samples are not kept.
    first ??= { ...piece, signals: piece.signals.map(withoutSamples) };
  };
  for await (const piece of opened.pieces(undefined, seconds)) await add(piece);
  // A recording of no length has no pieces.
  if (first === undefined) await add(await opened.read());
  await stream.close();
  const recording = { ...first!, length };
  const marks = await marksIn(opened, recording, annotator);
  const file = annotator ?? 'atr';
  return [`${base}.csv`, ...(await writeMarksCsv(sink, base, { recording, marks, annotator: file }))];
}
