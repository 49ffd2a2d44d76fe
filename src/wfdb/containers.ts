/**
 * The containers that recordings come in, told by content and not by name: a table, which a caller may extend by rows of
 * its own.
 */

import { isBdf, isEdf } from './edf/header.ts';
import { readEdf } from './edf/read-edf.ts';
import { WfdbError } from './errors.ts';
import { decodeText, parseHeader, quote } from './header.ts';
import { parseMat4Header } from './matlab/mat4.ts';
import { type Mat4ReadOptions, readMat4 } from './matlab/read-mat4.ts';
import { type Recording, readRecord } from './record.ts';
import type { Source } from './source.ts';
import { unsupportedFormatOf } from './unsupported-formats.ts';

/** What to read of any container. */
export type ContainerOptions = Mat4ReadOptions;

/** One kind of file. */
export interface Container {
  readonly name: string;
  /** Whether a file is of this kind, by its first bytes: `detectionBytes` of them, or all. */
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Reads the file of that name; throws as `readRecord` does. */
  readonly read: (source: Source, file: string, options: ContainerOptions) => Promise<Recording>;
}

/** A recording and what it came in. */
export interface ContainedRecording extends Recording {
  /** The row's name, e.g. `EDF`. */
  readonly container: string;
}

/** As many bytes of a file as are looked at to tell what it is. */
export const detectionBytes = 1 << 16;

/** The containers read here, in the order in which they are asked. */
export const containers: readonly Container[] = [
  { name: 'EDF', matches: isEdf, read: readEdf },
  { name: 'BDF', matches: isBdf, read: readEdf },
  { name: 'MATLAB v4', matches: bytes => parseMat4Header(bytes) !== undefined, read: readMat4 },
  {
    name: 'WFDB',
    matches: isHeader,
    read: (source, file, options) => readRecord(source, file.replace(/\.hea$/i, ''), options),
  },
];

/**
 * The row that a file belongs to, by its first bytes; undefined where none matches.
 *
 * @example
 * detectContainer(new TextEncoder().encode('x 0 250 10\n'))?.name; // => 'WFDB'
 */
export function detectContainer(
  bytes: Uint8Array,
  rows: readonly Container[] = containers,
): Container | undefined {
  return rows.find(row => row.matches(bytes));
}

/**
 * Reads a file of any container. For one that no row matches it throws `WfdbError` with code `unsupported`, which names
 * what the file is and what can convert it, where that can be told. Rows of a caller's own go before or behind
 * `containers`.
 *
 * @example
 * const silence = { name: 'silence', matches: bytes => bytes[0] === 7, read: async () => readRecord(source, 'synth/s01') };
 * const recording = await readContainer(memorySource({ x: Uint8Array.of(7) }), 'x', {}, [...containers, silence]);
 * recording.container // => 'silence'
 */
export async function readContainer(
  source: Source,
  file: string,
  options: ContainerOptions = {},
  rows: readonly Container[] = containers,
): Promise<ContainedRecording> {
  const bytes = await source.read(file, 0, detectionBytes);
  const row = detectContainer(bytes, rows);
  if (row === undefined) throw unknownContainer(file, bytes, rows);
  return { ...(await row.read(source, file, options)), container: row.name };
}

/** The error for a file that no row matches. `bytes` are the first of it. */
export function unknownContainer(
  file: string,
  bytes: Uint8Array,
  rows: readonly Container[] = containers,
): WfdbError {
  const foreign = unsupportedFormatOf(bytes);
  const found =
    foreign?.name ?? (bytes.length === 0 ? 'an empty file' : quote(decodeText(bytes.subarray(0, 40))));
  return new WfdbError({
    code: 'unsupported',
    file,
    expected: `a file of a kind that is read: ${rows.map(({ name }) => name).join(', ')}`,
    found,
    ...(foreign !== undefined && { hint: foreign.advice }),
  });
}

/** Text that parses as a WFDB header and is nothing else: one of no signals has no other lines. */
function isHeader(bytes: Uint8Array): boolean {
  if (bytes.subarray(0, 1000).includes(0)) return false;
  const text = decodeText(bytes);
  try {
    const { signalCount } = parseHeader(text, 'x.hea');
    const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'));
    return signalCount > 0 || lines.length === 1;
  } catch (error) {
    if (error instanceof WfdbError) return false;
    throw error;
  }
}
