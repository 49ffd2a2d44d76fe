/** Rows from .npy files whose bytes are made here after NumPy's own description of the format. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { streamedStandardization, trainStreamed } from '../../src/learn/train/streamed-training.ts';
import { npyBatches } from '../../src/node/npy-rows.ts';
import { createRandom } from '../../src/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'npy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function npy(numbers: Float32Array | Float64Array, header: string): string {
  // Magic, version 1.0, header length, header padded with spaces to a multiple of 64 and ended by a newline.
  const text = `${header}${' '.repeat(63 - ((10 + header.length) % 64))}\n`;
  const path = join(folder, `${Math.abs(numbers.length * 31 + header.length)}.npy`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  const start = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text)]);
  writeFileSync(path, Buffer.concat([start, Buffer.from(numbers.buffer)]));
  return path;
}
const header = (descr: string, shape: string): string =>
  `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;

const numbers = Float32Array.from({ length: 22 }, (_, i) => i / 4);
const labels = Int32Array.from({ length: 11 }, (_, row) => row % 3);
const collect = async (path: string, options: Parameters<typeof npyBatches>[2]) => {
  const rows: number[][] = [];
  const sizes: number[] = [];
  for await (const batch of npyBatches(path, labels, options)) {
    sizes.push(batch.labels.length);
    batch.labels.forEach((label, k) => {
      rows.push([batch.x[2 * k]!, batch.x[2 * k + 1]!, label]);
    });
  }
  return { rows, sizes };
};
const expected = Array.from({ length: 11 }, (_, row) => [numbers[2 * row]!, numbers[2 * row + 1]!, row % 3]);

describe('batches', () => {
  test.each([
    ['<f4', numbers],
    ['<f8', Float64Array.from(numbers)],
  ])('%s in file order, the last block short', async (descr, array) => {
    const path = npy(array, header(descr, '(11, 2)'));
    expect(await collect(path, { blockRows: 4 })).toEqual({ rows: expected, sizes: [4, 4, 3] });
  });
  test('in a seeded order each row comes once, with its own label', async () => {
    const path = npy(numbers, header('<f4', '(11, 2)'));
    const { rows } = await collect(path, { blockRows: 4, seed: 5 });
    expect(rows).not.toEqual(expected);
    expect([...rows].sort((a, b) => a[0]! - b[0]!)).toEqual(expected);
    expect((await collect(path, { blockRows: 4, seed: 5 })).rows).toEqual(rows);
  });
});

describe('malformed files', () => {
  test.each([
    ['whole numbers', header('<i4', '(11, 2)'), /'<i4'/],
    ['columns first', header('<f4', '(11, 2)').replace('False', 'True'), /C order/],
    ['one axis', header('<f4', '(22,)'), /found \{/],
    ['more rows than there are', header('<f4', '(1000000000000, 2)'), /1000000000000 × 2.*another size/],
  ])('%s', async (_, text, says) => {
    await expect(npyBatches(npy(numbers, text), labels, { blockRows: 4 }).next()).rejects.toThrow(says);
  });
  test('other bytes, other labels, empty blocks', async () => {
    const path = join(folder, 'no.npy');
    writeFileSync(path, 'no');
    await expect(npyBatches(path, labels, { blockRows: 4 }).next()).rejects.toThrow(/expected an \.npy file/);
    const good = npy(numbers, header('<f4', '(11, 2)'));
    await expect(npyBatches(good, new Int32Array(3), { blockRows: 4 }).next()).rejects.toThrow(
      /11 rows for 3/,
    );
    await expect(npyBatches(good, labels, { blockRows: 0 }).next()).rejects.toThrow(/not 0/);
  });
});

test('a model is trained from a file without reading it into memory as a whole', async () => {
  const random = createRandom(8);
  const rows = 3000;
  const x = Float32Array.from({ length: rows * 2 }, () => random.normal());
  const truth = Int32Array.from({ length: rows }, (_, row) => (x[2 * row]! > x[2 * row + 1]! ? 1 : 0));
  const path = npy(x, header('<f4', `(${rows}, 2)`));
  const blocks = { blockRows: 64 };
  const { losses, model } = await trainStreamed(
    {
      ...{ classes: ['less', 'more'], groups: ['made up'] },
      features: ['a', 'b'].map(name => ({ name, unit: '' })),
      standardization: await streamedStandardization(npyBatches(path, truth, blocks), 2),
      batches: epoch => npyBatches(path, truth, { ...blocks, seed: epoch }),
    },
    {
      ...{ hidden: [], activation: 'tanh', optimizer: 'adam', learningRate: 0.05, epochs: 6, batchSize: 100 },
      ...{ l2: 0, classWeights: [1, 1], seed: 1, precision: 'float32' },
    },
  );
  expect(losses.at(-1)!).toBeLessThan(0.2);
  expect(model.training.rows).toBe(rows);
});
