/** Selects rows and features of a dataset. */
import { full } from '../diff/tensor.ts';
import type { Dataset } from '../learn/train/train.ts';

/** The rows with the given indices, in that order, including labels, groups and all other data per row. */
export function selectRows(data: Dataset, rows: readonly number[]): Dataset {
  const width = data.features.length;
  const x = new Float64Array(rows.length * width);
  rows.forEach((row, k) => {
    x.set(data.x.data.subarray(row * width, (row + 1) * width), k * width);
  });
  const selected = (values: Float64Array): Float64Array => Float64Array.from(rows, row => values[row]!);
  const { weights, fibrillation, times } = data;
  return {
    ...data,
    x: { shape: [rows.length, width], data: x },
    labels: Int32Array.from(rows, row => data.labels[row]!),
    groups: rows.map(row => data.groups[row]!),
    ...(weights && { weights: selected(weights) }),
    ...(fibrillation && { fibrillation: selected(fibrillation) }),
    ...(times && { times: selected(times) }),
  };
}

/** The rows whose group is in `groups` (`inside`) or is not. */
export function rowsOfGroups(data: Dataset, groups: readonly string[], inside: boolean): Dataset {
  const wanted = new Set(groups);
  return selectRows(
    data,
    data.groups.flatMap((group, row) => (wanted.has(group) === inside ? [row] : [])),
  );
}

/** The same rows restricted to the features `names`, in that order. */
export function withFeatures(data: Dataset, names: readonly string[]): Dataset {
  const columns = names.map(name => data.features.findIndex(feature => feature.name === name));
  const rows = data.labels.length;
  const x = full([rows, columns.length], 0);
  for (let row = 0; row < rows; row++) {
    columns.forEach((column, k) => {
      x.data[row * columns.length + k] = data.x.data[row * data.features.length + column]!;
    });
  }
  return { ...data, features: columns.map(column => data.features[column]!), x };
}
