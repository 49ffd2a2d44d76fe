/**
 * The run-length and bit-packing hybrid of Parquet, for dictionary indices and definition levels (Apache Parquet format,
 * Encodings).
 */
import { InputError } from '../../input-error.ts';

/** A run of this many equal values, or more, is stored as a run. */
const shortestRun = 8;

/** The bits needed for integers up to `most`. */
export const bitWidthOf = (most: number): number => 32 - Math.clz32(most);

/** Bytes and the number of those written. */
interface Output {
  readonly bytes: Uint8Array;
  at: number;
}

/** Encodes integers of `bitWidth` bits (at most 24). */
export function encodeHybrid(values: Int32Array | Uint8Array, bitWidth: number): Uint8Array {
  // Packed groups take bitWidth bytes for 8 values; a header of up to 5 bytes precedes each run of at least 8 values,
  // and each sequence of groups between such runs.
  const most = Math.ceil(values.length / 8) * (bitWidth + 10 + ((bitWidth + 7) >> 3)) + 16;
  const out: Output = { bytes: new Uint8Array(most), at: 0 };
  const { length } = values;
  let packedFrom = 0;
  let i = 0;
  while (i < length) {
    const value = values[i]!;
    let end = i + 1;
    while (end < length && values[end] === value) end++;
    if (end - i < shortestRun) {
      i += 8;
      continue;
    }
    writePacked(out, values.subarray(packedFrom, i), bitWidth);
    writeVarInt(out, (end - i) * 2);
    for (let bits = 0; bits < bitWidth; bits += 8) out.bytes[out.at++] = value >>> bits;
    i = end;
    packedFrom = end;
  }
  writePacked(out, values.subarray(packedFrom), bitWidth);
  return out.bytes.subarray(0, out.at);
}

/** Packs values in groups of 8, the last filled up with zeros. */
function writePacked(out: Output, values: Int32Array | Uint8Array, bitWidth: number): void {
  if (values.length === 0) return;
  const groups = Math.ceil(values.length / 8);
  writeVarInt(out, groups * 2 + 1);
  const { bytes } = out;
  let { at } = out;
  let held = 0;
  let bits = 0;
  for (let k = 0; k < 8 * groups; k++) {
    held |= (k < values.length ? values[k]! : 0) << bits;
    bits += bitWidth;
    while (bits >= 8) {
      bytes[at++] = held;
      held >>>= 8;
      bits -= 8;
    }
  }
  out.at = at;
}

function writeVarInt(out: Output, value: number): void {
  let left = value;
  for (; left > 127; left >>>= 7) out.bytes[out.at++] = (left & 127) | 128;
  out.bytes[out.at++] = left;
}

/**
 * Decodes `count` integers of `bitWidth` bits (at most 24) from the start of `bytes`. Throws `InputError` if there are
 * fewer.
 */
export function decodeHybrid(bytes: Uint8Array, bitWidth: number, count: number): Int32Array {
  if (bitWidth > 24) throw new InputError('the indices of the column are too wide');
  const values = new Int32Array(count);
  let at = 0;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw new InputError('a run of the column is damaged');
      header |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    const size = header >>> 1;
    if ((header & 1) === 0) {
      let value = 0;
      for (let bits = 0; bits < bitWidth; bits += 8) value |= (bytes[at++] ?? 0) << bits;
      if (size === 0 || at > bytes.length) throw new InputError('a run of the column is damaged');
      values.fill(value, filled, Math.min(count, filled + size));
      filled += size;
    } else {
      const end = Math.min(count, filled + 8 * size);
      unpack(bytes.subarray(at), bitWidth, values.subarray(filled, end));
      if (size === 0) throw new InputError('a run of the column is damaged');
      filled += 8 * size;
      at += size * bitWidth;
    }
  }
  return values;
}

function unpack(bytes: Uint8Array, bitWidth: number, values: Int32Array): void {
  if (bytes.length < Math.ceil((values.length * bitWidth) / 8))
    throw new InputError('the column ends too early');
  const mask = 2 ** bitWidth - 1;
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let k = 0; k < values.length; k++) {
    while (bits < bitWidth) {
      held |= bytes[at++]! << bits;
      bits += 8;
    }
    values[k] = held & mask;
    held >>>= bitWidth;
    bits -= bitWidth;
  }
}
