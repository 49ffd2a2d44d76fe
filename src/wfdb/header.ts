/**
 * Header files (`.hea`): the text that says what a record holds. Grammar and defaults follow the WFDB Applications
 * Guide, header(5):
 *
 *   name[/segments] signals [fs[/counterFrequency[(baseCounter)]] [length [time [date]]]]
 *   file format[xSamplesPerFrame][:skew][+byteOffset] [gain[(baseline)][/units] [resolution [zero [initial [checksum
 *     [blockSize [description]]]]]]]
 *   segment length
 *
 * A field may be left out only with all that follow it; its default then holds. Lines that start with `#` are
 * comments; those after the last signal or segment line are the record's info strings.
 *
 * Deviations: a record line's time or date that is not of the documented form is set aside with a warning (published
 * records have `12-May-2020 12:33:59` there); the record line's name need not equal the file's, and may have a folder
 * before it, of which nothing is made.
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
  /** Where the record line is in the header file, from 1. */
  readonly line: number;
  /** Record name as on the record line. */
  readonly name: string;
  /** Number of signals as on the record line (for a multi-segment record: of the whole). */
  readonly signalCount: number;
  /** Frames per second, Hz. */
  readonly samplingFrequency: number;
  /** Counter ticks per second. */
  readonly counterFrequency: number;
  readonly baseCounter: number;
  /** Frames; undefined where the header does not say (absent or 0). Of a multi-segment record the sum of its segments. */
  readonly length: number | undefined;
  /** Time of day of the first sample as written, `HH:MM:SS[.sss]`, `MM:SS` or `SS`. */
  readonly baseTime: string | undefined;
  /** `DD/MM/YYYY` as written. */
  readonly baseDate: string | undefined;
  readonly signals: readonly SignalHeader[];
  /** Segments of a multi-segment record; undefined for an ordinary one. */
  readonly segments: readonly SegmentHeader[] | undefined;
  /** Info strings, without the `#` and surrounding blanks. */
  readonly comments: readonly string[];
  /** What was set aside or looks wrong but does not stop reading. */
  readonly warnings: readonly string[];
}

/** A header larger than this is not a header. */
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
    const hint = 'a login page, perhaps, or a page about the file';
    throw new WfdbError({ code: 'syntax', file, line: 1, expected: 'a header', found: 'a web page', hint });
  }
  return parseHeader(text, file);
}

/**
 * Parses a header's text. `file` is its name, for errors. Throws `WfdbError` with code `syntax`, `unsupported`
 * (a format that does not exist) or `outside` (a file name that climbs out of the folder), and the line.
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
