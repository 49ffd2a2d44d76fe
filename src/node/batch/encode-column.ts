/**
 * Writes a column of a row group as a Parquet column chunk, from typed arrays: a dictionary page where values repeat, and one
 * data page (version 2, compressed by Snappy), with statistics. hyparquet-writer, which writes the rest of the file,
 * encodes arrays of any values, and takes ten times as long for the columns of a batch.
 */
import type { ColumnChunk, ColumnMetaData } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import type { Column, ColumnKind, ColumnValues } from '../../analysis/batch/columns.ts';
import { encodeValues } from './encode-values.ts';
import { encodeHybrid } from './rle-hybrid.ts';

const physicalTypes = {
  float: 'FLOAT',
  double: 'DOUBLE',
  integer: 'INT32',
  long: 'INT64',
  boolean: 'BOOLEAN',
  text: 'BYTE_ARRAY',
} as const satisfies Record<ColumnKind, ColumnMetaData['type']>;

/** The entry of a column in the schema of a file. */
export const schemaElement = ({ name, kind, required }: Column) => ({
  name,
  type: physicalTypes[kind],
  repetition_type: required ? ('REQUIRED' as const) : ('OPTIONAL' as const),
  ...(kind === 'text' && { converted_type: 'UTF8' as const }),
});

/**
 * Appends the values of a column, given in parts, as a column chunk, and returns its metadata. Throws `TypeError` if a
 * required column lacks a value.
 */
export function writeColumnChunk(
  writer: ByteWriter,
  column: Column,
  parts: readonly ColumnValues[],
): ColumnChunk {
  const { kind, name, required } = column;
  const rows = parts.reduce((sum, part) => sum + ('codes' in part ? part.codes : part).length, 0);
  const { isThere, ...encoded } = encodeValues(kind, parts, rows);
  if (required && isThere !== undefined) throw new TypeError(`column ${name} lacks values`);
  const start = writer.offset;
  const { dictionary, encoding, bytes, least, greatest } = encoded;
  let plainBytes = 0;
  if (dictionary !== undefined) {
    plainBytes += writePage(
      writer,
      { levels: new Uint8Array(0), bytes: dictionary.bytes, stored: snappyCompress(dictionary.bytes) },
      {
        type: 'DICTIONARY_PAGE',
        dictionary_page_header: { num_values: dictionary.count, encoding: 'PLAIN' },
      },
    );
  }
  const dataStart = writer.offset;
  const absent = isThere === undefined ? 0 : countZeros(isThere);
  const levels: Uint8Array = required
    ? new Uint8Array(0)
    : encodeHybrid(isThere ?? new Uint8Array(rows).fill(1), 1);
  const compressed = snappyCompress(bytes);
  // What Snappy hardly shortens is stored as it is, which is read faster; measured numbers are.
  const isCompressed = compressed.length < worthwhile * bytes.length;
  const header = {
    num_values: rows,
    num_nulls: absent,
    num_rows: rows,
    encoding,
    definition_levels_byte_length: levels.length,
    repetition_levels_byte_length: 0,
    is_compressed: isCompressed,
  };
  plainBytes += writePage(
    writer,
    { levels, bytes, stored: isCompressed ? compressed : bytes },
    { type: 'DATA_PAGE_V2', data_page_header_v2: header },
  );
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: physicalTypes[kind],
      encodings: dictionary === undefined ? [encoding] : ['PLAIN', encoding],
      path_in_schema: [name],
      codec: 'SNAPPY',
      num_values: BigInt(rows),
      total_compressed_size: BigInt(writer.offset - start),
      total_uncompressed_size: BigInt(plainBytes),
      data_page_offset: BigInt(dataStart),
      ...(dictionary && { dictionary_page_offset: BigInt(start) }),
      statistics: {
        null_count: BigInt(absent),
        ...(least !== undefined && greatest !== undefined && { min_value: least, max_value: greatest }),
      },
    },
  };
}

function countZeros(values: Uint8Array): number {
  let count = 0;
  for (let k = 0; k < values.length; k++) count += 1 - values[k]!;
  return count;
}

/** The size of compressed values, relative to their own, from which on they are not compressed. */
const worthwhile = 0.9;

interface Page {
  /** Definition levels, which are never compressed. */
  readonly levels: Uint8Array;
  readonly bytes: Uint8Array;
  /** The bytes, compressed or as they are. */
  readonly stored: Uint8Array;
}

type PageHeader = Parameters<typeof writePageHeader>[1];

/** Writes a page, and returns its size before compression. */
function writePage(
  writer: ByteWriter,
  { levels, bytes, stored }: Page,
  header: Pick<PageHeader, 'type' | 'dictionary_page_header' | 'data_page_header_v2'>,
): number {
  const start = writer.offset;
  writePageHeader(writer, {
    ...header,
    uncompressed_page_size: levels.length + bytes.length,
    compressed_page_size: levels.length + stored.length,
  });
  const headerBytes = writer.offset - start;
  writer.appendBytes(levels);
  writer.appendBytes(stored);
  return headerBytes + levels.length + bytes.length;
}
