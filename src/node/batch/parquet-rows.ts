/**
 * Training rows from a batch result of any size: read once from Parquet into a temporary file of numbers, from which
 * each epoch reads blocks. Memory holds one row group, one block, and the class and group of every row.
 */
import { type FileHandle, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ColumnValues, noInteger, type TextValues } from '../../analysis/batch/columns.ts';
import { InputError } from '../../input-error.ts';
import type { FeatureName, Standardization } from '../../learn/model/classifier.ts';
import {
  type Batch,
  type StreamedDataset,
  streamedStandardization,
} from '../../learn/train/streamed-training.ts';
import { npyBatches } from '../npy-rows.ts';
import { listedFiles } from './completed-result.ts';
import { sha256Of } from './input-files.ts';
import { readerOfFile, type TableReader } from './table-reader.ts';

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

/** Thrown if a result has no row to train on. */
export class NoRowsError extends InputError {}

/**
 * Reads the rows of a result; rows with null in one of the columns are omitted. Throws `InputError` if the folder
 * holds no completed result, a file differs from the manifest, or a column is missing; `NoRowsError` if no row remains.
 */
export async function openParquetRows(folder: string, options: ParquetRowsOptions): Promise<ParquetRows> {
  const { columns, features, classes, seed, blockRows = usualBlock } = options;
  const temporary = await mkdtemp(join(tmpdir(), 'upstroke-rows-'));
  const close = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const path = join(temporary, 'rows.npy');
  try {
    const taken = createTaken();
    let standardization: Standardization;
    const file = await open(path, 'w');
    try {
      await file.write(new Uint8Array(headerBytes));
      standardization = await streamedStandardization(
        storedRows(folder, options, taken, file),
        columns.length,
      );
      await file.write(npyHeader(taken.count(), columns.length), 0, headerBytes, 0);
    } finally {
      await file.close();
    }
    const { labels, groups, names } = taken.result();
    const inOrder = () => npyBatches(path, labels, { blockRows });
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
  let last = { database: '', record: '', place: -1 };
  return {
    count: () => rows,
    add(label: number, database: string, record: string): void {
      if (rows === labels.length) {
        labels = longer(labels);
        groupOf = longer(groupOf);
      }
      // Rows of a record follow one another, so its name is seldom looked up.
      if (last.place < 0 || record !== last.record || database !== last.database) {
        const group = `${database}/${record}`;
        const place = places.get(group) ?? places.size;
        places.set(group, place);
        last = { database, record, place };
      }
      labels[rows] = label;
      groupOf[rows++] = last.place;
    },
    result() {
      const names = [...places.keys()];
      const groups = () => Array.from(groupOf.subarray(0, rows), place => names[place]!);
      return { labels: labels.slice(0, rows), groups, names };
    },
  };
}

type Taken = ReturnType<typeof createTaken>;

function longer(values: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * values.length);
  copy.set(values);
  return copy;
}

/** The rows of all files that have a class and no missing value, each batch appended to `out` before it is given. */
async function* storedRows(
  folder: string,
  options: ParquetRowsOptions,
  taken: Taken,
  out: FileHandle,
): AsyncGenerator<Batch> {
  for (const { name, sha256 } of await resultFiles(folder)) {
    if (sha256 !== undefined && (await sha256Of(join(folder, 'beats', name))) !== sha256) {
      throw new InputError(
        `${folder}: beats/${name} is damaged: its SHA-256 sum is not that in manifest.json; delete the file and run the batch again`,
      );
    }
    for await (const batch of rowsOf(folder, name, options, taken)) {
      await out.write(new Uint8Array(batch.x.buffer, 0, batch.x.byteLength));
      yield batch;
    }
  }
  if (taken.count() === 0) {
    throw new NoRowsError(
      `${folder} has no rows to train on: no row of the chosen records and lead has a class and a value in every column (detected beats have no class)`,
    );
  }
}

