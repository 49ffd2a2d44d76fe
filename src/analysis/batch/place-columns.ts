/** The columns that identify the beat of a row (record, lead, position) and state how its voltage was filtered. */
import type { RecordingBeats } from '../lead-beats.ts';
import type { OpenRecording } from '../open-recording.ts';
import type { VoltageFilter } from '../voltage-filter.ts';
import { type Cell, type Column, type ColumnValues, columnsOf } from './columns.ts';

/** The columns common to all rows, which precede those of the measures. */
export const placeColumns: readonly Column[] = [
  { name: 'record', kind: 'text', unit: '', says: 'name of the record in its database', required: true },
  { name: 'lead', kind: 'text', unit: '', says: 'name of the signal', required: true },
  {
    name: 'beat',
    kind: 'integer',
    unit: '',
    says: 'number of the beat in the record, from 0',
    required: true,
  },
  {
    name: 'symbol',
    kind: 'text',
    unit: '',
    says: 'annotation symbol; empty for a detected beat',
    required: true,
  },
  {
    name: 'sample',
    kind: 'long',
    unit: 'samples',
    says: 'R peak, from the start of the record',
    required: true,
  },
  {
    name: 'time_s',
    kind: 'double',
    unit: 's',
    says: 'time of the R peak from the start of the record',
    required: true,
  },
  { name: 'rr_before_s', kind: 'float', unit: 's', says: 'RR interval before the beat' },
  { name: 'rr_after_s', kind: 'float', unit: 's', says: 'RR interval after the beat' },
  {
    name: 'sampling_frequency_Hz',
    kind: 'double',
    unit: 'Hz',
    says: 'sampling frequency of the lead',
    required: true,
  },
  {
    name: 'voltage_assumed',
    kind: 'boolean',
    unit: '',
    says: 'whether the unit or gain of the lead was assumed',
    required: true,
  },
  {
    name: 'low_cut_Hz',
    kind: 'double',
    unit: 'Hz',
    says: 'cut-off frequency of the high-pass filter; null without one',
  },
  {
    name: 'high_cut_Hz',
    kind: 'double',
    unit: 'Hz',
    says: 'cut-off frequency of the low-pass filter; null without one',
  },
  {
    name: 'notch_Hz',
    kind: 'double',
    unit: 'Hz',
    says: 'mains frequency removed by notch filters; null without them',
  },
  {
    name: 'baseline_removed',
    kind: 'boolean',
    unit: '',
    says: 'whether baseline wander was subtracted',
    required: true,
  },
];

/** A beat of a lead, with what is the same for all beats of the lead. */
interface PlacedBeat {
  readonly beat: number;
  readonly of: {
    readonly name: string;
    readonly lead: string;
    readonly filter: VoltageFilter | undefined;
    readonly samplingFrequency: number;
    readonly start: number;
    readonly isAssumed: boolean;
    readonly rPeaks: Int32Array;
    readonly symbols: readonly string[];
  };
}

/** The RR interval after a beat, s; undefined when it is not between two beats. */
const intervalAfter = ({ rPeaks, samplingFrequency }: PlacedBeat['of'], beat: number): number | undefined =>
  beat < 0 || beat + 1 >= rPeaks.length ? undefined : (rPeaks[beat + 1]! - rPeaks[beat]!) / samplingFrequency;

/** The cells of `placeColumns`, in the same order. */
const cells: readonly ((item: PlacedBeat) => Cell)[] = [
  ({ of }) => of.name,
  ({ of }) => of.lead,
  ({ beat }) => beat,
  ({ beat, of }) => of.symbols[beat]!,
  ({ beat, of }) => of.rPeaks[beat]! + of.start,
  ({ beat, of }) => (of.rPeaks[beat]! + of.start) / of.samplingFrequency,
  ({ beat, of }) => intervalAfter(of, beat - 1),
  ({ beat, of }) => intervalAfter(of, beat),
  ({ of }) => of.samplingFrequency,
  ({ of }) => of.isAssumed,
  ({ of }) => of.filter?.lowCutHz,
  ({ of }) => of.filter?.highCutHz,
  ({ of }) => of.filter?.notchHz,
  ({ of }) => of.filter?.baseline === true,
];
const readColumns = placeColumns.map((column, k) => ({ ...column, of: cells[k]! }));

/** The values of `placeColumns` for a lead of a record. */
export function placeValues(
  {
    name,
    lead,
    filter,
  }: { readonly name: string; readonly lead: string; readonly filter: VoltageFilter | undefined },
  { samplingFrequency, start, signals }: OpenRecording,
  { rPeaks, symbols }: RecordingBeats,
): ColumnValues[] {
  const signal = signals.find(of => of.name === lead)!;
  const isAssumed = !signal.calibrated || signal.unitsAssumed === true;
  const of = { name, lead, filter, samplingFrequency, start, isAssumed, rPeaks, symbols };
  const items: PlacedBeat[] = [];
  for (let beat = 0; beat < rPeaks.length; beat++) items.push({ beat, of });
  return columnsOf(readColumns, items);
}
