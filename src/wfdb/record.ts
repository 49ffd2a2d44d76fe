/** Reading records: the header and the samples of the signals, in full or a window of them. */

import { InputError } from '../input-error.ts';
import { printable } from '../printable.ts';
import { invalidCode, toAdc } from './adc.ts';
import type { SignalSamples } from './frame-columns.ts';
import { type Header, readHeader, type SignalHeader } from './header.ts';
import { samplesPerFrameAt } from './samples-per-frame.ts';
import { givenChecksums, openSegment, signed16 } from './segment.ts';
import { openSegments } from './segments.ts';
import type { Source } from './source.ts';
import { collectLosses, type Leniency, type ReadWarning } from './warnings.ts';

/** One signal (lead) of a record. */
export interface Signal {
  /** Description from the header, e.g. `MLII`. */
  readonly name: string;
  /** Physical units, e.g. `mV`. */
  readonly units: string;
  /** Sampling frequency of `adc` and `physical`, Hz. */
  readonly samplingFrequency: number;
  /** ADC units per physical unit; 200 if the header gives none (then `calibrated` is false). */
  readonly adcGain: number;
  /** The ADC value that corresponds to 0 physical units. */
  readonly baseline: number;
  readonly calibrated: boolean;
  /** True if the file does not state the units, and `units` were assumed. */
  readonly unitsAssumed?: boolean;
  /**
   * Sample values in ADC units; invalid samples have the invalid code of their format. Computed from `physical` on
   * first access. If segments have different gains, values are rounded to the gain of this signal.
   */
  readonly adc: Int32Array;
  /** Sample values in physical units (mV for ECG): (adc − baseline) / adcGain, NaN where invalid. */
  readonly physical: Float64Array;
  /** The signal line in the WFDB header, if there is one. */
  readonly header?: SignalHeader;
  /**
   * The checksum in the header as a signed 16-bit number, if given. If all checksums of a header are 0 they are taken
   * as not given, as in published records without computed checksums.
   */
  readonly checksum?: number;
  /** Sum of all samples in the file, modulo 2¹⁶, signed; absent for windows and multi-segment records. */
  readonly computedChecksum?: number;
}

/** Samples of one or more signals over the same time interval. */
export interface Recording {
  /** Record name as requested, e.g. `mitdb/100`. */
  readonly name: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Index of the first frame within the whole record (0 unless a window was read). */
  readonly start: number;
  /** Number of frames. */
  readonly length: number;
  readonly signals: readonly Signal[];
  /** Info strings (comments) of the header, without the `#`. */
  readonly comments: readonly string[];
  /** The WFDB header, if there is one. */
  readonly header?: Header;
  /** Missing data and inconsistencies that did not prevent reading; see `ReadOptions.lenient`. */
  readonly warnings: readonly ReadWarning[];
}

/** Which part of a record to read, and at which rate. */
export interface ReadOptions extends Leniency {
  /** Start of the window, in `unit`; default 0. */
  readonly from?: number;
  /** End of the window (exclusive), in `unit`; default: the end of the record. */
  readonly to?: number;
  /** Unit of `from` and `to`; seconds are rounded to the nearest sample. Default `samples` (frames). */
  readonly unit?: 'samples' | 'seconds';
  /** Names of the signals to read, in this order; default: all. */
  readonly signals?: readonly string[];
  /**
   * Treatment of signals with several samples per frame: `frame` (default) averages to one sample per frame; `highest`
   * upsamples all signals to the highest rate by repeating samples; `signal` keeps each signal's rate. With `frame` and
   * `highest` all signals have the same length.
   */
  readonly rate?: 'frame' | 'highest' | 'signal';
}

/**
 * Reads a record or a window of it; for a window, only the bytes and segments concerned are read. The header and signal
 * files of record `mitdb/100` are in folder `mitdb` of the source.
 *
 * When a whole signal of known length is read and the header gives its checksum, the checksum is verified. A signal
 * file whose size contradicts the header is an error for any window, except that a truncated file is an error only for
 * windows that extend beyond its end, and otherwise a warning.
 *
 * With `lenient`, all intact data is read, and each loss is listed in `warnings`: missing samples, signals without file
 * and unreadable segments are NaN; wrong checksums and sizes are reported.
 *
 * Throws `RangeError` for a window outside the record or a signal it does not have, and `WfdbError` for a missing or
 * malformed file.
 *
 * @example
 * const { signals } = await readRecord(source, 'mitdb-208-excerpt', { from: 10, to: 20, unit: 'seconds', signals: ['MLII'] });
 * signals[0].physical.length // => 3600
 */
export async function readRecord(
  source: Source,
  name: string,
  options: ReadOptions = {},
): Promise<Recording> {
  const record = await openRecord(source, name, options);
  try {
    const recording = await record.read(record.from, record.to);
    if (recording.length === 0 && recording.signals.length > 0 && record.from > 0) {
      throw new InputError(`${name}: the window starts at sample ${record.from}, the record ends before it`);
    }
    return recording;
  } finally {
    record.close();
  }
}

