/** The frames of a signal file, and each signal's columns in them. */
import type { SignalHeader } from './header.ts';

/** The samples of one signal over a stretch of frames. */
export interface SignalSamples {
  /** Physical units, `samplesPerFrame` to a frame, NaN where invalid. */
  readonly physical: Float64Array;
  /** Sum of the samples in the file, in ADC units modulo 2³², whatever the skew. */
  readonly sum: number;
  /** Samples at the end were lost, and are NaN. */
  readonly isCut?: boolean;
}

/** One signal's place in the frame. */
export interface Column {
  readonly line: SignalHeader;
  /** Samples of the frame before the first of this signal, and samples of it in a frame. */
  readonly offset: number;
  readonly width: number;
  /** Frames. */
  readonly skew: number;
  /** Baseline and gain. */
  readonly scale: Float64Array;
}

/** Frames of a file. */
export interface Fetched {
  readonly frames: number;
  /** Byte of the file at which reading stopped: nothing is there where there were fewer frames than asked for. */
  readonly end: number;
  /** One entry a column, undefined where it was not wanted. */
  readonly columns: readonly (SignalSamples | undefined)[];
  /** Frames that the file itself says it has, where it does. */
  readonly announced?: number | undefined;
}

/** Reads the frames of one file as they lie there; fewer than asked for where the file ends. */
export interface FrameReader {
  fetch(from: number, to: number | undefined, wanted: readonly boolean[]): Promise<Fetched>;
  close(): void;
}

/** The signals of a file, in frame order, one after the other in the frame. */
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
