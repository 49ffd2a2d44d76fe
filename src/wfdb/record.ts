/** A record: a header and the samples of its signals, all or a window of them. */
import { WfdbError } from './errors.ts';
import { formatNamed } from './formats.ts';
import { type Header, readHeader, type SignalHeader } from './header.ts';
import { readSignalFile } from './samples.ts';
import type { Source } from './source.ts';

/** One signal (lead) of a record. */
export interface Signal {
  /** Description from the header, e.g. `MLII`. */
  readonly name: string;
  /** Physical units, e.g. `mV`. */
  readonly units: string;
  /** Hz, of this signal's samples as they are in `adc` and `physical`. */
  readonly samplingFrequency: number;
  /** ADC units per physical unit; 200 where the header gives none (then `calibrated` is false). */
  readonly adcGain: number;
  /** The ADC value that stands for 0 physical units. */
  readonly baseline: number;
  readonly calibrated: boolean;
  /** Sample values in ADC units; an invalid sample keeps its format's invalid code. */
  readonly adc: Int32Array;
  /** Sample values in physical units (mV for ECG): (adc − baseline) / adcGain, NaN where invalid. */
  readonly physical: Float64Array;
  /** The signal line this came from; absent when it came from no WFDB header. */
  readonly header?: SignalHeader;
  /**
   * The header's checksum as a signed 16-bit number; absent where none is given. A header whose checksums are all 0
   * gives none: published records have that where nobody computed them.
   */
  readonly checksum?: number;
  /** Sum of all samples in the file, modulo 2¹⁶, signed; absent when only a window was read. */
  readonly computedChecksum?: number;
}

/** Samples of one or more signals over the same stretch of time. */
export interface Recording {
  /** Record name as asked for, e.g. `mitdb/100`. */
  readonly name: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Index in the whole record of the first frame held here (0 unless a window was asked for). */
  readonly start: number;
  /** Frames held here. */
  readonly length: number;
  readonly signals: readonly Signal[];
  /** Info strings (comments) of the header, without the `#`. */
  readonly comments: readonly string[];
  /** The header this came from; absent when it came from no WFDB header. */
  readonly header?: Header;
}

/** Which part of a record to read. */
export interface ReadOptions {
  /** First frame wanted, in `unit`; default 0. */
  readonly from?: number;
  /** End of the window, itself not included, in `unit`; default the record's end. */
  readonly to?: number;
  /** Unit of `from` and `to`; seconds are rounded to the nearest sample. Default `samples`. */
  readonly unit?: 'samples' | 'seconds';
  /** Names of the signals wanted, in the order wanted; default all. */
  readonly signals?: readonly string[];
}

/**
 * Reads a record, whole or a window of it; a window reads only the bytes it needs. The header and signal files of
 * record `mitdb/100` are in folder `mitdb` of the source.
 *
 * When a whole signal of known length is read and the header gives its checksum, the checksum is verified.
 *
 * Throws `RangeError` for a window outside the record or a signal it does not have, and `WfdbError` for a missing or
 * malformed file.
 *
 * @example
 * const { signals } = await readRecord(source, 'mitdb/100', { from: 10, to: 20, unit: 'seconds', signals: ['MLII'] });
 * signals[0].physical.length; // => 3600
 */
export async function readRecord(
  source: Source,
  name: string,
  options: ReadOptions = {},
): Promise<Recording> {
  const header = await readHeader(source, name);
  if (header.segments !== undefined) {
    throw new WfdbError({
      code: 'unsupported',
      file: `${name}.hea`,
      expected: 'a record of one segment',
      found: `${header.segments.length} segments`,
    });
  }
  const { from, to } = windowOf(name, header, options);
  const chosen = chooseSignals(name, header.signals, options.signals);
  const folder = name.slice(0, name.lastIndexOf('/') + 1);

  const files = groupByFile(header.signals, `${name}.hea`);
  const parts = new Map<number, { adc: Int32Array; sum: number }>();
  for (const [fileName, indices] of files) {
    if (!indices.some(i => chosen.includes(i))) continue;
    const group = indices.map(i => ({ header: header.signals[i]!, wanted: chosen.includes(i) }));
    const read = await readSignalFile(source, folder + fileName, group, from, to);
    for (const [k, part] of read.entries()) if (part !== undefined) parts.set(indices[k]!, part);
  }
  // A record of unknown length is as long as its shortest file.
  const length =
    to !== undefined
      ? to - from
      : Math.min(...[...parts].map(([i, part]) => framesOf(part.adc, header.signals[i]!)));
  const isWhole = from === 0 && (to === undefined || to === header.length);
  const checksums = checksumsOf(header);
  const signals = chosen.map(i => {
    const part = parts.get(i)!;
    const line = header.signals[i]!;
    const computedChecksum = (part.sum << 16) >> 16;
    const checksum = checksums[i];
    if (isWhole && header.length !== undefined && checksum !== undefined && checksum !== computedChecksum) {
      throw new WfdbError({
        code: 'checksum',
        file: folder + line.fileName,
        expected: `samples of signal ${i} ('${line.name}') that sum to ${checksum}`,
        found: `${computedChecksum}`,
      });
    }
    const adc = part.adc.subarray(0, length * line.samplesPerFrame);
    return {
      name: line.name,
      units: line.units,
      samplingFrequency: header.samplingFrequency * line.samplesPerFrame,
      adcGain: line.adcGain,
      baseline: line.baseline,
      calibrated: line.calibrated,
      adc,
      physical: toPhysical(adc, line),
      header: line,
      ...(checksum === undefined ? {} : { checksum }),
      ...(isWhole ? { computedChecksum } : {}),
    };
  });
  return {
    name,
    samplingFrequency: header.samplingFrequency,
    start: from,
    length,
    signals,
    comments: header.comments,
    header,
  };
}

