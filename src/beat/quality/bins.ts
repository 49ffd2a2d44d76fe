/** A lead averaged over bins of about 10 ms, on which rhythm without QRS complexes is looked for. */

/** Largest number of bins a second; a lead of fewer samples a second has a bin for each. */
const mostPerSecond = 100;
/** The moving mean that is subtracted covers this time on either side, s: the baseline, and slow waves. */
const meanSeconds = 0.375;

/** A lead in bins, without its baseline. */
export interface LeadBins {
  /** Mean of each bin minus the moving mean; NaN where no sample is valid. */
  readonly values: Float64Array;
  readonly perSecond: number;
  /** First sample of a bin. Bins of the same quality window are the same in any part of a lead. */
  readonly startOf: (bin: number) => number;
  /** The bin that contains a sample. */
  readonly binOf: (sample: number) => number;
}

/** The bins of a lead or of a part that begins with a quality window, each of `windowSamples` in ten seconds. */
export function leadBins(voltage: Float64Array, windowSamples: number): LeadBins {
  const perSecond = Math.max(1, Math.min(mostPerSecond, Math.floor(windowSamples / 10)));
  const perWindow = 10 * perSecond;
  const startOf = (bin: number): number => Math.floor((bin * windowSamples) / perWindow);
  const count = Math.floor((voltage.length * perWindow) / windowSamples);
  const means = new Float64Array(count);
  for (let bin = 0, from = 0; bin < count; bin++) {
    const to = startOf(bin + 1) | 0;
    let sum = 0;
    for (let i = from; i < to; i++) sum += voltage[i]!;
    means[bin] = sum - sum === 0 ? sum / (to - from) : meanOfValid(voltage, from, to);
    from = to;
  }
  return {
    values: withoutMovingMean(means, perSecond),
    perSecond,
    startOf,
    binOf: sample => Math.min(count - 1, Math.ceil(((sample + 1) * perWindow) / windowSamples) - 1),
  };
}

/** Mean of the samples `[from, to)` that are finite; NaN without any. */
function meanOfValid(voltage: Float64Array, from: number, to: number): number {
  let sum = 0;
  let valid = 0;
  for (let i = from; i < to; i++) {
    const value = voltage[i]!;
    if (value - value !== 0) continue;
    sum += value;
    valid++;
  }
  return sum / valid;
}

function withoutMovingMean(means: Float64Array, perSecond: number): Float64Array {
  const reach = Math.max(1, Math.round(meanSeconds * perSecond));
  const values = new Float64Array(means.length);
  // New sums every second, so that rounding does not depend on where the lead begins.
  for (let second = 0; second < means.length; second += perSecond) {
    const end = Math.min(means.length, second + perSecond);
    const isInside = second >= reach && end + reach <= means.length;
    if (isInside && subtractFullMean(means, values, { second, end, reach })) continue;
    subtractMeanOfValid(means, values, { second, end, reach });
  }
  return values;
}

/** The bins of a second, and how many on either side of each belong to its mean. */
interface Second {
  readonly second: number;
  readonly end: number;
  readonly reach: number;
}

/** Subtracts means of which every bin exists; false, with useless values, if one of them is not valid. */
function subtractFullMean(
  means: Float64Array,
  values: Float64Array,
  { second, end, reach }: Second,
): boolean {
  const count = 2 * reach + 1;
  let sum = 0;
  for (let bin = second - reach; bin < second + reach; bin++) sum += means[bin]!;
  for (let bin = second; bin < end; bin++) {
    sum += means[bin + reach]!;
    if (bin > second) sum -= means[bin - reach - 1]!;
    values[bin] = means[bin]! - sum / count;
  }
  return sum - sum === 0;
}

/** Subtracts the mean of those bins that exist and are valid. */
function subtractMeanOfValid(
  means: Float64Array,
  values: Float64Array,
  { second, end, reach }: Second,
): void {
  let from = Math.max(0, second - reach);
  let to = from;
  let sum = 0;
  let valid = 0;
  for (let bin = second; bin < end; bin++) {
    const last = Math.min(means.length, bin + reach + 1);
    for (; to < last; to++) {
      const entering = means[to]!;
      if (Number.isNaN(entering)) continue;
      sum += entering;
      valid++;
    }
    for (; from < bin - reach; from++) {
      const leaving = means[from]!;
      if (Number.isNaN(leaving)) continue;
      sum -= leaving;
      valid--;
    }
    values[bin] = means[bin]! - sum / valid;
  }
}
