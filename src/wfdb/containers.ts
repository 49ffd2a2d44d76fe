/**
 * The file formats (containers) that recordings are stored in, identified by content, not by file name. Callers can
 * extend the table.
 */

import { isBdf, isEdf } from './edf/header.ts';
import { readEdf } from './edf/read-edf.ts';
import { WfdbError } from './errors.ts';
import { parseHeader } from './header.ts';
import { parseMat4Header } from './matlab/mat4.ts';
import { type Mat4ReadOptions, readMat4 } from './matlab/read-mat4.ts';
import { type Recording, readRecord } from './record.ts';
import type { Source } from './source.ts';
import { decodeText, quote } from './text.ts';
import { unsupportedFormatOf } from './unsupported-formats.ts';

/** Read options that apply to any container. */
export type ContainerOptions = Mat4ReadOptions;

/** One container format. */
export interface Container {
  readonly name: string;
  /** Whether a file has this format, judged from its first `detectionBytes` bytes. */
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Reads the file `file`; throws as `readRecord` does. */
  readonly read: (source: Source, file: string, options: ContainerOptions) => Promise<Recording>;
}

/** A recording and the container it was read from. */
export interface ContainedRecording extends Recording {
  /** Name of the container, e.g. `EDF`. */
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
 * Identifies the container of a file from its first bytes; undefined if none matches.
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
 * Reads a file in any known container. Throws `WfdbError` with code `unsupported` if none matches; if the format is
 * recognised, the message names it and a program that converts it. Pass `rows` to add containers before or after those
 * in `containers`.
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

/** Whether the text is a WFDB header. One without signals must have no further lines. */
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
