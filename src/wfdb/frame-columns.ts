/** The layout of frames in a signal file: the columns of each signal. */
import type { SignalHeader } from './header.ts';

/** The samples of one signal in a range of frames. */
export interface SignalSamples {
  /** Physical units, `samplesPerFrame` per frame, NaN where invalid. */
  readonly physical: Float64Array;
  /** Sum of the stored samples in ADC units modulo 2³², regardless of the skew. */
  readonly sum: number;
  /** Whether samples at the end are missing, and therefore NaN. */
  readonly isCut?: boolean;
}

/** The position of a signal in the frame. */
export interface Column {
  readonly line: SignalHeader;
  /** Offset of the signal's first sample in the frame, and its number of samples per frame. */
  readonly offset: number;
  readonly width: number;
  /** Frames. */
  readonly skew: number;
  /** Baseline and gain. */
  readonly scale: Float64Array;
}

/** Frames read from a file. */
export interface Fetched {
  readonly frames: number;
  /** Byte offset at which reading stopped; the end of the file if fewer frames than requested were found. */
  readonly end: number;
  /** One entry per column, undefined if it was not requested. */
  readonly columns: readonly (SignalSamples | undefined)[];
  /** Number of frames according to the file itself, if it is stated. */
  readonly announced?: number | undefined;
}

/** Reads the frames of a file as stored; fewer than requested if the file ends. */
export interface FrameReader {
  fetch(from: number, to: number | undefined, wanted: readonly boolean[]): Promise<Fetched>;
  close(): void;
}

/** The columns of the signals of a file, in frame order. */
export function columnsOf(lines: readonly SignalHeader[]): readonly Column[] {
  let offset = 0;
  return lines.map(line => {
    const width = line.samplesPerFrame;
    const skew = Math.round(line.skew / width);
    const column = { line, offset, width, skew, scale: Float64Array.of(line.baseline, line.adcGain) };
    offset += width;
    return column;
  });
}
