/**
 * Reads arrays from NumPy's `.npz`: a zip archive (PKWARE APPNOTE 6.3) of `.npy` files (NumPy Enhancement Proposal 1).
 * Supported are stored and deflated entries, and one-dimensional unsigned 16-bit arrays.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { WfdbError } from '../../src/wfdb/errors.ts';

/** Limit on the size of an array, bytes. */
const limit = 1 << 28;

/**
 * The array called `name` in an archive. Throws `WfdbError` (file, byte, expected, found) for anything but a valid
 * archive with a one-dimensional little-endian `uint16` array of that name. `file` is the archive's name, for errors.
 */
export function readNpzUint16(archive: Uint8Array, name: string, file: string): Uint16Array {
  return parseNpyUint16(unzip(archive, `${name}.npy`, file), `${file}/${name}.npy`);
}

function fail(file: string, byte: number, expected: string, found: string): never {
  throw new WfdbError({ code: 'syntax', file, byte, expected, found });
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The bytes of one entry, its checksum verified. */
function unzip(archive: Uint8Array, entry: string, file: string): Uint8Array {
  const view = viewOf(archive);
  const need = (at: number, length: number): void => {
    if (at + length > archive.length) {
      fail(file, archive.length, `${at + length - archive.length} more bytes`, 'the end of the file');
    }
  };

  // The end record is at the end, followed by at most a comment of 65535 bytes.
  let end = archive.length - 22;
  while (end >= 0 && end >= archive.length - 22 - 0xffff && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) {
    fail(file, 0, 'a zip archive', `${archive.length} bytes without an end-of-directory record`);
  }

  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    need(at, 46);
    if (view.getUint32(at, true) !== 0x02014b50) fail(file, at, 'a directory entry', 'other bytes');
    const nameLength = view.getUint16(at + 28, true);
    need(at + 46, nameLength);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    if (name !== entry) {
      names.push(name);
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
      continue;
    }
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const local = view.getUint32(at + 42, true);
    need(local, 30);
    if (view.getUint32(local, true) !== 0x04034b50) fail(file, local, 'a local file header', 'other bytes');
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    need(start, packed);
    if (size > limit) fail(file, at, `at most ${limit} bytes`, `${size}`);
    const bytes = expand(archive.subarray(start, start + packed), method, size, file, start);
    if (bytes.length !== size) fail(file, start, `${size} bytes in ${entry}`, `${bytes.length}`);
    if (crc32(bytes) !== checksum) fail(file, start, `${entry} with its checksum`, 'other content');
    return bytes;
  }
  return fail(file, 0, `an entry ${entry}`, names.length > 0 ? names.join(', ') : 'an empty archive');
}

function expand(packed: Uint8Array, method: number, size: number, file: string, byte: number): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) fail(file, byte, 'compression method 0 or 8', `${method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw new WfdbError({
      code: 'syntax',
      file,
      byte,
      expected: `${size} bytes of deflated data`,
      found: 'a broken stream',
      cause,
    });
  }
}

function parseNpyUint16(bytes: Uint8Array, file: string): Uint16Array {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, k) => bytes[k] !== byte)) {
    fail(file, 0, 'the NumPy magic string', 'other bytes');
  }
  const view = viewOf(bytes);
  const isWide = bytes[6]! >= 2;
  const start = isWide ? 12 : 10;
  const length = isWide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > bytes.length) fail(file, 8, 'a header inside the file', `${length} bytes of it`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const shape = /'shape': \((\d+),\)/.exec(header);
  if (!header.includes("'descr': '<u2'") || shape === null) {
    fail(file, start, "a one-dimensional array of type '<u2'", header.trim());
  }
  const count = Number(shape[1]);
  const data = start + length;
  if (bytes.length !== data + 2 * count) {
    fail(file, data, `${2 * count} bytes of data`, `${bytes.length - data}`);
  }
  return Uint16Array.from({ length: count }, (_, n) => view.getUint16(data + 2 * n, true));
}
