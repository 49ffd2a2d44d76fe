/** Records whose files are given as text and bytes, read from memory. */
import { type ReadOptions, readRecord } from '../../src/wfdb/record.ts';
import { memorySource, type Source, sizeOf } from '../../src/wfdb/source.ts';

export const ascii = (text: string) => new TextEncoder().encode(text);

export const int16 = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);

export const files = (list: Record<string, string | Uint8Array>) =>
  memorySource(
    Object.fromEntries(
      Object.entries(list).map(([name, file]) => [name, typeof file === 'string' ? ascii(file) : file]),
    ),
  );

export const read = (list: Record<string, string | Uint8Array>, options: ReadOptions = {}, name = 'r') =>
  readRecord(files(list), name, options);

export const physical = async (
  list: Record<string, string | Uint8Array>,
  options: ReadOptions = {},
  name = 'r',
) => (await read(list, options, name)).signals.map(signal => [...signal.physical]);

/** Notes every range that is read. */
export function watched(source: Source) {
  const ranges: [string, number, number | undefined][] = [];
  return {
    ranges,
    size: (name: string) => sizeOf(source, name),
    async read(name: string, from = 0, to?: number) {
      ranges.push([name, from, to]);
      return source.read(name, from, to);
    },
  };
}

export const nan = Number.NaN;

export const at = (file: string, line: number) => ({ file, line });
