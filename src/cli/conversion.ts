/** What `convert` writes: a recording and its annotations, in part or resampled. */
import type { OpenAnnotations, OpenRecording } from '../analysis/open-recording.ts';
import { resampleAnnotations, resampleRecording } from '../analysis/resample-recording.ts';
import { WfdbError } from '../wfdb/errors.ts';
import { signalFormats } from '../wfdb/formats.ts';
import type { Recording, Signal } from '../wfdb/record.ts';
import { printError } from './output.ts';

/** What is written, all of it in memory. */
export interface Conversion {
  readonly recording: Recording;
  /** Counted from the first sample. */
  readonly marks: OpenAnnotations | undefined;
  /** Where the marks are written to. */
  readonly annotator: string;
}

/** Reads a recording whole, with its annotations, and resamples both where a frequency (Hz) is asked for. */
export async function readConversion(
  opened: OpenRecording,
  annotator: string | undefined,
  frequencyOut?: number,
): Promise<Conversion> {
  const whole = await opened.read();
  const { baseTime, baseDate } = opened;
  // A header of no WFDB record has no more than the time.
  const header = whole.header ?? ({ baseTime, baseDate } as NonNullable<Recording['header']>);
  const recording = { ...whole, ...(baseTime !== undefined && { header }) };
  const marks = await marksIn(opened, recording, annotator);
  const file = annotator ?? 'atr';
  if (frequencyOut === undefined) return { recording, marks, annotator: file };
  const { samplingFrequency, length } = recording;
  return {
    recording: resampleRecording(recording, frequencyOut),
    marks: marks && {
      ...marks,
      annotations: resampleAnnotations(marks.annotations, samplingFrequency, frequencyOut, length),
    },
    annotator: file,
  };
}

/** The annotations within the recording, counted from its start; undefined where there are none to convert. */
export async function marksIn(
  opened: OpenRecording,
  { start, length }: Pick<Recording, 'start' | 'length'>,
  annotator: string | undefined,
): Promise<OpenAnnotations | undefined> {
  let found: OpenAnnotations | undefined;
  try {
    found = await opened.annotations(annotator ?? 'atr');
  } catch (error) {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    if (annotator !== undefined || !isAbsent) throw error;
  }
  if (found === undefined) return undefined;
  // A record without signals may say no length: its annotations are then all of them.
  const end = length === 0 && opened.signals.length === 0 ? Number.POSITIVE_INFINITY : start + length;
  const inside = found.annotations.filter(({ sample }) => sample >= start && sample < end);
  return {
    annotations: inside.map(mark => ({ ...mark, sample: mark.sample - start })),
    definitions: found.definitions,
  };
}

/**
 * Gains are kept, but chosen for EDF, whose baselines may be fractions, and where the format cannot hold values at the
 * gain that they have: all decimals of a table, or what a resampled signal reaches between its samples.
 */
export function usualGains(
  { name, signals }: Recording,
  container: string,
  format: number,
): 'keep' | 'choose' {
  if (container === 'EDF' || container === 'BDF') return 'choose';
  const { least, most } = signalFormats.get(format) ?? { least: -Infinity, most: Infinity };
  const isTooLarge = ({ adc, physical, header }: Signal): boolean =>
    (container !== 'WFDB' || header?.format === format) &&
    adc.some((value, i) => (value > most || value < least) && !Number.isNaN(physical[i]));
  const tooLarge = signals.filter(isTooLarge);
  if (tooLarge.length === 0) return 'keep';
  const names = tooLarge.map(signal => signal.name).join(', ');
  printError(
    `${name}: not every value of ${names} fits format ${format}: gains were chosen that use its range`,
  );
  return 'choose';
}
