/**
 * The run-length and bit-packing hybrid of Parquet, for dictionary indices and definition levels (Apache Parquet format,
 * Encodings).
 */

/** A run of this many equal values, or more, is stored as a run. */
const shortestRun = 8;

/** The bits needed for integers up to `most`. */
export const bitWidthOf = (most: number): number => 32 - Math.clz32(most);

/** Encodes integers of `bitWidth` bits (at most 24). */
export function encodeHybrid(values: Int32Array | Uint8Array, bitWidth: number): Uint8Array {
  // Packed groups take bitWidth bytes for 8 values; a header of up to 5 bytes precedes each run of at least 8 values,
  // and each sequence of groups between such runs.
  const out = new Uint8Array(Math.ceil(values.length / 8) * (bitWidth + 10 + ((bitWidth + 7) >> 3)) + 16);
  const { length } = values;
  let at = 0;
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
    at = writePacked(out, at, values, packedFrom, i, bitWidth);
    at = writeVarInt(out, at, (end - i) * 2);
    for (let bits = 0; bits < bitWidth; bits += 8) out[at++] = value >>> bits;
    i = end;
    packedFrom = end;
  }
  return out.subarray(0, writePacked(out, at, values, packedFrom, length, bitWidth));
}

/** Packs values `[from, to)` in groups of 8, the last filled up with zeros. Returns the end of what is written. */
function writePacked(
  out: Uint8Array,
  start: number,
  values: Int32Array | Uint8Array,
  from: number,
  to: number,
  bitWidth: number,
): number {
  if (from >= to) return start;
  const groups = Math.ceil((to - from) / 8);
  let at = writeVarInt(out, start, groups * 2 + 1);
  let held = 0;
  let bits = 0;
  for (let k = from; k < from + 8 * groups; k++) {
    held |= (k < to ? values[k]! : 0) << bits;
    bits += bitWidth;
    while (bits >= 8) {
      out[at++] = held;
      held >>>= 8;
      bits -= 8;
    }
  }
  return at;
}

function writeVarInt(out: Uint8Array, start: number, value: number): number {
  let at = start;
  let left = value;
  for (; left > 127; left >>>= 7) out[at++] = (left & 127) | 128;
  out[at++] = left;
  return at;
}

/**
 * Decodes `count` integers of `bitWidth` bits (at most 24) from the start of `bytes`. Throws `RangeError` if there are
 * fewer.
 */
export function decodeHybrid(bytes: Uint8Array, bitWidth: number, count: number): Int32Array {
  if (bitWidth > 24) throw new RangeError('the indices of the column are too wide');
  const values = new Int32Array(count);
  let at = 0;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw new RangeError('a run of the column is damaged');
      header |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    const size = header >>> 1;
    if ((header & 1) === 0) {
      let value = 0;
      for (let bits = 0; bits < bitWidth; bits += 8) value |= (bytes[at++] ?? 0) << bits;
      if (size === 0 || at > bytes.length) throw new RangeError('a run of the column is damaged');
      values.fill(value, filled, Math.min(count, filled + size));
      filled += size;
    } else {
      const end = Math.min(count, filled + 8 * size);
      unpack(bytes.subarray(at), bitWidth, values.subarray(filled, end));
      if (size === 0) throw new RangeError('a run of the column is damaged');
      filled += 8 * size;
      at += size * bitWidth;
    }
  }
  return values;
}

function unpack(bytes: Uint8Array, bitWidth: number, values: Int32Array): void {
  if (bytes.length < Math.ceil((values.length * bitWidth) / 8))
    throw new RangeError('the column ends too early');
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
