/** Writes blocks of columns to Parquet files, and reads them back. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import {
  type Block,
  type Column,
  type ColumnValues,
  joined,
  sliceValues,
  valuesOf,
} from '../../analysis/batch/columns.ts';
import { InputError } from '../../input-error.ts';
import { schemaElement, writeColumnChunk } from './encode-column.ts';
import { StoreError } from './store.ts';
import { readerOfBytes } from './table-reader.ts';

/** Number of rows per row group, and per file; a new file is begun when a file is full. */
const groupRows = 100_000;
export const fileRows = 500_000;

/** A Parquet file. */
export interface TableFile {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/**
 * Writes blocks as Parquet, in row groups of `groupRows` rows regardless of block length. `onFile` is called with
 * each file of at most `mostRows` rows when it is full, and with the last one, which may be empty. The metadata of
 * each column give its unit and description; those of the file are `metadata`. Columns may contain null.
 */
export function createTableWriter(
  columns: readonly Column[],
  metadata: Readonly<Record<string, string>>,
  onFile: (file: TableFile) => Promise<void>,
  mostRows = fileRows,
) {
  let pending: Block[] = [];
  let pendingRows = 0;
  let open = newFile(columns, metadata);
  let rowsInFile = 0;
  let files = 0;

  const closeFile = async (): Promise<void> => {
    open.parquet.finish();
    files++;
    await onFile({ bytes: open.bytes.getBytes(), rows: rowsInFile });
    open = newFile(columns, metadata);
    rowsInFile = 0;
  };
  const writeGroup = async (rows: number): Promise<void> => {
    if (rowsInFile === mostRows) await closeFile();
    const taken = take(pending, rows);
    addGroup(open, columns, taken, rows);
    rowsInFile += rows;
    pendingRows -= rows;
    pending = pending.filter(block => block.rows > 0);
  };

  return {
    async add(block: Block): Promise<void> {
      pending.push(block);
      pendingRows += block.rows;
      while (pendingRows >= groupRows) await writeGroup(groupRows);
    },
    async finish(): Promise<void> {
      if (pendingRows > 0) await writeGroup(pendingRows);
      if (rowsInFile > 0 || files === 0) await closeFile();
    },
  };
}

interface OpenFile {
  readonly bytes: ByteWriter;
  readonly parquet: ParquetWriter;
}

function newFile(columns: readonly Column[], metadata: Readonly<Record<string, string>>): OpenFile {
  const bytes = new ByteWriter();
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(schemaElement)];
  const kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  const parquet = new ParquetWriter({ writer: bytes, schema, kvMetadata, createdBy: 'upstroke' });
  return { bytes, parquet };
}

/** Appends the blocks as one row group. */
function addGroup(
  { bytes, parquet }: OpenFile,
  columns: readonly Column[],
  blocks: readonly Block[],
  rows: number,
): void {
  const start = bytes.offset;
  const chunks = columns.map((column, k) => {
    const chunk = writeColumnChunk(
      bytes,
      column,
      blocks.map(({ values }) => values[k]!),
    );
    chunk.meta_data!.key_value_metadata = [
      { key: 'unit', value: column.unit },
      { key: 'description', value: column.says },
    ];
    return chunk;
  });
  parquet.row_groups.push({
    columns: chunks,
    total_byte_size: chunks.reduce((sum, { meta_data }) => sum + meta_data!.total_uncompressed_size, 0n),
    total_compressed_size: BigInt(bytes.offset - start),
    num_rows: BigInt(rows),
  });
  parquet.num_rows += BigInt(rows);
}

/** Removes and returns the first `rows` rows of the blocks. */
function take(blocks: Block[], rows: number): Block[] {
  const taken: Block[] = [];
  for (let k = 0, left = rows; left > 0; k++) {
    const block = blocks[k]!;
    const count = Math.min(left, block.rows);
    taken.push({ rows: count, values: block.values.map(values => sliceValues(values, 0, count)) });
    const rest = block.values.map(values => sliceValues(values, count, block.rows));
    blocks[k] = { rows: block.rows - count, values: rest };
    left -= count;
  }
  return taken;
}

/** A function that reads rows `[from, to)` of a file in increasing order; it decodes each row group once. */
export type ReadRows = (from: number, to: number) => Promise<Block>;

/**
 * Opens a file written by `createTableWriter` with the same columns. Throws `StoreError` if it is damaged; the function
 * returned also does, and if the file has fewer rows.
 */
export async function openTable(
  name: string,
  bytes: Uint8Array,
  columns: readonly Column[],
): Promise<ReadRows> {
  const table = await orDamaged(name, readerOfBytes(name, bytes));
  let group = -1;
  let start = 0;
  let end = 0;
  let block: Block = { rows: 0, values: [] };
  return async (from, to) => {
    const parts: Block[] = [];
    for (let row = from; row < to; ) {
      while (row >= end) {
        const rows = table.groups[++group];
        if (rows === undefined) throw damaged(name);
        start = end;
        end += rows;
        const values: ColumnValues[] = [];
        for (const column of columns) values.push(await orDamaged(name, table.read(group, column.name)));
        block = { rows, values };
      }
      const last = Math.min(to, end);
      parts.push({
        rows: last - row,
        values: block.values.map(values => sliceValues(values, row - start, last - start)),
      });
      row = last;
    }
    const valuesAt = (k: number, { kind }: Column): ColumnValues =>
      parts.length === 0 ? valuesOf(kind, 0, () => undefined) : joined(parts.map(({ values }) => values[k]!));
    return { rows: to - from, values: columns.map((column, k) => valuesAt(k, column)) };
  };
}

const damaged = (name: string): StoreError =>
  new StoreError(`${name} is damaged: delete the result and run again`);

async function orDamaged<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof InputError ? new StoreError(damaged(name).message, { cause: error }) : error;
  }
}
