/** Writes blocks of columns to Parquet files, and reads them back. */
import { parquetReadObjects } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import {
  type Block,
  type Cell,
  type Column,
  type ColumnKind,
  type ColumnValues,
  noInteger,
  sliceValues,
  valuesOf,
} from '../../analysis/batch/columns.ts';
import { StoreError } from './store.ts';

/** Number of rows per row group, and per file; a new file is begun when a file is full. */
export const groupRows = 100_000;
export const fileRows = 500_000;

/** A Parquet file. */
export interface TableFile {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

const physicalTypes = {
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  integer: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const satisfies Record<ColumnKind, Partial<SchemaElement>>;

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
    describeColumns(open.parquet, columns);
    open.parquet.finish();
    files++;
    await onFile({ bytes: open.bytes.getBytes(), rows: rowsInFile });
    open = newFile(columns, metadata);
    rowsInFile = 0;
  };
  const writeGroup = async (rows: number): Promise<void> => {
    if (rowsInFile === mostRows) await closeFile();
    const taken = take(pending, rows);
    open.parquet.write({
      columnData: columns.map(({ name, kind }, k) => ({
        name,
        data: decoded(
          kind,
          taken.map(block => block.values[k]!),
          rows,
        ),
      })),
      rowGroupSize: groupRows,
    });
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

function newFile(columns: readonly Column[], metadata: Readonly<Record<string, string>>) {
  const bytes = new ByteWriter();
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(
      ({ name, kind }): SchemaElement => ({ name, repetition_type: 'OPTIONAL', ...physicalTypes[kind] }),
    ),
  ];
  const kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  const parquet = new ParquetWriter({ writer: bytes, schema, kvMetadata, createdBy: 'upstroke' });
  return { bytes, parquet };
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

/** The values of a column as the Parquet writer expects them; missing values become null. */
function decoded(kind: ColumnKind, parts: readonly ColumnValues[], rows: number) {
  switch (kind) {
    case 'float':
    case 'double': {
      const values = kind === 'float' ? new Float32Array(rows) : new Float64Array(rows);
      join(values, parts as readonly Float64Array[]);
      return values.some(Number.isNaN)
        ? Array.from(values, value => (Number.isNaN(value) ? null : value))
        : values;
    }
    case 'integer': {
      const values = new Int32Array(rows);
      join(values, parts as readonly Int32Array[]);
      return values.includes(noInteger)
        ? Array.from(values, value => (value === noInteger ? null : value))
        : values;
    }
    case 'boolean':
      return parts.flatMap(part =>
        Array.from(part as Uint8Array, value => (value === 2 ? null : value === 1)),
      );
    case 'text':
      return parts.flatMap(part =>
        'codes' in part ? Array.from(part.codes, code => (code < 0 ? null : part.words[code]!)) : [],
      );
  }
}

function join(
  into: { set(values: ArrayLike<number>, at: number): void },
  parts: readonly ArrayLike<number>[],
): void {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
}

/** Adds unit and description to the metadata of each column of each row group. */
function describeColumns(parquet: ParquetWriter, columns: readonly Column[]): void {
  for (const group of parquet.row_groups) {
    for (const [k, { meta_data: metadata }] of group.columns.entries()) {
      if (metadata === undefined) continue;
      metadata.key_value_metadata = [
        { key: 'unit', value: columns[k]!.unit },
        { key: 'description', value: columns[k]!.says },
      ];
    }
  }
}

/** Reads rows `[from, to)` of a file written by `createTableWriter` with the same columns. */
export async function readTable(
  { buffer, byteOffset, byteLength }: Uint8Array,
  columns: readonly Column[],
  from: number,
  to: number,
): Promise<Block> {
  // A pooled Buffer is a view of a larger ArrayBuffer.
  const file = (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  const found = await parquetReadObjects({ file, rowStart: from, rowEnd: to });
  if (found.length !== to - from) {
    throw new StoreError(
      `a file of the result has no rows ${from} to ${to}: delete the result and run again`,
    );
  }
  const values = columns.map(({ name, kind }) =>
    valuesOf(kind, to - from, row => (found[row]![name] as Cell | null) ?? undefined),
  );
  return { rows: to - from, values };
}
