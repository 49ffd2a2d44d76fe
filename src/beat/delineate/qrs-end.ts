/**
 * Checks of QRS onsets and offsets: at a notch or on a plateau the complex may appear to have ended. A sample is rejected as the
 * offset when the voltage changes by more than a quarter of the QRS amplitude within the next 40 ms; a T wave, even a
 * steep one, takes longer.
 */

/** The first and last sample of a QRS complex, sample indices; undefined where no boundary was found. */
export interface QrsBounds {
  readonly onset: number | undefined;
  readonly offset: number | undefined;
}

const withinMs = 40;
const mostPart = 0.25;

/** Slopes before the onset are measured from this long before to this long after a sample, ms. */
const slopeHalfMs = 14;
/**
 * The first sample from `sample` to `last` after which the voltage does not change further; undefined when there is
 * none.
 */
export function settledFrom(
  voltage: Float64Array,
  onset: number,
  sample: number,
  last: number,
  perMs: number,
): number | undefined {
  const reach = Math.round(withinMs * perMs);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, onset); i < sample; i++) {
    const value = voltage[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  for (let i = sample; i <= last; i++) {
    const value = voltage[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (!runsOn(voltage, i, reach, mostPart * (highest - lowest))) return i;
  }
  return undefined;
}

/**
 * Whether the voltage changes by more than `most` from its value at `sample` within the next `reach` samples, or, where
 * `reach` is negative, within those before it.
 */
function runsOn(voltage: Float64Array, sample: number, reach: number, most: number): boolean {
  const value = voltage[sample]!;
  const from = Math.min(sample, sample + reach);
  const to = Math.min(voltage.length - 1, Math.max(sample, sample + reach));
  for (let i = from; i <= to; i++) {
    const apart = voltage[i]! - value;
    if (apart > most || -apart > most) return true;
  }
  return false;
}

/** The QRS complex extends at least this far after the R peak, ms. */
const afterRPeakMs = 60;
/**
 * An early deflection begins within this time before the presumed onset, ms, has this fraction of the QRS amplitude
 * during `2 · slopeHalfMs`, and is this steep relative to the rest of the complex, which a P wave is not.
 */
const early = { ms: 120, leastPart: 0.4, leastSteepness: 0.7 };
/** A deflection before the onset that is no larger may be a P wave, mV (the upper limit of normal in limb leads). */
const largestPWave = 0.25;

/**
 * The last sample from `sample` back to `first` before which the voltage does not change by more than 0.4 of the
 * QRS amplitude and 0.25 mV within 40 ms, nor has a deflection as steep as the complex; undefined when there is none.
 */
export function settledBefore(
  voltage: Float64Array,
  { sample, first, rPeak }: { readonly sample: number; readonly first: number; readonly rPeak: number },
  perMs: number,
): number | undefined {
  const reach = Math.round(withinMs * perMs);
  const end = Math.min(voltage.length - 1, rPeak + Math.round(afterRPeakMs * perMs));
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = sample + 1; i <= end; i++) {
    const value = voltage[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  for (let i = sample; i >= first; i--) {
    const value = voltage[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    const least = Math.max(early.leastPart * (highest - lowest), largestPWave);
    if (runsOn(voltage, i, -Math.min(i, reach), least)) continue;
    return i < sample ? i : (earlyDeflection(voltage, { sample, first, end }, least, perMs) ?? i);
  }
  return undefined;
}

/** The sample at which a deflection before the presumed onset is steepest; undefined when there is none. */
function earlyDeflection(
  voltage: Float64Array,
  { sample, first, end }: { readonly sample: number; readonly first: number; readonly end: number },
  least: number,
  perMs: number,
): number | undefined {
  const half = Math.max(1, Math.round(slopeHalfMs * perMs));
  const from = Math.max(first, half, sample - Math.round(early.ms * perMs));
  let steepest = sample - half;
  if (steepest < from) return undefined;
  let most = riseAt(voltage, steepest, half);
  for (let i = steepest - 1; i >= from; i--) {
    const here = riseAt(voltage, i, half);
    if (here > most) {
      most = here;
      steepest = i;
    }
  }
  // Mostly it is too flat for any complex.
  if (!(most > least)) return undefined;
  const mostInside = most / early.leastSteepness;
  const last = Math.min(end, voltage.length - 1 - half);
  for (let i = sample; i <= last; i++) if (!(riseAt(voltage, i, half) < mostInside)) return undefined;
  return steepest;
}

/** The change of voltage from `half` samples before to as many after a sample. */
const riseAt = (voltage: Float64Array, sample: number, half: number): number =>
  Math.abs(voltage[sample + half]! - voltage[sample - half]!);

/** A boundary is on a flank of the complex while the slope has this fraction of the steepest one. */
const flankPart = 0.15;
/** The slope of a new wave becomes this many times as great as on the flank before it. */
const steeperAgain = 1.25;

/**
 * The sample, from a presumed boundary to `limit` in the direction away from `inside`, at which the flank it lies on has
 * ended: the delta wave before, or a late S wave after the complex;
 * the boundary itself if that flank leads into a T wave. `slope` is in mV/s, `inside` a sample of the complex.
 */
export function flankEnd(slope: Float64Array, boundary: number, inside: number, limit: number): number {
  const step = boundary < inside ? -1 : 1;
  let steepest = 0;
  for (let i = boundary; i !== inside; i -= step) {
    const size = Math.abs(slope[i]!);
    if (size > steepest) steepest = size;
  }
  const least = flankPart * steepest;
  const direction = Math.sign(slope[boundary]!);
  let end = boundary;
  let flattest = Number.POSITIVE_INFINITY;
  while (end !== limit && slope[end]! * direction > least) {
    const size = slope[end]! * direction;
    // After the complex, a slope that increases again is that of a T wave.
    if (step > 0 && size > steeperAgain * flattest) return boundary;
    flattest = Math.min(flattest, size);
    end += step;
  }
  return end;
}
