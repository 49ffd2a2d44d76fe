/** Measures one recording of a batch: its beats, and every measure of them, lead by lead. */
import { filterNotes } from '../filter-slope-loss.ts';
import { type BeatsFrom, beatsIfAny, type RecordingBeats } from '../lead-beats.ts';
import { signalNotesOf } from '../lead-condition.ts';
import { leadsOfOneRate, otherRateNotes, passedOverNotes, readLead } from '../leads.ts';
import type { OpenRecording } from '../open-recording.ts';
import { filteredRecording, type VoltageFilter } from '../voltage-filter.ts';
import type { Block, Cell, Column, ColumnValues } from './columns.ts';
import { type EarlierRows, earlierBeats, earlierValues } from './earlier-rows.ts';
import type { Measure, MeasuredRecording, MeasureSettings, RecordingToMeasure } from './measure.ts';
import { placeColumns, placeValues } from './place-columns.ts';

/** The columns of the table of beats. */
export const beatColumns = (measures: readonly Measure[]): readonly Column[] => [
  ...placeColumns,
  ...measures.flatMap(measure => measure.beatColumns),
];

/** The columns that the measures add to the table of records. */
export const recordColumns = (measures: readonly Measure[]): readonly Column[] =>
  measures.flatMap(measure => measure.recordColumns);

export interface RecordingOptions extends MeasureSettings {
  /** Name of the record in the rows. */
  readonly name: string;
  readonly beatsFrom: BeatsFrom;
  /** Filter applied to the voltage before anything else, also before beat detection; none by default. */
  readonly filter?: VoltageFilter;
  readonly measures: readonly Measure[];
  /** Rows of the same files, beats and filter, whose unchanged measures are not repeated. */
  readonly earlier?: EarlierRows;
  /** Called with one block of rows per lead. */
  readonly onBlock: (block: Block) => Promise<void>;
}

/**
 * Measures every beat on all voltage leads that share the sampling frequency of the default lead (`leadsOfOneRate`).
 * A recording without beats has no rows, null in the columns of its record, and a warning. Throws `InputError` if the
 * recording has no voltage lead or no sample, and `WfdbError` for a malformed file.
 */
export async function measureRecording(
  opened: OpenRecording,
  { name, beatsFrom, filter, measures, earlier, onBlock, ...settings }: RecordingOptions,
): Promise<MeasuredRecording> {
  const leads = leadsOfOneRate(opened).map(lead => lead.name);
  const isNew = measures.some(measure => earlierValues(earlier, measure) === undefined);
  const filtered = filteredRecording(opened.withSignals(leads), filter);
  const recording = isNew ? await heldInMemory(filtered) : filtered;
  const beats = earlier
    ? earlierBeats(earlier, recording.start)
    : await beatsIfAny(recording, leads, beatsFrom);
  const ofRecording = earlier?.measured.notes[''] ?? [
    ...passedOverNotes(opened, leads),
    ...otherRateNotes(opened, leads),
    ...recording.warnings.map(({ message }) => message),
    ...(filter ? await filterNotes(opened, leads, beats.rPeaks, filter) : []),
  ];
  const notes = new Map([['', new Set(ofRecording)]]);
  const hasBeats = beats.rPeaks.length > 0;
  if (!hasBeats) {
    const reasons = await signalNotesOf(recording, leads, beats.rPeaks);
    for (const text of ['no beats were found', ...reasons]) notes.get('')!.add(text);
  }
  const fewBeats = fewBeatsNote(recording, beats);
  if (fewBeats !== undefined) notes.get('')!.add(fewBeats);
  const inputOf = (measure: Measure): RecordingToMeasure => {
    const own = notes.get(measure.name) ?? new Set();
    notes.set(measure.name, own);
    return { recording, beats, leads, settings, note: text => own.add(text) };
  };
  const cells: Cell[] = [];
  const ofBeats = new Map<Measure, readonly ColumnValues[]>();
  for (const measure of hasBeats ? measures : []) {
    const input = inputOf(measure);
    const known = earlierValues(earlier, measure);
    for (const text of known?.notes ?? []) input.note(text);
    const found = known ?? (await measure.measureRecord?.(input));
    if (found === undefined) continue;
    cells.push(...found.record);
    if ('beats' in found && found.beats !== undefined) ofBeats.set(measure, found.beats);
  }
  const goodPlace = beatColumns(measures).findIndex(column => column.name === 'quality_good');
  let good = 0;
  for (const [k, lead] of hasBeats ? leads.entries() : []) {
    let read: Promise<Float64Array> | undefined;
    const voltage = (): Promise<Float64Array> => {
      read ??= readLead(recording, lead).then(of => of.voltage);
      return read;
    };
    const values: ColumnValues[] = placeValues({ name, lead, filter }, recording, beats);
    for (const measure of measures) {
      const known = earlierValues(earlier, measure)?.columns[k] ?? ofBeats.get(measure);
      const found = known ?? (await measure.measureLead?.({ ...inputOf(measure), lead, voltage }));
      values.push(...(found ?? []));
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
    good: goodPlace < 0 || !hasBeats ? undefined : good,
    warnings: [...new Set([...notes.values()].flatMap(texts => [...texts]))],
    notes: Object.fromEntries([...notes].map(([measure, texts]) => [measure, [...texts]])),
    values: hasBeats ? cells : recordColumns(measures).map(() => undefined),
  };
}

/** Fewest beats per minute that need no warning; below it an annotation file may be damaged or of another record. */
const fewestPerMinute = 5;

/** A warning for a recording of a minute or more with hardly any beats. */
function fewBeatsNote(
  { length = 0, samplingFrequency }: OpenRecording,
  { rPeaks, beatsFrom }: RecordingBeats,
): string | undefined {
  const seconds = length / samplingFrequency;
  const { length: count } = rPeaks;
  if (count === 0 || seconds < 60 || count >= (fewestPerMinute / 60) * seconds) return undefined;
  return `only ${count} ${count === 1 ? 'beat' : 'beats'} in ${seconds.toFixed(1)} s, ${beatsFrom}`;
}

function countOnes(values: Uint8Array): number {
  let count = 0;
  for (const value of values) if (value === 1) count++;
  return count;
}

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