/** The window in frames; `to` undefined means to the end of a record of unknown length. */
function windowOf(
  name: string,
  header: Header,
  options: ReadOptions,
): { from: number; to: number | undefined } {
  const perUnit = options.unit === 'seconds' ? header.samplingFrequency : 1;
  const frame = (value: number): number => (options.unit === 'seconds' ? Math.round(value * perUnit) : value);
  const from = frame(options.from ?? 0);
  const to = options.to === undefined ? header.length : frame(options.to);
  const end = header.length ?? Number.MAX_SAFE_INTEGER;
  if (!Number.isSafeInteger(from) || from < 0 || (from > 0 && from >= end)) {
    throw new RangeError(
      `${name}: the window starts at sample ${from}, the record has samples 0 to ${end - 1}`,
    );
  }
  if (to !== undefined && (!Number.isSafeInteger(to) || to <= from || to > end)) {
    throw new RangeError(
      `${name}: the window is samples ${from} to ${to} (not included), the record has ${end}`,
    );
  }
  return { from, to };
}

/** Indices of the signals asked for, in the order asked for; all when none are named. */
function chooseSignals(
  name: string,
  lines: readonly SignalHeader[],
  wanted: readonly string[] | undefined,
): readonly number[] {
  if (wanted === undefined) return lines.map((_, i) => i);
  return wanted.flatMap(signal => {
    const found = lines.flatMap((line, i) => (line.name === signal ? [i] : []));
    if (found.length === 0) {
      throw new RangeError(
        `${name} has no signal '${signal}', only ${lines.map(l => `'${l.name}'`).join(', ')}`,
      );
    }
    return found;
  });
}

/** Indices of the signals in each file, in frame order. Signals of one file must agree on format and offset. */
function groupByFile(lines: readonly SignalHeader[], file: string): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, line] of lines.entries()) {
    const group = groups.get(line.fileName);
    if (group === undefined) {
      groups.set(line.fileName, [i]);
      continue;
    }
    const before = lines[group.at(-1)!]!;
    if (group.at(-1) !== i - 1 || before.format !== line.format || before.byteOffset !== line.byteOffset) {
      throw new WfdbError({
        code: 'inconsistent',
        file,
        expected: `signals of '${line.fileName}' one after the other, of one format and byte offset`,
        found: `signal ${i} of format ${line.format}+${line.byteOffset} and signal ${group.at(-1)} of ${before.format}+${before.byteOffset}`,
      });
    }
    group.push(i);
  }
  return groups;
}

const framesOf = (adc: Int32Array, line: SignalHeader): number =>
  Math.floor(adc.length / line.samplesPerFrame);

/** Checksums as signed 16-bit numbers; none are given where all are 0. */
function checksumsOf(header: Header): readonly (number | undefined)[] {
  const given = header.signals.map(line => line.checksum);
  return given.every(sum => sum === undefined || sum === 0)
    ? given.map(() => undefined)
    : given.map(sum => (sum === undefined ? undefined : (sum << 16) >> 16));
}

function toPhysical(adc: Int32Array, line: SignalHeader): Float64Array {
  const { adcGain, baseline } = line;
  const invalid = formatNamed(line.format)!.invalid;
  const physical = new Float64Array(adc.length);
  for (let i = 0; i < adc.length; i++) {
    physical[i] = adc[i] === invalid ? Number.NaN : (adc[i]! - baseline) / adcGain;
  }
  return physical;
}