/** The rows of a file, a row group at a time. The arrays are used again for the next. */
async function* rowsOf(
  folder: string,
  name: string,
  { columns, classOf }: ParquetRowsOptions,
  taken: Taken,
): AsyncGenerator<Batch> {
  const database = decodeURIComponent(/database=([^/]*)/.exec(name)?.[1] ?? '');
  const file = await open(join(folder, 'beats', name));
  try {
    const table = await readerOfFile(`beats/${name}`, file);
    const missing = columns.find(column => !table.columns.includes(column));
    if (missing !== undefined) {
      const remedy = missing.startsWith('feature_') ? '; run the batch with --measure features' : '';
      throw new InputError(`beats/${name} has no column ${missing}${remedy}`);
    }
    const width = columns.length;
    const most = Math.max(0, ...table.groups);
    const x = new Float32Array(most * width);
    const labels = new Int32Array(most);
    for (const [group, rows] of table.groups.entries()) {
      const values: Numbers[] = [];
      // Rows with a missing value are marked, so that they are not looked through again.
      const isIncomplete = new Uint8Array(rows);
      for (const column of columns)
        values.push(markMissing(await numbersOf(table, group, column), isIncomplete));
      const [records, leads, symbols] = await Promise.all(
        ['record', 'lead', 'symbol'].map(column => textsOf(table, group, column)),
      );
      let kept = 0;
      const chosen = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        if (isIncomplete[row] === 1) continue;
        const record = records!(row);
        const label = classOf({ database, record, lead: leads!(row), symbol: symbols!(row) });
        if (label === undefined) continue;
        labels[kept] = label;
        chosen[kept++] = row;
        taken.add(label, database, record);
      }
      interleave(x, values, chosen.subarray(0, kept));
      yield { x: x.subarray(0, kept * width), labels: labels.subarray(0, kept) };
    }
  } finally {
    await file.close();
  }
}

type Numbers = Exclude<ColumnValues, TextValues>;

async function numbersOf(table: TableReader, group: number, column: string): Promise<Numbers> {
  const values = await table.read(group, column);
  if ('codes' in values) throw new InputError(`column ${column} holds text, not numbers`);
  return values;
}

async function textsOf(table: TableReader, group: number, column: string): Promise<(row: number) => string> {
  const values = await table.read(group, column);
  if (!('codes' in values)) throw new InputError(`column ${column} holds numbers, not text`);
  const { words, codes } = values;
  return row => words[codes[row]!] ?? '';
}

/** Marks the rows whose value is missing, and returns the values. */
function markMissing(values: Numbers, isIncomplete: Uint8Array): Numbers {
  const missing = values instanceof Int32Array ? noInteger : values instanceof Uint8Array ? 2 : Number.NaN;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value === missing || Number.isNaN(value)) isIncomplete[row] = 1;
  }
  return values;
}

/** Rows that are transposed at a time, few enough that all columns' parts stay in the cache. */
const transposedRows = 256;

/** Writes the chosen rows of columns row after row. */
function interleave(x: Float32Array, columns: readonly Numbers[], chosen: Int32Array): void {
  const width = columns.length;
  for (let from = 0; from < chosen.length; from += transposedRows) {
    const to = Math.min(chosen.length, from + transposedRows);
    for (let k = 0; k < width; k++) {
      const column = columns[k]!;
      for (let row = from, at = from * width + k; row < to; row++, at += width) x[at] = column[chosen[row]!]!;
    }
  }
}

/**
 * The Parquet files of the beats in row order: by database, part, and file within the part; with the sums of the manifest,
 * if there is one.
 */
async function resultFiles(folder: string): Promise<{ readonly name: string; readonly sha256?: string }[]> {
  const names = await readdir(join(folder, 'beats'), { recursive: true }).catch(() => []);
  const files = names.flatMap(name => {
    const match = /^(database=[^/]*)\/part-(\d+)(?:-(\d+))?\.parquet$/.exec(name.replaceAll('\\', '/'));
    return match === null
      ? []
      : [{ name: match[0], database: match[1]!, part: Number(match[2]), file: Number(match[3] ?? 0) }];
  });
  if (files.length === 0) throw new InputError(`${folder} contains no result of a batch`);
  const listed = await listedFiles(folder, folder);
  if (listed === undefined && (await readdir(folder)).includes('.batch'))
    throw new InputError(`${folder} contains no completed result of a batch: run it again, without --shard`);
  const byPlace = (a: (typeof files)[number], b: (typeof files)[number]): number =>
    a.database === b.database ? a.part - b.part || a.file - b.file : a.database < b.database ? -1 : 1;
  return files.sort(byPlace).map(({ name }) => {
    const sha256 = listed?.get(`beats/${name}`)?.sha256;
    return { name, ...(sha256 !== undefined && { sha256 }) };
  });
}

/** The header of a float32 `.npy` file with the given numbers of rows and columns. */
function npyHeader(rows: number, columns: number): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const head = Buffer.from(`\x93NUMPY\x01\0v\0${text.padEnd(headerBytes - 11)}\n`, 'latin1');
  return head;
}
