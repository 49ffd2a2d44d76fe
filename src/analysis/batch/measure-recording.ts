/** Measures one recording of a batch: its beats, and every measure of them, lead by lead. */
import { type BeatsFrom, beatsOf, type RecordingBeats } from '../lead-beats.ts';
import { leadsOfOneRate, otherRateNotes, readLead } from '../leads.ts';
import type { OpenRecording } from '../open-recording.ts';
import { filteredRecording, filterNotes, type VoltageFilter } from '../voltage-filter.ts';
import { type Block, type Cell, type Column, type ColumnValues, valuesOf } from './columns.ts';
import type { Measure, MeasureSettings, RecordingToMeasure } from './measure.ts';

/** The columns common to all rows, which precede those of the measures. */
const places: readonly Column[] = [
  { name: 'record', kind: 'text', unit: '', says: 'name of the record in its database' },
  { name: 'lead', kind: 'text', unit: '', says: 'name of the signal' },
  { name: 'beat', kind: 'integer', unit: '', says: 'number of the beat, from 0' },
  { name: 'symbol', kind: 'text', unit: '', says: "the annotator's symbol; empty for a detected beat" },
  {
    name: 'sample',
    kind: 'integer',
    unit: 'samples',
    says: 'place of the beat, from the start of the record',
  },
  { name: 'time_s', kind: 'double', unit: 's', says: 'the same in seconds' },
  { name: 'rr_before_s', kind: 'float', unit: 's', says: 'from the beat before' },
  { name: 'rr_after_s', kind: 'float', unit: 's', says: 'to the beat after' },
  { name: 'sampling_frequency_Hz', kind: 'double', unit: 'Hz', says: 'of the record' },
  { name: 'voltage_assumed', kind: 'boolean', unit: '', says: 'the file states no unit or no gain' },
  {
    name: 'low_cut_Hz',
    kind: 'double',
    unit: 'Hz',
    says: 'cut-off of the high-pass filter applied; null: none',
  },
  {
    name: 'high_cut_Hz',
    kind: 'double',
    unit: 'Hz',
    says: 'cut-off of the low-pass filter applied; null: none',
  },
  { name: 'notch_Hz', kind: 'double', unit: 'Hz', says: 'mains frequency filtered out; null: none' },
  { name: 'baseline_removed', kind: 'boolean', unit: '', says: 'the baseline wander was subtracted' },
];

/** The columns of the table of beats. */
export const beatColumns = (measures: readonly Measure[]): readonly Column[] => [
  ...places,
  ...measures.flatMap(measure => measure.beatColumns),
];

/** The columns that the measures add to the table of records. */
export const recordColumns = (measures: readonly Measure[]): readonly Column[] =>
  measures.flatMap(measure => measure.recordColumns);

/** Summary of a recording after all its leads are measured. */
export interface MeasuredRecording {
  readonly container: string;
  /** Hz */
  readonly samplingFrequency: number;
  /** Duration, s; undefined if it can only be determined by reading to the end. */
  readonly duration: number | undefined;
  readonly leads: readonly string[];
  readonly beats: number;
  readonly beatsFrom: string;
  /** Number of beats of good signal quality, summed over the leads; undefined if quality was not measured. */
  readonly good: number | undefined;
  readonly warnings: readonly string[];
  /** The values of `recordColumns`. */
  readonly values: readonly Cell[];
}

export interface RecordingOptions extends MeasureSettings {
  /** Name of the record in the rows. */
  readonly name: string;
  readonly beatsFrom: BeatsFrom;
  /** Filter applied to the voltage before anything else, also before beat detection; none by default. */
  readonly filter?: VoltageFilter;
  readonly measures: readonly Measure[];
  /** Called with one block of rows per lead. */
  readonly onBlock: (block: Block) => Promise<void>;
}

/**
 * Measures every beat on all voltage leads that share the sampling frequency of the default lead (`leadsOfOneRate`).
 * Throws `InputError` if the recording has no voltage lead or no beat, and `WfdbError` for a malformed file.
 */
export async function measureRecording(
  opened: OpenRecording,
  { name, beatsFrom, filter, measures, onBlock, ...settings }: RecordingOptions,
): Promise<MeasuredRecording> {
  const leads = leadsOfOneRate(opened).map(lead => lead.name);
  const recording = await heldInMemory(filteredRecording(opened.withSignals(leads), filter));
  const beats = await beatsOf(recording, leads, beatsFrom);
  const warnings = new Set([
    ...otherRateNotes(opened, leads),
    ...recording.warnings.map(({ message }) => message),
    ...(filter ? filterNotesAt(recording.samplingFrequency, filter) : []),
  ]);
  const input: RecordingToMeasure = { recording, beats, leads, settings, note: text => warnings.add(text) };
  const goodPlace = beatColumns(measures).findIndex(column => column.name === 'quality_good');
  const cells: Cell[] = [];
  const ofBeats = new Map<Measure, readonly ColumnValues[]>();
  for (const measure of measures) {
    const found = await measure.measureRecord?.(input);
    if (found === undefined) continue;
    cells.push(...found.record);
    if (found.beats !== undefined) ofBeats.set(measure, found.beats);
  }
  let good = 0;
  for (const lead of leads) {
    let read: Promise<Float64Array> | undefined;
    const voltage = (): Promise<Float64Array> => {
      read ??= readLead(recording, lead).then(of => of.voltage);
      return read;
    };
    const values: ColumnValues[] = placeValues({ name, lead, filter }, recording, beats);
    for (const measure of measures) {
      values.push(
        ...((await measure.measureLead?.({ ...input, lead, voltage })) ?? ofBeats.get(measure) ?? []),
      );
    }
    if (goodPlace >= 0) good += countOnes(values[goodPlace] as Uint8Array);
    await onBlock({ rows: beats.rPeaks.length, values });
  }
  const { length, samplingFrequency, container } = recording;
  return {
    container,
    samplingFrequency,
    duration: length === undefined ? undefined : length / samplingFrequency,
    leads,
    beats: beats.rPeaks.length,
    beatsFrom: beats.beatsFrom,
    good: goodPlace < 0 ? undefined : good,
    warnings: [...warnings],
    values: cells,
  };
}

const countOnes = (values: Uint8Array): number =>
  values.reduce((count, value) => count + (value === 1 ? 1 : 0), 0);

/** Recordings of at most this many samples over all leads are held in memory (256 MB). */
const mostHeld = 2 ** 25;

/** Reads a recording into memory if it is small enough, because every measure reads the samples again. */
async function heldInMemory(recording: OpenRecording): Promise<OpenRecording> {
  const { length, signals } = recording;
  if (length === undefined || length * signals.length > mostHeld) return recording;
  const whole = await recording.read();
  return {
    ...recording,
    async *pieces(names) {
      yield names === undefined
        ? whole
        : { ...whole, signals: whole.signals.filter(signal => names.includes(signal.name)) };
    },
    read: async names =>
      names === undefined
        ? whole
        : { ...whole, signals: whole.signals.filter(signal => names.includes(signal.name)) },
  };
}

/** The notes on a filter, kept because computing them takes longer than measuring a short record. */
const notesOfFilters = new Map<string, readonly string[]>();

function filterNotesAt(samplingFrequency: number, filter: VoltageFilter): readonly string[] {
  const key = JSON.stringify([samplingFrequency, filter]);
  const notes = notesOfFilters.get(key) ?? filterNotes(filter, samplingFrequency);
  notesOfFilters.set(key, notes);
  return notes;
}

function placeValues(
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
  return places.map(({ kind }, k) => valuesOf(kind, rows, cells[k]!));
}
