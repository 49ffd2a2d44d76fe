/**
 * Decodes a Parquet column chunk into a typed array. hyparquet, which reads the metadata of the file, decodes to arrays of
 * any values, and takes several times as long. Flat columns are read as Parquet writers usually store them: plain, as
 * indices into a dictionary, or as differences, uncompressed or compressed by Snappy.
 */

import { type ColumnChunk, type ColumnMetaData, type SchemaElement, snappyUncompress } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { deltaBinaryUnpack, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import {
  type ColumnKind,
  type ColumnValues,
  countOf,
  noInteger,
  type TextValues,
} from '../../analysis/batch/columns.ts';
import { InputError } from '../../input-error.ts';
import { decodeHybrid } from './rle-hybrid.ts';

/** A column chunk and the entry of its column in the schema. */
export interface ChunkToRead {
  readonly metadata: ColumnMetaData;
  readonly element: SchemaElement;
  /** The bytes `chunkRange` of the file. */
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** The bytes of a file that a column chunk occupies: start and end. */
export function chunkRange({ meta_data: metadata }: ColumnChunk): readonly [number, number] {
  const { data_page_offset, dictionary_page_offset, total_compressed_size } = metadata!;
  const start = Number(dictionary_page_offset || data_page_offset);
  return [start, start + Number(total_compressed_size)];
}

/** The kind of a column, from its type in the file; undefined for a type that is not read. */
const kindOf = ({ type }: Pick<SchemaElement, 'type'>): ColumnKind | undefined =>
  type &&
  (
    {
      FLOAT: 'float',
      DOUBLE: 'double',
      INT32: 'integer',
      INT64: 'long',
      BOOLEAN: 'boolean',
      BYTE_ARRAY: 'text',
    } as Record<string, ColumnKind>
  )[type];

/**
 * The values of a column chunk. Throws `InputError` if the chunk is damaged, or stored in a way that is not read.
 */
export function readColumnChunk(chunk: ChunkToRead): ColumnValues {
  const { metadata, element, bytes, rows } = chunk;
  const kind = kindOf(element);
  if (kind === undefined || metadata.path_in_schema.length !== 1 || element.repetition_type === 'REPEATED') {
    throw new InputError(
      `column ${metadata.path_in_schema.join('.')} of type ${element.type} cannot be read`,
    );
  }
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const values = emptyValues(kind, rows);
  let dictionary: Words | undefined;
  let row = 0;
  while (row < rows) {
    const page = nextPage(reader, chunk);
    if (page.isDictionary) dictionary = plainValues(kind, page.bytes, page.count);
    else row += addPage(values, row, kind, page, dictionary);
  }
  return values;
}

/** A page: its values, and for each of its rows whether there is one; undefined if all are there. */
interface Page {
  readonly isDictionary: boolean;
  readonly encoding: string;
  readonly bytes: Uint8Array;
  /** The number of values in a dictionary, or of rows. */
  readonly count: number;
  readonly isThere: Int32Array | undefined;
}

type Reader = Parameters<typeof parquetHeader>[0];

function nextPage(reader: Reader, { metadata, element, bytes: all, rows }: ChunkToRead): Page {
  const header = parquetHeader(reader);
  const start = reader.offset;
  reader.offset += header.compressed_page_size;
  if (reader.offset > all.length) throw new InputError('a page of the column is cut off');
  const stored = all.subarray(start, reader.offset);
  const { dictionary_page_header: ofDictionary, data_page_header: v1, data_page_header_v2: v2 } = header;
  const count = ofDictionary?.num_values ?? v1?.num_values ?? v2?.num_values ?? -1;
  if (!(count >= 0 && count <= Math.max(rows, stored.length * 64)))
    throw new InputError('a page of the column is damaged');
  const isOptional = element.repetition_type !== 'REQUIRED';
  const size = header.uncompressed_page_size;
  if (v2 !== undefined) {
    const { definition_levels_byte_length: levels, repetition_levels_byte_length: repeated } = v2;
    const body = stored.subarray(levels + repeated);
    const isPlain = v2.is_compressed === false;
    const bytes = isPlain ? body : uncompressed(body, size - levels - repeated, metadata.codec);
    const isThere = isOptional
      ? decodeHybrid(stored.subarray(repeated, repeated + levels), 1, count)
      : undefined;
    return { isDictionary: false, encoding: v2.encoding, bytes, count, isThere: unlessAll(isThere) };
  }
  const bytes = uncompressed(stored, size, metadata.codec);
  if (ofDictionary !== undefined)
    return { isDictionary: true, encoding: 'PLAIN', bytes, count, isThere: undefined };
  if (v1 === undefined) throw new InputError(`a page of type ${header.type} cannot be read`);
  const levels = isOptional ? wordAt(bytes, 0) : 0;
  const isThere = isOptional ? decodeHybrid(bytes.subarray(4, 4 + levels), 1, count) : undefined;
  const body = isOptional ? bytes.subarray(4 + levels) : bytes;
  return { isDictionary: false, encoding: v1.encoding, bytes: body, count, isThere: unlessAll(isThere) };
}

const unlessAll = (isThere: Int32Array | undefined): Int32Array | undefined =>
  isThere?.includes(0) ? isThere : undefined;

/** More than this many bytes cannot come of one byte that Snappy has compressed. */
const mostPerByte = 64;

function uncompressed(bytes: Uint8Array, size: number, codec: string): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes;
  if (codec !== 'SNAPPY') throw new InputError(`a column compressed by ${codec} cannot be read`);
  if (!(size >= 0 && size <= mostPerByte * bytes.length))
    throw new InputError('a page of the column is damaged');
  const out = new Uint8Array(size);
  if (size > 0) snappyUncompress(bytes, out);
  return out;
}

/** Values as stored, without the missing ones. */
type Words = ArrayLike<number> | readonly string[];

function emptyValues(kind: ColumnKind, rows: number): ColumnValues {
  switch (kind) {
    case 'float':
      return new Float32Array(rows).fill(Number.NaN);
    case 'double':
    case 'long':
      return new Float64Array(rows).fill(Number.NaN);
    case 'integer':
      return new Int32Array(rows).fill(noInteger);
    case 'boolean':
      return new Uint8Array(rows).fill(2);
    case 'text':
      return { words: [], codes: new Int32Array(rows).fill(-1) };
  }
}

/** Adds the values of a page from row `start` on, and returns the number of its rows. */
function addPage(
  values: ColumnValues,
  start: number,
  kind: ColumnKind,
  { encoding, bytes, count, isThere }: Page,
  dictionary: Words | undefined,
): number {
  if (start + count > countOf(values)) throw new InputError('the column has more values than rows');
  const present = isThere === undefined ? count : countOnes(isThere);
  const into = 'codes' in values ? values.codes : values;
  let found: ArrayLike<number>;
  if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') {
    if (dictionary === undefined) throw new InputError('the column has no dictionary');
    const codes = present === 0 ? new Int32Array(0) : decodeHybrid(bytes.subarray(1), bytes[0] ?? 0, present);
    checkCodes(codes, dictionary.length);
    found =
      'codes' in values
        ? placed(values, dictionary as readonly string[], codes)
        : looked(kind, dictionary as ArrayLike<number>, codes);
  } else {
    const stored = storedValues(kind, encoding, bytes, present);
    found =
      'codes' in values
        ? placed(values, stored as readonly string[], undefined)
        : (stored as ArrayLike<number>);
  }
  if (isThere === undefined) into.set(found, start);
  else for (let row = 0, k = 0; row < count; row++) if (isThere[row] === 1) into[start + row] = found[k++]!;
  return count;
}

