/** Reads what `convert` writes: a recording and its annotations, optionally a part of them or resampled. */
import type { OpenAnnotations, OpenRecording } from '../analysis/open-recording.ts';
import { resampleAnnotations, resampleRecording } from '../analysis/resample-recording.ts';
import { WfdbError } from '../wfdb/errors.ts';
import { signalFormats } from '../wfdb/formats.ts';
import type { Recording, Signal } from '../wfdb/record.ts';
import { printError } from './output.ts';

/** The data to be written, held in memory. */
export interface Conversion {
  readonly recording: Recording;
  /** Annotations, with sample indices from the first sample of `recording`. */
  readonly marks: OpenAnnotations | undefined;
  /** Annotator name under which they are written. */
  readonly annotator: string;
}

/** Reads a recording with its annotations into memory, and resamples both if a frequency (Hz) is given. */
export async function readConversion(
  opened: OpenRecording,
  annotator: string | undefined,
  frequencyOut?: number,
): Promise<Conversion> {
  const whole = await opened.read();
  const { baseTime, baseDate } = opened;
  // Recordings in other formats have no WFDB header, only the base time and date.
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

/**
 * The annotations within the recording, with sample indices from its start; undefined if there are none. Throws
 * `WfdbError` if a requested annotator is missing.
 */
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
  // A record without signals may not state its length; all its annotations are then kept.
  const end = length === 0 && opened.signals.length === 0 ? Number.POSITIVE_INFINITY : start + length;
  const inside = found.annotations.filter(({ sample }) => sample >= start && sample < end);
  return {
    annotations: inside.map(mark => ({ ...mark, sample: mark.sample - start })),
    definitions: found.definitions,
  };
}

/**
 * Whether to keep the gains of the recording or choose new ones. They are chosen for EDF and BDF, whose baselines may
 * be fractional, and if values do not fit the output format at their gain: tables with many decimals, or resampled
 * signals that overshoot.
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
