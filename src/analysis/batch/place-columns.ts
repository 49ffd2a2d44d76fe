/** The columns that identify the beat of a row (record, lead, position) and state how its voltage was filtered. */
import type { RecordingBeats } from '../lead-beats.ts';
import type { OpenRecording } from '../open-recording.ts';
import type { VoltageFilter } from '../voltage-filter.ts';
import { type Cell, type Column, type ColumnValues, valuesOf } from './columns.ts';

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
  const rows = rPeaks.length;
  const signal = signals.find(of => of.name === lead)!;
  const isAssumed = !signal.calibrated || signal.unitsAssumed === true;
  const between = (a: number, b: number): number | undefined =>
    a < 0 || b >= rows ? undefined : (rPeaks[b]! - rPeaks[a]!) / samplingFrequency;
  const cells: readonly ((beat: number) => Cell)[] = [
    () => name,
    () => lead,
    beat => beat,
    beat => symbols[beat]!,
    beat => rPeaks[beat]! + start,
    beat => (rPeaks[beat]! + start) / samplingFrequency,
    beat => between(beat - 1, beat),
    beat => between(beat, beat + 1),
    () => samplingFrequency,
    () => isAssumed,
    () => filter?.lowCutHz,
    () => filter?.highCutHz,
    () => filter?.notchHz,
    () => filter?.baseline === true,
  ];
  return placeColumns.map(({ kind }, k) => valuesOf(kind, rows, cells[k]!));
}