/** The sum of zeros and ones, in a loop because `reduce` calls a function for each. */
function countOnes(values: Int32Array): number {
  let count = 0;
  for (let k = 0; k < values.length; k++) count += values[k]!;
  return count;
}

/** Throws `InputError` unless all codes are indices into a dictionary of `length` values. */
function checkCodes(codes: Int32Array, length: number): void {
  for (let k = 0; k < codes.length; k++) {
    if (codes[k]! >= length || codes[k]! < 0)
      throw new InputError('the column has an index beyond its dictionary');
  }
}

/** Values that are not indices into a dictionary. */
function storedValues(kind: ColumnKind, encoding: string, bytes: Uint8Array, count: number): Words {
  if (encoding === 'PLAIN') return plainValues(kind, bytes, count);
  if (encoding === 'RLE' && kind === 'boolean') return decodeHybrid(bytes.subarray(4), 1, count);
  if (count === 0) return [];
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  if (encoding === 'DELTA_BINARY_PACKED' && (kind === 'integer' || kind === 'long')) {
    const values = kind === 'integer' ? new Int32Array(count) : new BigInt64Array(count);
    deltaBinaryUnpack(reader, count, values);
    return values instanceof Int32Array ? values : Float64Array.from(values, Number);
  }
  if (encoding === 'BYTE_STREAM_SPLIT' && (kind === 'float' || kind === 'double')) {
    return byteStreamSplit(reader, count, kind === 'float' ? 'FLOAT' : 'DOUBLE', undefined) as Words;
  }
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' && kind === 'text') {
    const texts = new Array<Uint8Array>(count);
    deltaLengthByteArray(reader, count, texts);
    const decoder = new TextDecoder();
    return texts.map(text => decoder.decode(text));
  }
  throw new InputError(`a column encoded as ${encoding} cannot be read`);
}

