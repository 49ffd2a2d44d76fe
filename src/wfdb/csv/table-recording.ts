/** Makes a recording of a table whose columns have been identified. */
import type { Annotation } from '../annotations/annotation-file.ts';
import type { Recording, Signal } from '../record.ts';
import type { CsvBody } from './columns.ts';
import type { CsvOptions } from './csv-options.ts';
import { symbolFor } from './labels.ts';
import type { CsvLayout } from './layout.ts';
import type { RowTimes } from './row-times.ts';
import { isWholeOrMissing, lengthWithGaps, physicalSamples, rawSamples, withGaps } from './samples.ts';
import type { Axis } from './time-axis.ts';
import { warningsOf } from './warnings.ts';

/** A recording from a table; its `warnings` list what was assumed, ignored or filled in. */
export interface CsvRecording extends Recording {
  /** Annotations from the `labels` column, if one was given. */
  readonly annotations: readonly Annotation[];
  /** Clock time or Unix time of the first row, verbatim: the `start` option of `parseAnnotationsCsv`. */
  readonly startTime?: string;
}

/** A table whose columns have been identified. */
export interface ParsedTable {
  readonly layout: CsvLayout;
  readonly body: CsvBody;
  readonly axis: Axis;
  readonly times: RowTimes;
  readonly signalColumns: readonly number[];
}

/** The recording, with warnings of what was assumed, ignored or filled in. */
export function recordingOf(
  { layout, body, axis, times, signalColumns }: ParsedTable,
  options: CsvOptions & { readonly file: string },
): CsvRecording {
  const { file, units, adcGain } = options;
  const { samplingFrequency, start, gaps } = times;
  const length = lengthWithGaps(body, gaps, file);
  const unitsOf = (i: number): string | undefined => layout.units[i] ?? layout.preamble.units ?? units;
  const hasUnits = (i: number): boolean => unitsOf(i) !== undefined;
  const areWhole = signalColumns.every(i => hasUnits(i) || body.columns[i]!.values.every(isWholeOrMissing));
  const signals = signalColumns.map((i, place): Signal => {
    const isRaw = adcGain !== undefined || (!hasUnits(i) && areWhole);
    const samples = isRaw ? rawSamples(body, i, options, file) : physicalSamples(body, i);
    const own = unitsOf(i);
    return {
      name: layout.names?.[i] || (layout.columns === 1 && layout.preamble.lead) || `sig ${place}`,
      units: own ?? 'mV',
      ...(own === undefined && adcGain === undefined && { unitsAssumed: true }),
      samplingFrequency,
      ...withGaps(samples, gaps, length),
    };
  });
  return {
    name: file.replace(/\.[^./]*$/, ''),
    samplingFrequency,
    start,
    length,
    signals,
    comments: options.keepComments ? layout.comments : [],
    warnings: warningsOf({ file, layout, body, axis, gaps, signals, asked: options }),
    ...startTimeOf(body, axis),
    annotations: body.labels.map(({ row, text }) => ({
      sample: start + row + gaps.reduce((sum, gap) => sum + (gap.row <= row ? gap.lost : 0), 0),
      ...symbolFor(text),
      subtype: 0,
      channel: 0,
      num: 0,
    })),
  };
}

/** Empty if times are relative to the start. */
function startTimeOf({ columns, firstCells }: CsvBody, { time }: Axis): Pick<CsvRecording, 'startTime'> {
  if (time === undefined) return {};
  const { clock, values } = columns[time]!;
  const isAbsolute = clock === undefined ? values[0]! >= 3e8 : clock !== 'elapsed';
  return isAbsolute ? { startTime: firstCells[time]!.trim() } : {};
}