/** A record opened with a selection of signals, from which windows can be read. */
export interface OpenRecord {
  readonly header: Header;
  /** The requested window, in frames; `to` is undefined for the end of a record of unknown length. */
  readonly from: number;
  readonly to: number | undefined;
  read(from: number, to: number | undefined): Promise<Recording>;
  close(): void;
}

/** Opens a record for reading windows. Throws as `readRecord` does. */
export async function openRecord(source: Source, name: string, options: ReadOptions): Promise<OpenRecord> {
  const header = await readHeader(source, name);
  const losses = collectLosses(options.lenient);
  const { from, to } = windowOf(name, header, options);
  const segment =
    header.segments === undefined
      ? openSegment(source, name, header, losses)
      : await openSegments(source, name, header, from, losses);
  const chosen = chooseSignals(name, segment.lines, options.signals);
  const highest = segment.lines.reduce((most, line) => Math.max(most, line.samplesPerFrame), 1);
  const rate = options.rate === 'signal' ? 'own' : options.rate === 'highest' ? highest : 1;
  const checksums = header.segments === undefined ? givenChecksums(header) : [];
  let told = 0;
  /** Warnings not yet returned, those about the header first. */
  const warnings = (): readonly ReadWarning[] => {
    const all = [...headerWarnings(name, header), ...losses.warnings];
    const fresh = all.slice(told);
    told = all.length;
    return fresh;
  };
  return {
    header,
    from,
    to,
    close: segment.close,
    async read(from, to) {
      const recordingOf = (frames: number, signals: readonly Signal[], perFrame: number): Recording => ({
        name,
        samplingFrequency: header.samplingFrequency * perFrame,
        start: from * perFrame,
        length: frames * perFrame,
        signals,
        comments: header.comments,
        header,
        warnings: warnings(),
      });
      if (chosen.length === 0) return recordingOf(to === undefined ? 0 : to - from, [], 1);
      const { frames, signals } = await segment.read(from, to, chosen, rate);
      const isWhole =
        header.segments === undefined && from === 0 && (to === undefined || to === header.length);
      const made = signals.map((samples, k) => {
        const i = chosen[k]!;
        const line = segment.lines[i]!;
        const samplingFrequency = header.samplingFrequency * samplesPerFrameAt(line, rate);
        return makeSignal(line, samples, samplingFrequency, checksums[i], isWhole);
      });
      return recordingOf(frames, made, rate === 'own' ? 1 : rate);
    },
  };
}

/** The warnings of `parseHeader` as read warnings. */
function headerWarnings(name: string, header: Header): readonly ReadWarning[] {
  const file = `${name}.hea`;
  return header.warnings.map(text => ({
    code: 'inconsistent',
    file,
    line: header.line,
    byte: undefined,
    count: 1,
    what: 'header fields',
    message: printable(`${file}, ${text}`),
  }));
}

function makeSignal(
  line: SignalHeader,
  { physical, sum }: SignalSamples,
  samplingFrequency: number,
  checksum: number | undefined,
  isWhole: boolean,
): Signal {
  const { name, units, adcGain, baseline, calibrated } = line;
  let adc: Int32Array | undefined;
  return {
    name,
    units,
    samplingFrequency,
    adcGain,
    baseline,
    calibrated,
    physical,
    get adc() {
      adc ??= toAdc(physical, adcGain, baseline, invalidCode(line.format));
      return adc;
    },
    header: line,
    ...(checksum === undefined ? {} : { checksum }),
    ...(isWhole ? { computedChecksum: signed16(sum) } : {}),
  };
}

/** The window in frames; `to` undefined means to the end of a record of unknown length. */
function windowOf(
  name: string,
  header: Header,
  options: ReadOptions,
): { from: number; to: number | undefined } {
  const frame = (value: number): number =>
    options.unit === 'seconds' ? Math.round(value * header.samplingFrequency) : value;
  const from = frame(options.from ?? 0);
  const to = options.to === undefined ? header.length : frame(options.to);
  const end = header.length ?? Number.MAX_SAFE_INTEGER;
  const position = (value: number): string =>
    options.unit === 'seconds'
      ? `${Number((value / header.samplingFrequency).toFixed(3))} s`
      : `sample ${value}`;
  if (!Number.isSafeInteger(from) || from < 0 || from >= end) {
    throw new InputError(
      `${name}: the window starts at ${position(from)}, the record ends at ${position(end)}`,
    );
  }
  if (to !== undefined && (!Number.isSafeInteger(to) || to <= from || to > end)) {
    throw new InputError(
      `${name}: the window is from ${position(from)} to ${position(to)} (not included), the record ends at ${position(end)}`,
    );
  }
  return { from, to };
}

/** Indices of the requested signals, in this order; all if none are named. */
function chooseSignals(
  name: string,
  lines: readonly SignalHeader[],
  wanted: readonly string[] | undefined,
): readonly number[] {
  if (wanted === undefined) return lines.map((_, i) => i);
  return wanted.flatMap(signal => {
    const found = lines.flatMap((line, i) => (line.name === signal ? [i] : []));
    if (found.length === 0) {
      throw new InputError(
        `${name} has no signal '${signal}', only ${lines.map(l => `'${l.name}'`).join(', ')}`,
      );
    }
    return found;
  });
}