function looked(kind: ColumnKind, dictionary: ArrayLike<number>, codes: Int32Array): ArrayLike<number> {
  const values = kind === 'float' ? new Float32Array(codes.length) : new Float64Array(codes.length);
  for (let k = 0; k < codes.length; k++) values[k] = dictionary[codes[k]!]!;
  return values;
}

/** The codes of texts among the words of a column, to which new ones are added. */
function placed(values: TextValues, texts: readonly string[], codes: Int32Array | undefined): Int32Array {
  const words = values.words as string[];
  const places = new Map(words.map((word, place) => [word, place]));
  const known = new Int32Array(texts.length).fill(-1);
  const count = codes?.length ?? texts.length;
  const out = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    const code = codes === undefined ? k : codes[k]!;
    if (known[code] === -1) {
      const text = texts[code]!;
      const place = places.get(text) ?? places.size;
      if (place === places.size) {
        places.set(text, place);
        words.push(text);
      }
      known[code] = place;
    }
    out[k] = known[code]!;
  }
  return out;
}

const wordAt = (bytes: Uint8Array, at: number): number => {
  if (at + 4 > bytes.length) throw new InputError('the column ends too early');
  return new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
};

const sizes = { float: 4, double: 8, integer: 4, long: 8 } as const;

function plainValues(kind: ColumnKind, bytes: Uint8Array, count: number): Words {
  if (kind === 'text') return plainTexts(bytes, count);
  const size = kind === 'boolean' ? 1 / 8 : sizes[kind];
  const length = Math.ceil(count * size);
  if (length > bytes.length) throw new InputError('the column ends too early');
  if (kind === 'boolean')
    return Uint8Array.from({ length: count }, (_, k) => (bytes[k >> 3]! >> (k & 7)) & 1);
  // A copy is aligned, as a view of the numbers must be.
  const { buffer } = bytes.slice(0, length);
  switch (kind) {
    case 'float':
      return new Float32Array(buffer);
    case 'double':
      return new Float64Array(buffer);
    case 'integer':
      return new Int32Array(buffer);
    case 'long':
      return Float64Array.from(new BigInt64Array(buffer), Number);
  }
}

function plainTexts(bytes: Uint8Array, count: number): string[] {
  const decoder = new TextDecoder();
  const texts: string[] = [];
  for (let at = 0; texts.length < count; ) {
    const length = wordAt(bytes, at);
    at += 4;
    if (at + length > bytes.length) throw new InputError('the column ends too early');
    texts.push(decoder.decode(bytes.subarray(at, at + length)));
    at += length;
  }
  return texts;
}
