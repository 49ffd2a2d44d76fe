/** Records from picked files. */
import { describe, expect, test } from 'vitest';
import { blobSource } from '../../src/wfdb/blob.ts';
import { readRecord } from '../../src/wfdb/record.ts';

const header = new File(['x 1 250 4\nx.dat 16 100 16 0 1 0 0 I\n'], 'x.hea');
const samples = new File([Int16Array.of(1, 2, 3, 4)], 'x.dat');

describe('blobSource', () => {
  test('a record reads from picked files, a window from its bytes alone', async () => {
    const read: [number | undefined, number | undefined][] = [];
    const watched = new Proxy(samples, {
      get: (file, key) =>
        key === 'slice'
          ? (from?: number, to?: number) => {
              read.push([from, to]);
              return file.slice(from, to);
            }
          : Reflect.get(file, key, file),
    });
    const recording = await readRecord(blobSource([header, watched]), 'x', { from: 1, to: 3 });
    expect([...recording.signals[0]!.adc]).toEqual([2, 3]);
    expect(read.every(([from, to]) => from! >= 2 && to! <= 6)).toBe(true);
  });

  test('files of a picked folder go by their path in it', async () => {
    const inFolder = new File(['abc'], 'x.hea');
    Object.defineProperty(inFolder, 'webkitRelativePath', { value: 'mitdb/x.hea' });
    expect(await blobSource([inFolder]).read('mitdb/x.hea', 1)).toEqual(new TextEncoder().encode('bc'));
  });

  test('blobs go by the names given', async () => {
    const source = blobSource(new Map([['y', new Blob(['abc'])]]));
    expect(await source.read('y', 0, 2)).toEqual(new TextEncoder().encode('ab'));
    expect(await source.read('y', 2, 9)).toHaveLength(1);
  });

  test('a file that was not picked or can no longer be read is not found', async () => {
    await expect(blobSource([]).read('x.hea')).rejects.toMatchObject({ code: 'not-found', file: 'x.hea' });
    const gone = new Blob();
    gone.slice = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    await expect(blobSource(new Map([['x', gone]])).read('x')).rejects.toMatchObject({ code: 'not-found' });
  });
});
