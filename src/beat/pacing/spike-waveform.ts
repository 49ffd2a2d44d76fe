/** Tests of the waveform of a pacing spike: its edges, height, width and tail. */
import { curvatureAt, excursionMs, leastCurvature } from './spike-candidates.ts';
import { pacingTail, type Tail } from './spike-tail.ts';

/** A pacing spike; sample indices. */
export interface PacingSpike {
  /** The sample that is furthest from the level before the spike. */
  readonly sample: number;
  /** Its signed distance from that level, in the unit of the signal. */
  readonly amplitude: number;
  /** The last sample before and the first sample after the spike itself, excluding its tail. */
  readonly onset: number;
  readonly end: number;
  /** Time from onset to end, ms: an upper bound of the pulse width. */
  readonly widthMs: number;
  /** The exponential tail; undefined when the signal returns at once. */
  readonly tail: Tail | undefined;
}

/**
 * The signal counts as constant where it changes by less than this fraction of the excursion over this time, ms; edges
 * are searched within 10 ms.
 */
const restMs = 2;
const restPart = 0.12;
const edgeMs = 10;
/**
 * Smallest ratio of the change between adjacent samples to the changes during this time before it, ms, and after it.
 */
const usualMs = 24;
const overUsual = 2;
const overDecay = 2.5;
/**
 * Before the spike the signal changes by at most this fraction of its height during this time, ms, or three samples.
 */
const flatMs = 8;
const flatPart = 0.2;
/** The spike rises from the fraction before it to this one of its height within this time, ms, or two samples. */
const risenPart = 0.75;
const riseMs = 5;
/**
 * A narrow spike has fallen to half its height after this time, ms, or three samples, and to zero two samples later.
 */
const narrowMs = 10;
/**
 * A spike that is not narrow has a tail of at least this fraction of its height, at least this many times the residual of
 * the fit, that lasts for more than a sample.
 */
const leastTail = 0.25;
const overResidual = 8;
/** The decay of a narrow spike begins up to so long after its end, ms. */
const rippleMs = 6;
/** Smallest height, as a fraction of the peak-to-peak amplitude within this time on either side, ms. */
const leastHeight = { narrow: 0.1, oscillation: 0.2, wide: 0.5 };
const heightMs = 600;

/**
 * A rectangular pulse, as some recorders draw for a stimulus, ends within this range of time, ms, and after three samples or
 * more, by a step back to this near its level before, as a fraction of its height; meanwhile it stays between these
 * fractions.
 */
const pulseMs = { shortest: 8, longest: 20 };
const pulseReturn = 0.2;
const pulsePart = { least: 1 / 3, most: 1.25 };

/**
 * Measures edges, height and tail of the spike at sample `centre`; undefined when the waveform is not that of a pacing
 * spike.
 */
export function measureSpike(
  voltage: Float64Array,
  centre: number,
  lag: number,
  perMs: number,
): PacingSpike | undefined {
  const pulse = rectangularPulse(voltage, centre, lag, perMs);
  if (pulse !== undefined) return pulse;
  const [onset, restEnd] = edgesAround(voltage, centre, perMs);
  const level = voltage[onset]!;
  const above = (i: number): number => Math.abs(voltage[i]! - level);
  let sample = centre;
  for (let j = onset + 1; j < restEnd; j++) if (above(j) > above(sample)) sample = j;
  const amplitude = voltage[sample]! - level;
  if (!Number.isFinite(amplitude + voltage[restEnd]!)) return undefined;
  const height = Math.abs(amplitude);
  const samples = (ms: number, fewest: number): number => Math.max(fewest, Math.round(ms * perMs));
  let halved = sample;
  while (halved <= restEnd && above(halved) >= height / 2) halved++;
  const curvature = curvatureAt(voltage, centre, lag);
  const isOscillation =
    curvature >= leastCurvature.oscillation * spanAround(voltage, centre, samples(excursionMs, 3));
  if (!isOscillation) {
    if (!isFlatBefore(voltage, onset, samples(flatMs, 3), flatPart * height)) return undefined;
    let risen = onset;
    while (above(risen) < risenPart * height) risen++;
    // Before a unipolar stimulus a low-pass filter may leave a deflection of the other sign.
    let rising = risen;
    while ((voltage[rising]! - level) * Math.sign(amplitude) > flatPart * height) rising--;
    if (risen > rising + samples(riseMs, 2)) return undefined;
  }
  const isNarrow =
    isOscillation ||
    (restEnd <= onset + samples(narrowMs, 3) + 2 &&
      halved <= Math.min(restEnd, onset + samples(narrowMs, 3)) &&
      curvature >= leastCurvature.narrow * height);
  const least = isOscillation ? leastHeight.oscillation : isNarrow ? leastHeight.narrow : leastHeight.wide;
  const around = heightAround(voltage, sample, Math.round(heightMs * perMs), lag, height / 2);
  if (!(height > least * around)) return undefined;

  let end = restEnd;
  let tail = pacingTail(voltage, onset, end, amplitude, perMs);
  const isDecay = (): boolean =>
    tail !== undefined &&
    tail.timeConstant >= 1 &&
    Math.abs(tail.size) > Math.max(leastTail * height, overResidual * tail.residual);
  // A low-pass filter may leave ripples before the decay.
  if (isNarrow && tail === undefined) {
    for (let later = end + 1; later <= restEnd + samples(rippleMs, 2) && !isDecay(); later++) {
      tail = pacingTail(voltage, onset, later, amplitude, perMs);
      end = isDecay() ? later : restEnd;
    }
    if (!isDecay()) tail = undefined;
  }
  // A spike that is not narrow must decay exponentially, from its peak or soon after.
  if (!isNarrow) {
    for (end = sample + 1; end <= restEnd; end++) {
      tail = pacingTail(voltage, onset, end, amplitude, perMs);
      if (isDecay()) break;
    }
    if (end > restEnd) return undefined;
  }
  return { sample, amplitude, onset, end, widthMs: (end - onset) / perMs, tail };
}

