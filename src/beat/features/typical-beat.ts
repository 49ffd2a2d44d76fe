/**
 * The record's typical beat: medians over the windows of beats that are not premature. Differentiable in all of these
 * windows: a median is selected by the values, and its derivative is that of the selected element (or of the mean of the
 * two in the middle). Where other elements tie with it, as between quantised samples, that is one of several
 * subgradients.
 */
import { add, mul, sub } from '../../diff/arithmetic.ts';
import { concat } from '../../diff/concat.ts';
import { stopGradient } from '../../diff/elementwise.ts';
import { gather } from '../../diff/gather.ts';
import { reshape } from '../../diff/reshape.ts';
import type { Tensor } from '../../diff/tensor.ts';
import { moveIntoPlace } from '../../statistics.ts';
import type { BeatWindow } from './beat-window.ts';
import { type BeatParts, descriptors, qrsParts, slopeOf, type TypicalTensors } from './descriptors.ts';

/** All that the features take of the record's typical beat. */
export interface TypicalReference extends TypicalTensors {
  /** Median voltage at each sample of the window, mV, `[samples]`. */
  readonly voltage: Tensor;
  /** The typical beat's value of each descriptor, `[descriptors]`. */
  readonly medians: Tensor;
}

/** The typical beat of windows `[beats, samples]`, mV, NaN where invalid. Differentiable. */
export function typicalBeatOf(windows: Tensor, window: BeatWindow): TypicalReference {
  const constant = qrsParts(stopGradient(windows), window);
  // The median of one number per beat is computed anew from the windows of the one or two beats in the middle.
  const medianBeat = (of: (parts: Omit<BeatParts, 'typical'>) => Tensor): Tensor => {
    const { lower, upper } = middleRows(of(constant).data, 1);
    const pair = of(qrsParts(gather(windows, [lower[0]!, upper[0]!]), window));
    return midpoint(gather(pair, [0]), gather(pair, [1]));
  };
  const typical: TypicalTensors = {
    slope: columnMedian(slopeOf(windows, window)),
    peakToPeak: medianBeat(parts => parts.peakToPeak),
    slopeRms: medianBeat(parts => parts.slopeRms),
  };
  const still: TypicalTensors = {
    slope: stopGradient(typical.slope),
    peakToPeak: stopGradient(typical.peakToPeak),
    slopeRms: stopGradient(typical.slopeRms),
  };
  // All of these beats at once, two for each descriptor.
  const middle = descriptors.flatMap(({ of }) => {
    const { lower, upper } = middleRows(of({ ...constant, typical: still }).data, 1);
    return [lower[0]!, upper[0]!];
  });
  const parts = { ...qrsParts(gather(windows, middle), window), typical };
  const medians = descriptors.map(({ of }, k) => {
    const values = of(parts);
    return midpoint(gather(values, [2 * k]), gather(values, [2 * k + 1]));
  });
  return { ...typical, voltage: columnMedian(windows), medians: concat(medians) };
}

/** The median of each column of `[rows, columns]`, `[columns]`; NaN is left out. */
function columnMedian(x: Tensor): Tensor {
  const [rows, columns] = x.shape as [number, number];
  const { lower, upper } = middleRows(stopGradient(x).data, columns);
  const flat = reshape(x, [rows * columns]);
  const at = (chosen: readonly number[]): Tensor =>
    gather(
      flat,
      chosen.map((row, column) => row * columns + column),
    );
  return midpoint(at(lower), at(upper));
}

/** Linear between neighbours, as in `quantile`. */
const midpoint = (lower: Tensor, upper: Tensor): Tensor => add(lower, mul(sub(upper, lower), 0.5));

/**
 * For each column of a row-major table the rows of its two middle elements, the same where their number is odd. Of equal
 * elements the first is taken; NaN is left out, and a column of nothing else has its first row.
 */
function middleRows(data: ArrayLike<number>, columns: number): Record<'lower' | 'upper', number[]> {
  const rows = data.length / columns;
  const present = new Float64Array(rows);
  const lower: number[] = [];
  const upper: number[] = [];
  for (let column = 0; column < columns; column++) {
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const value = data[row * columns + column]!;
      if (!Number.isNaN(value)) present[count++] = value;
    }
    const below = Math.max(0, Math.floor((count - 1) / 2));
    moveIntoPlace(present, below, count);
    const least = present[below]!;
    let next = count % 2 === 1 ? least : Number.POSITIVE_INFINITY;
    if (count % 2 === 0) for (let k = below + 1; k < count; k++) next = Math.min(next, present[k]!);
    const rowOf = (value: number): number => {
      for (let row = 0; row < rows; row++) if (data[row * columns + column] === value) return row;
      return 0;
    };
    lower.push(rowOf(least));
    upper.push(rowOf(next));
  }
  return { lower, upper };
}
