/**
 * Training rows from a batch result of any size: read once from Parquet into a temporary file of numbers, from which
 * each epoch reads blocks. Memory holds one row group, one block, and the class and group of every row.
 */
import { type FileHandle, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { InputError } from '../../input-error.ts';
import type { FeatureName } from '../../learn/model/classifier.ts';
import { type StreamedDataset, streamedStandardization } from '../../learn/train/streamed-training.ts';
import { npyBatches } from '../npy-rows.ts';

export interface ParquetRowsOptions {
  /** Columns used as features, by their names in the result, and the corresponding feature names in the model. */
  readonly columns: readonly string[];
  readonly features: readonly FeatureName[];
  readonly classes: readonly string[];
  /**
   * Returns the index in `classes` of a row's class, or undefined to omit the row. Called in the order of the result.
   */
  readonly classOf: (row: {
    database: string;
    record: string;
    lead: string;
    symbol: string;
  }) => number | undefined;
  readonly seed: number;
  /** Rows per block; the blocks are shuffled, and so are the rows within each block. */
  readonly blockRows?: number;
}

/** Training rows stored on disk. */
export interface ParquetRows {
  /**
   * The training rows, in a different order each epoch; the order depends only on the seed, not on the number of
   * files.
   */
  readonly dataset: StreamedDataset;
  readonly labels: Int32Array;
  /** `database/record` of each row. */
  groups(): string[];
  /** All rows in the order of the result, for test sets that fit in memory. */
  readAll(): Promise<Float64Array>;
  /** Removes the temporary file. */
  close(): Promise<void>;
}

const usualBlock = 1 << 17;
const headerBytes = 128;

/**
 * Reads the rows of a result; rows with null in one of the columns are omitted. Throws `InputError` if the folder
 * holds no result, a column is missing, or no row remains.
 */
export async function openParquetRows(folder: string, options: ParquetRowsOptions): Promise<ParquetRows> {
  const { columns, features, classes, seed, blockRows = usualBlock } = options;
  const temporary = await mkdtemp(join(tmpdir(), 'upstroke-rows-'));
  const close = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const path = join(temporary, 'rows.npy');
  try {
    const taken = createTaken();
    const file = await open(path, 'w');
    try {
      await file.write(new Uint8Array(headerBytes));
      for (const name of await resultFiles(folder)) await takeRows(folder, name, options, taken, file);
      if (taken.count() === 0) throw new InputError(`${folder} has no rows to learn from`);
      await file.write(npyHeader(taken.count(), columns.length), 0, headerBytes, 0);
    } finally {
      await file.close();
    }
    const { labels, groups, names } = taken.result();
    const inOrder = () => npyBatches(path, labels, { blockRows });
    const standardization = await streamedStandardization(inOrder(), columns.length);
    return {
      dataset: {
        classes,
        features,
        groups: names,
        standardization,
        batches: epoch => npyBatches(path, labels, { blockRows, seed: seed * 1_000_003 + epoch }),
      },
      labels,
      groups,
      async readAll() {
        const all = new Float64Array(labels.length * columns.length);
        let at = 0;
        for await (const { x } of inOrder()) {
          all.set(x, at);
          at += x.length;
        }
        return all;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Collects the class and group of each row in growing arrays. */
function createTaken() {
  let labels = new Int32Array(1024);
  let groupOf = new Int32Array(1024);
  const places = new Map<string, number>();
  let rows = 0;
  return {
    count: () => rows,
    add(label: number, group: string): void {
      if (rows === labels.length) {
        labels = longer(labels);
        groupOf = longer(groupOf);
      }
      const place = places.get(group) ?? places.size;
      places.set(group, place);
      labels[rows] = label;
      groupOf[rows++] = place;
    },
    result() {
      const names = [...places.keys()];
      const groups = () => Array.from(groupOf.subarray(0, rows), place => names[place]!);
      return { labels: labels.slice(0, rows), groups, names };
    },
  };
}

function longer(values: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * values.length);
  copy.set(values);
  return copy;
}

/** Appends the rows of a file that have a class and no missing value. */
async function takeRows(
  folder: string,
  name: string,
  { columns, classOf }: ParquetRowsOptions,
  taken: ReturnType<typeof createTaken>,
  out: FileHandle,
): Promise<void> {
  const database = decodeURIComponent(/database=([^/]*)/.exec(name)?.[1] ?? '');
  const file = await asyncBufferFromFile(join(folder, 'beats', name));
  const metadata = await parquetMetadataAsync(file);
  const missing = columns.find(column => !metadata.schema.some(element => element.name === column));
  if (missing !== undefined) throw new InputError(`beats/${name} has no column ${missing}`);
  let start = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const read = new Map<string, unknown[]>();
    await parquetRead({
      file,
      metadata,
      columns: ['record', 'lead', 'symbol', ...columns],
      rowStart: start,
      rowEnd: start + rows,
      onChunk({ columnName, columnData, rowStart }) {
        const values = read.get(columnName) ?? new Array<unknown>(rows);
        read.set(columnName, values);
        for (let k = 0; k < columnData.length; k++) values[rowStart - start + k] = columnData[k];
      },
    });
    const texts = (column: string) => read.get(column) as string[];
    const [records, leads, symbols] = [texts('record'), texts('lead'), texts('symbol')];
    const numbers = columns.map(column => read.get(column) as (number | null)[]);
    const kept = new Float32Array(rows * columns.length);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      if (numbers.some(values => values[row] === null)) continue;
      const record = records[row]!;
      const label = classOf({ database, record, lead: leads[row]!, symbol: symbols[row]! });
      if (label === undefined) continue;
      for (const values of numbers) kept[at++] = values[row]!;
      taken.add(label, `${database}/${record}`);
    }
    await out.write(new Uint8Array(kept.buffer, 0, 4 * at));
    start += rows;
  }
}

/** The Parquet files of the beats in row order: by database, part, and file within the part. */
async function resultFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'beats'), { recursive: true }).catch(() => []);
  const files = names.flatMap(name => {
    const match = /^(database=[^/]*)\/part-(\d+)(?:-(\d+))?\.parquet$/.exec(name.replaceAll('\\', '/'));
    return match === null
      ? []
      : [{ name, database: match[1]!, part: Number(match[2]), file: Number(match[3] ?? 0) }];
  });
  if (files.length === 0) throw new InputError(`${folder} holds no result of a batch`);
  const byPlace = (a: (typeof files)[number], b: (typeof files)[number]): number =>
    a.database === b.database ? a.part - b.part || a.file - b.file : a.database < b.database ? -1 : 1;
  return files.sort(byPlace).map(({ name }) => name);
}

/** The header of a float32 `.npy` file with the given numbers of rows and columns. */
function npyHeader(rows: number, columns: number): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const head = Buffer.from(`\x93NUMPY\x01\0v\0${text.padEnd(headerBytes - 11)}\n`, 'latin1');
  return head;
}
