/**
 * Header files (`.hea`), which describe a record. Grammar and defaults follow the WFDB Applications Guide, header(5):
 *
 *   name[/segments] signals [fs[/counterFrequency[(baseCounter)]] [length [time [date]]]]
 *   file format[xSamplesPerFrame][:skew][+byteOffset] [gain[(baseline)][/units] [resolution [zero [initial [checksum
 *     [blockSize [description]]]]]]]
 *   segment length
 *
 * A field can be omitted only together with all that follow it; defaults then apply. Lines that start with `#` are
 * comments; those after the last signal or segment line are the record's info strings.
 *
 * Deviations: a time or date not in the documented form is ignored with a warning (published records have `12-May-2020
 * 12:33:59`); the name in the record line may differ from that of the file, and may be preceded by a folder, which is
 * ignored.
 */
import { WfdbError } from './errors.ts';
import {
  type HeaderLine,
  parseRecordLine,
  parseSegmentLine,
  parseSignalLine,
  type SegmentHeader,
  type SignalHeader,
} from './header-lines.ts';
import type { Source } from './source.ts';
import { decodeText, isWebPage } from './text.ts';

export type { SegmentHeader, SignalHeader };

/** A parsed header file. */
export interface Header {
  /** Line number of the record line, from 1. */
  readonly line: number;
  /** Record name in the record line. */
  readonly name: string;
  /** Number of signals in the record line (for a multi-segment record, of the whole record). */
  readonly signalCount: number;
  /** Frames per second, Hz. */
  readonly samplingFrequency: number;
  /** Counter ticks per second. */
  readonly counterFrequency: number;
  readonly baseCounter: number;
  /**
   * Number of frames; undefined if the header does not state it (absent or 0). For a multi-segment record, the sum over
   * its segments.
   */
  readonly length: number | undefined;
  /** Time of day of the first sample, verbatim: `HH:MM:SS[.sss]`, `MM:SS` or `SS`. */
  readonly baseTime: string | undefined;
  /** Date of the first sample, verbatim: `DD/MM/YYYY`. */
  readonly baseDate: string | undefined;
  readonly signals: readonly SignalHeader[];
  /** Segments of a multi-segment record; undefined for an ordinary one. */
  readonly segments: readonly SegmentHeader[] | undefined;
  /** Info strings, without the `#` and surrounding spaces. */
  readonly comments: readonly string[];
  /** Messages about parts that were ignored or inconsistent. */
  readonly warnings: readonly string[];
}

/** Maximum size of a header file. */
const maxHeaderBytes = 16 * 1024 * 1024;

/**
 * Reads and parses `name.hea`. Throws `WfdbError`.
 *
 * @example (await readHeader(source, 'mitdb-208-excerpt')).signals[0].name // => 'MLII'
 */
export async function readHeader(source: Source, name: string): Promise<Header> {
  const file = `${name}.hea`;
  const bytes = await source.read(file, 0, maxHeaderBytes + 1);
  if (bytes.length > maxHeaderBytes) {
    throw new WfdbError({
      code: 'too-large',
      file,
      expected: `a header of at most ${maxHeaderBytes} bytes`,
      found: 'more',
    });
  }
  const text = decodeText(bytes);
  if (isWebPage(text)) {
    const hint = 'it may be a login page, or a page that describes the file';
    throw new WfdbError({ code: 'syntax', file, line: 1, expected: 'a header', found: 'a web page', hint });
  }
  return parseHeader(text, file);
}

/**
 * Parses a header's text. `file` is its name, for errors. Throws `WfdbError` with code `syntax`, `unsupported` (an
 * unknown format) or `outside` (a file name outside the folder), and the line number.
 *
 * @example
 * parseHeader('100 1 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n', '100.hea').signals[0].name; // => 'MLII'
 */
export function parseHeader(text: string, file: string): Header {
  const lines: HeaderLine[] = [];
  const remarks: HeaderLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = { number: index + 1, text: raw.trim() };
    if (line.text.startsWith('#')) remarks.push(line);
    else if (line.text !== '') lines.push(line);
  }
  const first = lines[0];
  if (first === undefined) {
    throw new WfdbError({ code: 'syntax', file, line: 1, expected: 'a record line', found: 'no such line' });
  }
  const { segmentCount, ...record } = parseRecordLine(first, file);
  const needed = segmentCount ?? record.signalCount;
  const rest = lines.slice(1, 1 + needed);
  if (rest.length < needed) {
    throw new WfdbError({
      code: 'syntax',
      file,
      line: first.number,
      expected: `${needed} ${segmentCount === undefined ? 'signal' : 'segment'} lines to follow`,
      found: `${rest.length}`,
    });
  }
  const last = rest.at(-1) ?? first;
  const signals =
    segmentCount === undefined ? rest.map((line, i) => parseSignalLine(line, file, record.name, i)) : [];
  const segments = segmentCount === undefined ? undefined : rest.map(line => parseSegmentLine(line, file));
  const total = segments?.reduce((sum, segment) => sum + segment.length, 0);
  const warnings = [...record.warnings];
  if (total !== undefined && record.length !== undefined && total !== record.length) {
    warnings.push(`line ${first.number}: ${record.length} samples announced, the segments have ${total}`);
  }
  return {
    ...record,
    length: total ?? record.length,
    signals,
    segments,
    warnings,
    comments: remarks.filter(line => line.number > last.number).map(line => line.text.slice(1).trim()),
  };
}
