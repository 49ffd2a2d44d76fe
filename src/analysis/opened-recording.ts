/** A recording opened for reading, whatever container it is in: what the openers of containers give. */
import { InputError } from '../input-error.ts';
import type { AnnotationFile } from '../wfdb/annotations/annotation-file.ts';
import type { Container, ContainerOptions } from '../wfdb/containers.ts';
import type { Recording, Signal } from '../wfdb/record.ts';
import type { ReadWarning } from '../wfdb/warnings.ts';

/** Which part of a recording, s; all of it where nothing is said. */
export interface TimeWindow {
  readonly from?: number;
  readonly to?: number;
}

/** How to open a recording, beside the window. */
export interface OpenOptions extends TimeWindow {
  /**
   * Whether what is whole is read of a file that is damaged, every loss in `warnings`; or the first loss is a
   * `WfdbError`. By default samples are read strictly, and of annotations all that are whole.
   */
  readonly lenient?: boolean;
  /**
   * Signals of several rates: `frame` (default) gives one sample a frame of a WFDB record, and of an EDF file the rate of
   * the fastest signal, samples of the others repeated; `highest` gives that of a WFDB record too; `signal` gives each
   * signal its own. Without a choice here, `withSignals` gives signals at their own rate.
   */
  readonly rate?: 'frame' | 'highest' | 'signal';
  /** What a table, or a matrix without a header, does not say of itself. */
  readonly table?: NonNullable<ContainerOptions['table']>;
  /** Containers known, in the order in which they are asked; default those read here. */
  readonly containers?: readonly Container[];
}

/** What is known of a signal without its samples. */
export type SignalDescription = Pick<
  Signal,
  'name' | 'units' | 'calibrated' | 'samplingFrequency' | 'unitsAssumed'
>;

/** Annotations, counted in samples from the start of the whole recording, and the types that they define. */
export type OpenAnnotations = Pick<AnnotationFile, 'annotations' | 'definitions'>;

/** A recording opened for reading. */
export interface OpenRecording {
  /** As asked for. */
  readonly name: string;
  /** `WFDB`, `EDF`, `BDF`, `MATLAB v4`, `table`, or the name of a row of one's own. */
  readonly container: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Samples of this recording per unit of time of the annotation files beside it, which count a record's frames. */
  readonly samplesPerFrame: number;
  /** Index in the whole recording of the first frame of the window. */
  readonly start: number;
  /** Frames in the window; undefined where only reading to the end would tell. */
  readonly length: number | undefined;
  readonly signals: readonly SignalDescription[];
  /** Time of day and date of the whole recording's first frame, as WFDB headers have them. */
  readonly baseTime: string | undefined;
  readonly baseDate: string | undefined;
  /** What was assumed, left out or filled in so far: reading on may add to it. */
  readonly warnings: readonly ReadWarning[];
  /** The window as consecutive pieces of `seconds`, by default some minutes, of the signals named or all. */
  pieces(signals?: readonly string[], seconds?: number): AsyncIterable<Recording>;
  /** The window in one piece. */
  read(signals?: readonly string[]): Promise<Recording>;
  /**
   * The annotations of the window, counted from the start of the whole recording: of a WFDB record those of the
   * annotator named, of EDF+ its own, of a table those of its column of labels. Undefined where the container has none.
   */
  annotations(annotator: string): Promise<OpenAnnotations | undefined>;
  /**
   * The same recording of some signals alone, at their own rate where it has signals of several. Throws `InputError` for
   * signals that it does not have, and for those of different rates.
   */
  withSignals(names: readonly string[]): OpenRecording;
}

/** Long enough to be read fast, short enough to be forgotten: 3 leads at 500 Hz are 7 MB. */
export const pieceSeconds = 600;

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

/** The signals of those names, in the order of the file. Throws `InputError` as `withSignals` does. */
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

/** Warnings in the order in which they are met, each once. */
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
