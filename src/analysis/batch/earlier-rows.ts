/** Rows of a recording that were measured earlier, of which the columns of unchanged measures are used again. */
import type { RecordingBeats } from '../lead-beats.ts';
import type { Block, Cell, ColumnValues, TextValues } from './columns.ts';
import type { Measure, MeasuredRecording } from './measure.ts';
import { placeColumns } from './place-columns.ts';

export interface EarlierRows {
  readonly measured: MeasuredRecording;
  /** One block per lead, with the columns of `measures`. */
  readonly blocks: readonly Block[];
  /** The measures of that time, in the order of their columns. */
  readonly measures: readonly Measure[];
  /** Those whose settings are unchanged. */
  readonly unchanged: readonly Measure[];
}

/** What a measure gave earlier: its record values, its notes, and its columns lead by lead. */
export interface EarlierValues {
  readonly record: readonly Cell[];
  readonly notes: readonly string[];
  readonly columns: readonly (readonly ColumnValues[])[];
}

/** The earlier values of a measure; undefined if it has to be measured. */
export function earlierValues(earlier: EarlierRows | undefined, measure: Measure): EarlierValues | undefined {
  if (earlier?.unchanged.includes(measure) !== true) return undefined;
  const { measured, blocks, measures } = earlier;
  const before = measures.slice(0, measures.indexOf(measure));
  const place = before.reduce((sum, of) => sum + of.beatColumns.length, placeColumns.length);
  const cell = before.reduce((sum, of) => sum + of.recordColumns.length, 0);
  return {
    record: measured.values.slice(cell, cell + measure.recordColumns.length),
    notes: measured.notes[measure.name] ?? [],
    columns: blocks.map(({ values }) => values.slice(place, place + measure.beatColumns.length)),
  };
}

/** The beats of the earlier rows. `start` is the index within the record of the first sample. */
export function earlierBeats({ measured, blocks }: EarlierRows, start: number): RecordingBeats {
  const { values } = blocks[0]!;
  const placeOf = (name: string): number => placeColumns.findIndex(column => column.name === name);
  const { words, codes } = values[placeOf('symbol')] as TextValues;
  return {
    rPeaks: (values[placeOf('sample')] as Int32Array).map(sample => sample - start),
    symbols: Array.from(codes, code => words[code] ?? ''),
    beatsFrom: measured.beatsFrom,
  };
}