/** The pulse that begins near `centre` with the largest step between two samples; undefined if there is none. */
function rectangularPulse(
  voltage: Float64Array,
  centre: number,
  lag: number,
  perMs: number,
): PacingSpike | undefined {
  const moveTo = (i: number): number => voltage[i]! - voltage[i - 1]!;
  let first = centre - lag;
  for (let i = first + 1; i <= centre + lag; i++)
    if (Math.abs(moveTo(i)) > Math.abs(moveTo(first))) first = i;
  const onset = first - 1;
  const step = moveTo(first);
  const height = Math.abs(step);
  if (!isFlatBefore(voltage, onset, Math.max(3, Math.round(flatMs * perMs)), pulseReturn * height))
    return undefined;
  const last = Math.min(voltage.length - 1, first + Math.round(pulseMs.longest * perMs));
  let sample = first;
  for (let end = first + 1; end <= last; end++) {
    const distance = (voltage[end]! - voltage[onset]!) * Math.sign(step);
    if (distance > pulsePart.most * height) return undefined;
    if (distance > pulsePart.least * height) {
      if (distance > Math.abs(voltage[sample]! - voltage[onset]!)) sample = end;
      continue;
    }
    const isReturn =
      Math.abs(distance) <= pulseReturn * height &&
      -moveTo(end) * Math.sign(step) > (1 - pulseReturn) * height;
    if (!isReturn || end - first < Math.max(3, pulseMs.shortest * perMs)) return undefined;
    const amplitude = voltage[sample]! - voltage[onset]!;
    return { sample, amplitude, onset, end, widthMs: (end - onset) / perMs, tail: undefined };
  }
  return undefined;
}

/** The last sample of constant level before `centre` and the first after it; at most 10 ms away. */
function edgesAround(voltage: Float64Array, centre: number, perMs: number): [onset: number, end: number] {
  const rest = Math.max(1, Math.round(restMs * perMs));
  const edge = Math.max(3, Math.round(edgeMs * perMs));
  const from = Math.max(rest, centre - edge);
  const to = Math.min(voltage.length - 1 - rest, centre + edge);
  let excursion = 0;
  for (let j = from; j <= to; j++) excursion = Math.max(excursion, Math.abs(voltage[j]! - voltage[from]!));
  const isAtRest = (sample: number, step: 1 | -1): boolean => {
    for (let k = 1; k <= rest; k++) {
      if (Math.abs(voltage[sample + step * k]! - voltage[sample]!) > restPart * excursion) return false;
    }
    return true;
  };
  let onset = centre - 1;
  while (onset > from && !isAtRest(onset, -1)) onset--;
  let end = centre + 1;
  while (end < to && !isAtRest(end, 1)) end++;

  // A small fraction of a tall spike is still large, so the edge is extended until the signal changes no more than
  // before the spike, or decays.
  const moves = (i: number): number => Math.abs(voltage[i + 1]! - voltage[i]!);
  let usual = 0;
  for (let j = Math.max(0, from - Math.max(6, Math.round(usualMs * perMs))); j < from; j++) {
    usual = Math.max(usual, moves(j));
  }
  while (onset > from && moves(onset - 1) > overUsual * usual) onset--;
  while (
    end < to &&
    moves(end) > Math.max(overUsual * usual, overDecay * Math.max(moves(end + 1), moves(end + 2)))
  ) {
    end++;
  }
  return [onset, end];
}

/**
 * Peak-to-peak amplitude within `reach` samples on either side, excluding other spikes (samples with a curvature above
 * `mostCurvature`). Invalid samples are skipped.
 */
function heightAround(
  voltage: Float64Array,
  sample: number,
  reach: number,
  lag: number,
  mostCurvature: number,
): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  const to = Math.min(voltage.length - lag, sample + reach);
  for (let i = Math.max(lag, sample - reach); i < to; i++) {
    const value = voltage[i]!;
    if (!(curvatureAt(voltage, i, lag) < mostCurvature)) continue;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return highest - lowest;
}

/** Whether the signal stays within `most` for `samples` before `onset`. */
function isFlatBefore(voltage: Float64Array, onset: number, samples: number, most: number): boolean {
  if (onset < samples) return false;
  let lowest = voltage[onset]!;
  let highest = lowest;
  for (let i = onset - samples; i < onset; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest <= most;
}

/** Peak-to-peak amplitude within `reach` samples on either side. */
function spanAround(voltage: Float64Array, centre: number, reach: number): number {
  let lowest = voltage[centre]!;
  let highest = lowest;
  for (let i = Math.max(0, centre - reach); i <= Math.min(voltage.length - 1, centre + reach); i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest;
}
