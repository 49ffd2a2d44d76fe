/** Values of a column in the encodings of Parquet: as indices into a dictionary where they repeat, plain, or as differences. */
import type { Encoding } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import {
  type ColumnKind,
  type ColumnValues,
  noInteger,
  type TextValues,
} from '../../analysis/batch/columns.ts';
import { distinctOf } from './distinct-numbers.ts';
import { bitWidthOf, encodeHybrid } from './rle-hybrid.ts';

type Numbers = Float32Array | Float64Array | Int32Array;

/** The values of a column that are there, and for each row whether there is one; undefined if all are. */
interface Present<T> {
  readonly values: T;
  readonly isThere: Uint8Array | undefined;
}

/** Values as they are stored: those of the dictionary, or all, in Parquet's plain or another encoding. */
export interface Encoded {
  readonly dictionary?: { readonly bytes: Uint8Array; readonly count: number };
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
  readonly least: Bound;
  readonly greatest: Bound;
}

/** A column without any value. */
const nothing: Encoded = {
  encoding: 'PLAIN',
  bytes: new Uint8Array(0),
  least: undefined,
  greatest: undefined,
};

type Bound = number | bigint | boolean | string | undefined;

/** The values of a column and, for each row, whether it has one; undefined if all have. */
export type EncodedColumn = Encoded & { readonly isThere: Uint8Array | undefined };

/** Encodes a column that is given in parts. */
export function encodeValues(kind: ColumnKind, parts: readonly ColumnValues[], rows: number): EncodedColumn {
  if (kind === 'text') return encodeTexts(parts as readonly TextValues[], rows);
  if (kind === 'boolean') {
    const { values, isThere } = present(new Uint8Array(rows), parts as readonly Uint8Array[], 2);
    return { ...encodeBooleans(values), isThere };
  }
  const all =
    kind === 'float'
      ? new Float32Array(rows)
      : kind === 'integer'
        ? new Int32Array(rows)
        : new Float64Array(rows);
  const missing = kind === 'integer' ? noInteger : Number.NaN;
  const { values, isThere } = present(all as Float64Array, parts as readonly Float64Array[], missing);
  return { ...encodeNumbers(kind, values), isThere };
}

/** The distinct texts in order of appearance, and their indices. */
function encodeTexts(parts: readonly TextValues[], rows: number): EncodedColumn {
  const places = new Map<string, number>();
  const codes = new Int32Array(rows);
  const isThere = new Uint8Array(rows);
  let row = 0;
  let count = 0;
  for (const { words, codes: given } of parts) {
    const known = new Int32Array(words.length).fill(-1);
    for (let k = 0; k < given.length; k++, row++) {
      const code = given[k]!;
      if (code < 0) continue;
      if (known[code] === -1) {
        const word = words[code]!;
        const place = places.get(word) ?? places.size;
        places.set(word, place);
        known[code] = place;
      }
      codes[count++] = known[code]!;
      isThere[row] = 1;
    }
  }
  if (count === 0) return { ...nothing, isThere: rows === 0 ? undefined : isThere };
  const words = [...places.keys()].map(word => Buffer.from(word));
  const sorted = [...words].sort(Buffer.compare);
  return {
    dictionary: { bytes: Buffer.concat(words.flatMap(word => [lengthOf(word), word])), count: words.length },
    ...indices(codes.subarray(0, count), words.length),
    least: sorted[0]!.toString(),
    greatest: sorted.at(-1)!.toString(),
    isThere: count === rows ? undefined : isThere,
  };
}

function lengthOf(word: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(word.length);
  return bytes;
}

function indices(codes: Int32Array, count: number): Pick<Encoded, 'encoding' | 'bytes'> {
  const bitWidth = bitWidthOf(Math.max(0, count - 1));
  const runs = encodeHybrid(codes, bitWidth);
  const bytes = new Uint8Array(runs.length + 1);
  bytes[0] = bitWidth;
  bytes.set(runs, 1);
  return { encoding: 'RLE_DICTIONARY', bytes };
}

/** Joins the parts of a column in `into`, and leaves out the missing values. */
function present<T extends Numbers | Uint8Array>(into: T, parts: readonly T[], missing: number): Present<T> {
  let rows = 0;
  for (const part of parts) {
    into.set(part, rows);
    rows += part.length;
  }
  const isThere = new Uint8Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = into[row]!;
    if (value === missing || Number.isNaN(value)) continue;
    isThere[row] = 1;
    into[count++] = value;
  }
  return { values: into.subarray(0, count) as T, isThere: count === rows ? undefined : isThere };
}

function encodeBooleans(values: Uint8Array): Encoded {
  if (values.length === 0) return nothing;
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  let ones = 0;
  for (let k = 0; k < values.length; k++) {
    bytes[k >> 3]! |= values[k]! << (k & 7);
    ones += values[k]!;
  }
  return { encoding: 'PLAIN', bytes, least: ones === values.length, greatest: ones > 0 };
}

/** Numbers of which each occurs so often, or of which there are so few, that indices take less than half the space. */
const mostDistinct = 1 << 15;
const leastRepeats = 4;

function encodeNumbers(kind: 'float' | 'double' | 'integer' | 'long', values: Numbers): Encoded {
  if (values.length === 0) return nothing;
  const { least, greatest } = boundsOf(kind, values);
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  const size = values.BYTES_PER_ELEMENT === 8 ? 2 : 1;
  const most = Math.min(mostDistinct, Math.floor(values.length / leastRepeats));
  const distinct = most === 0 ? undefined : distinctOf(words, size, most);
  if (distinct === undefined) {
    const encoding = kind === 'float' || kind === 'double' ? 'PLAIN' : 'DELTA_BINARY_PACKED';
    return {
      encoding,
      bytes: encoding === 'PLAIN' ? bytesOf(values) : deltas(kind, values),
      least,
      greatest,
    };
  }
  const { firsts, codes } = distinct;
  const chosen = values.slice(0, firsts.length);
  for (let k = 0; k < firsts.length; k++) chosen[k] = values[firsts[k]!]!;
  const bytes = bytesOf(kind === 'long' ? BigInt64Array.from(chosen, BigInt) : chosen);
  return {
    dictionary: { bytes, count: firsts.length },
    ...indices(codes, firsts.length),
    least,
    greatest,
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers | BigInt64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Differences of consecutive integers, in few bits. */
function deltas(kind: 'integer' | 'long' | 'float' | 'double', values: Numbers): Uint8Array {
  const writer = new ByteWriter(values.length * 2 + 64);
  const narrow = Int32Array.from(values);
  const fits = values instanceof Int32Array || values.every((value, k) => value === narrow[k]);
  const integers = fits ? narrow : BigInt64Array.from(values, BigInt);
  deltaBinaryPack(writer, integers, kind === 'integer' ? 'INT32' : 'INT64');
  return writer.getBytes();
}

function boundsOf(kind: ColumnKind, values: Numbers): { readonly least: Bound; readonly greatest: Bound } {
  let least = values[0]!;
  let greatest = least;
  for (let k = 1; k < values.length; k++) {
    const value = values[k]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (kind === 'long') return { least: BigInt(least), greatest: BigInt(greatest) };
  if (kind === 'integer') return { least, greatest };
  // As the format requires of zeros, whose sign does not order them.
  return { least: least === 0 ? -0 : least, greatest: greatest === 0 ? 0 : greatest };
}
