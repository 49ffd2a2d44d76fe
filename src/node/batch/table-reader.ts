/** Reads columns of Parquet tables, a row group at a time, into typed arrays. */
import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, parquetMetadataAsync } from 'hyparquet';
import type { ColumnValues } from '../../analysis/batch/columns.ts';
import { InputError } from '../../input-error.ts';
import { chunkRange, readColumnChunk } from './decode-column.ts';

export interface TableReader {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** The number of rows of each row group. */
  readonly groups: readonly number[];
  /** The values of a column in a row group. Throws `InputError` if they are damaged or stored in a way that is not read. */
  read(group: number, column: string): Promise<ColumnValues>;
}

/** Opens a table that is held in memory. Throws `InputError`, which begins with `name`, if it is not a Parquet file. */
export const readerOfBytes = (name: string, bytes: Uint8Array): Promise<TableReader> =>
  readerOf(name, {
    byteLength: bytes.length,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  });

/** Opens a table of a file. Throws as `readerOfBytes` does. */
export async function readerOfFile(name: string, file: FileHandle): Promise<TableReader> {
  const { size } = await file.stat();
  return readerOf(name, {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw new InputError('the file is cut off');
        at += bytesRead;
      }
      return bytes.buffer;
    },
  });
}

async function readerOf(name: string, file: AsyncBuffer): Promise<TableReader> {
  const guarded = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      throw new InputError(`${name}: ${(error as Error).message}`, { cause: error });
    }
  };
  const { schema, row_groups } = await guarded(() => parquetMetadataAsync(file));
  const elements = new Map(schema.slice(1).map(element => [element.name, element]));
  return {
    columns: [...elements.keys()],
    groups: row_groups.map(({ num_rows }) => Number(num_rows)),
    read: (group, column) =>
      guarded(async () => {
        const { columns, num_rows } = row_groups[group]!;
        const chunk = columns.find(
          ({ meta_data }) => meta_data?.path_in_schema.length === 1 && meta_data.path_in_schema[0] === column,
        );
        const element = elements.get(column);
        if (chunk === undefined || element === undefined)
          throw new InputError(`there is no column ${column}`);
        const [start, end] = chunkRange(chunk);
        if (!(start >= 0 && end <= file.byteLength))
          throw new InputError(`column ${column} lies outside the file`);
        const bytes = new Uint8Array(await file.slice(start, end));
        return readColumnChunk({ metadata: chunk.meta_data!, element, bytes, rows: Number(num_rows) });
      }),
  };
}
