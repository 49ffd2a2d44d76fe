/** Small data sets of which it is known what a training on them does. */
import { tensor } from '../../../src/diff/tensor.ts';
import type { Dataset } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

/** Rows made by `make` from a seeded generator: features and the class. */
function rowsOf(
  count: number,
  columns: number,
  make: (row: number, normal: () => number) => { x: readonly number[]; label: number },
  seed = 1,
): Dataset {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, (_, row) => make(row, () => random.normal()));
  return {
    classes: ['no', 'yes'],
    features: Array.from({ length: columns }, (_, k) => ({ name: `f${k}`, unit: '' })),
    x: tensor(Float64Array.from(rows.flatMap(({ x }) => x)), [count, columns]),
    labels: Int32Array.from(rows, ({ label }) => label),
    groups: Array.from({ length: count }, (_, row) => `${seed}.${row % 10}`),
  };
}

/** Four columns, the first of which differs between the classes by 1.5 standard deviations. */
export const blobs = (seed = 1, count = 400): Dataset =>
  rowsOf(
    count,
    4,
    (row, normal) => ({
      x: [normal() + (row % 2 ? 1.5 : 0), normal(), normal(), normal()],
      label: row % 2,
    }),
    seed,
  );

/** Two columns of ±1 with noise; the class is whether the signs agree. */
export const xor = rowsOf(400, 2, (row, normal) => {
  const [a, b] = [row & 1 ? 1 : -1, row & 2 ? 1 : -1];
  return { x: [a + 0.1 * normal(), b + 0.1 * normal()], label: a * b > 0 ? 1 : 0 };
});

export const relabelled = (
  data: Dataset,
  label: (row: number, normal: () => number) => number,
  seed = 5,
): Dataset => {
  const random = createRandom(seed);
  return { ...data, labels: data.labels.map((_, row) => label(row, () => random.normal())) };
};
export const columns = (
  data: Dataset,
  change: (value: number, column: number, row: number) => number,
): Dataset => ({
  ...data,
  x: tensor(
    data.x.data.map((value, i) =>
      change(value, i % data.features.length, Math.floor(i / data.features.length)),
    ),
    data.x.shape,
  ),
});

export const noisy = (data: Dataset, share: number): Dataset =>
  relabelled(data, row => ((row * 0.6180339887) % 1 < share ? 1 - data.labels[row]! : data.labels[row]!));
export const separable = rowsOf(400, 4, (row, normal) => ({
  x: [normal() + (row % 2 ? 6 : 0), normal(), normal(), normal()],
  label: row % 2,
}));
export const imbalanced = rowsOf(800, 4, (row, normal) => ({
  x: [normal() + (row % 200 === 0 ? 0.8 : 0), normal(), normal(), normal()],
  label: row % 200 === 0 ? 1 : 0,
}));
