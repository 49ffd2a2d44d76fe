/** Interface of an open recording, common to all containers. */
import { InputError } from '../input-error.ts';
import type { AnnotationFile } from '../wfdb/annotations/annotation-file.ts';
import type { Container, ContainerOptions } from '../wfdb/containers.ts';
import type { Recording, Signal } from '../wfdb/record.ts';
import type { ReadWarning } from '../wfdb/warnings.ts';

/** Half-open time window of a recording; the whole recording by default. */
export interface TimeWindow {
  readonly startSeconds?: number;
  readonly endSeconds?: number;
}

/** Options for opening a recording, in addition to the time window. */
export interface OpenOptions extends TimeWindow {
  /**
   * If true, reads the intact data of a damaged file and reports every loss in `warnings`; if false, the first loss
   * throws a `WfdbError`. By default samples are read strictly and annotations leniently.
   */
  readonly lenient?: boolean;
  /**
   * Treatment of signals with different sampling frequencies. `frame` (default): one sample per frame of a WFDB
   * record; for EDF, the highest sampling frequency, with samples of slower signals repeated. `highest`: the highest
   * sampling frequency for WFDB records too. `signal`: each signal at its own sampling frequency. If absent,
   * `withSignals` returns signals at their own sampling frequency.
   */
  readonly rate?: 'frame' | 'highest' | 'signal';
  /** Properties that a table, or a matrix without header, does not state itself. */
  readonly table?: NonNullable<ContainerOptions['table']>;
  /** Known containers, in the order in which they are tried; default: the built-in ones. */
  readonly containers?: readonly Container[];
}

/** Description of a signal, without its samples. */
export type SignalDescription = Pick<
  Signal,
  'name' | 'units' | 'calibrated' | 'samplingFrequency' | 'unitsAssumed'
>;

/**
 * Annotations, with sample indices counted from the start of the whole recording, and the custom annotation types
 * they define.
 */
export type OpenAnnotations = Pick<AnnotationFile, 'annotations' | 'definitions'>;

/** A recording opened for reading. */
export interface OpenRecording {
  /** Name, as requested. */
  readonly name: string;
  /** `WFDB`, `EDF`, `BDF`, `MATLAB v4`, `table`, or the name of a custom container. */
  readonly container: string;
  /** Frames per second, Hz. */
  readonly samplingFrequency: number;
  /** Samples of this recording per frame of the record, in which its annotation files count time. */
  readonly samplesPerFrame: number;
  /** Index in the whole recording of the first frame of the window. */
  readonly start: number;
  /** Number of frames in the window; undefined if it can only be determined by reading to the end. */
  readonly length: number | undefined;
  readonly signals: readonly SignalDescription[];
  /** Time of day and date of the first frame of the whole recording, in the format of WFDB headers. */
  readonly baseTime: string | undefined;
  readonly baseDate: string | undefined;
  /** Warnings so far about what was assumed, omitted or filled in; reading may add more. */
  readonly warnings: readonly ReadWarning[];
  /**
   * Reads the window as consecutive pieces of `seconds`, by default `pieceSeconds`, with all signals or those named.
   * Throws `WfdbError` for malformed data.
   */
  pieces(signals?: readonly string[], seconds?: number): AsyncIterable<Recording>;
  /** Reads the window in one piece. Throws `WfdbError` for malformed data. */
  read(signals?: readonly string[]): Promise<Recording>;
  /**
   * The annotations in the window, with sample indices counted from the start of the whole recording: those of the
   * named annotator for a WFDB record, the file's own for EDF+, and those of the label column for a table. Undefined
   * if the container has none.
   */
  annotations(annotator: string): Promise<OpenAnnotations | undefined>;
  /**
   * The same recording with only some signals, at their own sampling frequency if the recording has several. Throws
   * `InputError` for unknown signals, and for signals with different sampling frequencies.
   */
  withSignals(names: readonly string[]): OpenRecording;
}

/** Default length of a piece, s: 3 leads at 500 Hz take 7 MB. */
export const pieceSeconds = 600;

/** The description of a signal, without its samples. */
export const descriptionOf = ({
  name,
  units,
  calibrated,
  samplingFrequency,
  unitsAssumed,
}: Signal): SignalDescription => ({
  name,
  units,
  calibrated,
  samplingFrequency,
  ...(unitsAssumed && { unitsAssumed }),
});

/** The signals of the given names, in the order of the file. Throws `InputError` as `withSignals` does. */
export function signalsOfOneRate(
  { name, described }: { readonly name: string; readonly described: readonly SignalDescription[] },
  wanted: readonly string[],
): SignalDescription[] {
  const chosen = described.filter(signal => wanted.includes(signal.name));
  const missing = wanted.find(asked => !chosen.some(signal => signal.name === asked));
  if (missing !== undefined) throw new InputError(`${name} has no signal ${missing}`);
  const rates = new Set(chosen.map(signal => signal.samplingFrequency));
  if (rates.size <= 1) return chosen;
  const list = chosen.map(signal => `${signal.name} ${signal.samplingFrequency} Hz`).join(', ');
  throw new InputError(
    `${name}: signals of different rates cannot be taken together: ${list} (choose some, or bring all to one rate: convert --frequency-out)`,
  );
}

/** Collects warnings without duplicates, in the order in which they occur. */
export function warningList(): {
  readonly all: readonly ReadWarning[];
  add(warnings: readonly ReadWarning[]): void;
} {
  const all: ReadWarning[] = [];
  const messages = new Set<string>();
  return {
    all,
    add(warnings) {
      for (const warning of warnings) {
        if (!messages.has(warning.message)) all.push(warning);
        messages.add(warning.message);
      }
    },
  };
}
