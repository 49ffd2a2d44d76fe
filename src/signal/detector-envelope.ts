/**
 * The QRS envelope: the activity of a lead in the frequency range of QRS complexes, as two slowly varying non-negative
 * signals at a fixed rate.
 *
 * The voltage is first averaged over the sampling intervals of a 125 Hz working rate (exact for any ratio of rates), so
 * that all further processing is independent of the sampling frequency. Then, for each of two bands: a short moving
 * mean minus a long one (a band-pass, similar to the two moving averages of Elgendi 2013, PLoS ONE 8:e73557), its
 * absolute value, and the moving mean of that over the length of a QRS complex. The lower band, around 10 Hz,
 * distinguishes complexes from noise; the upper one, around 25 Hz, distinguishes them from P and T waves, and is nearly
 * as high for a small narrow complex as for a large wide one. Means are computed by running sums, at the same cost for
 * any window.
 *
 * An invalid sample (NaN, infinite) is replaced by the last valid value; after more than 40 ms the signal continues
 * from that value, so that a jump across a gap is not mistaken for a deflection. A sample that jumps further than the
 * signal changes in 8 ms even in a QRS complex is a spike, of a pacemaker for example: it is replaced for up to 10 ms,
 * after which it is accepted. The signal before its first sample is taken to equal that sample.
 */

/** Rate of the envelope, Hz. */
export const envelopeFrequency = 125;

/** Envelope values are computed in groups of this many, 0.2 s. */
export const envelopeGroup = 25;

// Windows in working samples of 8 ms: odd, so that each mean has a centre. 24 ms passes the R wave, 88 ms is as long as
// a QRS complex and shorter than a T wave, 104 ms merges the parts of one complex. The upper band is a single working
// sample minus the mean of 40 ms.
const shortWindow = 3;
const longWindow = 11;
const upperWindow = 5;
const joiningWindow = 13;
const bridgedSeconds = 0.04;
const rounding = 1e-12;

/** A jump between samples is a spike's from this multiple of the largest usual change in 8 ms on. */
const spikeRatio = 1.5;
const spikeSeconds = 0.01;
/** Below this sampling frequency, Hz, spikes cannot be told from complexes. */
const spikeFrequency = 200;
/** The largest usual change is the second largest over this many seconds. */
const changeSeconds = 8;
const groupsPerSecond = envelopeFrequency / envelopeGroup;

/** Delay of an envelope value, in working samples. */
export const envelopeDelay = (longWindow - 1) / 2 + (joiningWindow - 1) / 2;

// Number of past samples that a group needs.
const history = Math.max(longWindow, joiningWindow);
/** Number of working samples stored, before those needed for the next group are moved to the start. */
const stored = history + 16 * envelopeGroup;
/** Distance of the centre of all means from the latest sample. */
const centreLag = (longWindow - 1) / 2;

/** Envelope values of a lead, in the unit of its voltage: `filled` of them in each band. */
export interface EnvelopeValues {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  filled: number;
}

export interface QrsEnvelope {
  /** Appends the envelope of samples `[from, to)` to `values`, which have space for `mostValues(to - from)` more. */
  push(voltage: Float64Array, from: number, to: number, values: EnvelopeValues): void;
  /** The largest number of values that `count` samples can complete. */
  mostValues(count: number): number;
}

interface EnvelopeState {
  /** Sampling intervals of the input in one working sample. */
  readonly step: number;
  /** Longest replacement of invalid samples and of spikes, samples. */
  readonly bridged: number;
  readonly bridgedSpike: number;
  readonly tellsSpikes: boolean;
  /** Working samples, and the absolute values of the two bands. */
  readonly means: Float64Array;
  readonly deflections: Float64Array;
  readonly upperDeflections: Float64Array;
  filled: number;
  /** Index of the first working sample of the current group. */
  group: number;
  /** The valid value used as zero, the last valid one relative to it; invalid samples and spikes since. */
  base: number;
  held: number;
  invalidRun: number;
  spikeRun: number;
  /** A change by no more than this needs no examination; negative directly after an invalid sample or a spike. */
  unexamined: number;
  /** The current working sample: its sum so far, and the intervals it still needs. */
  sum: number;
  needed: number;
  /** The largest change between working samples in the current second, and in the last seconds. */
  largestChange: number;
  readonly changes: Float64Array;
  groups: number;
  /** Jumps of at least this size are spikes. */
  limit: number;
}

/**
 * Creates a QRS envelope for a signal that arrives in pieces. Value k, from 0, belongs to the time (k − `envelopeDelay`
 * + ½)/125 s after the start of the first sample's interval.
 *
 * @example
 * createQrsEnvelope(360).push(lead, 0, lead.length, values); // appends about lead.length * 125 / 360 values
 */
export function createQrsEnvelope(samplingFrequency: number): QrsEnvelope {
  const step = samplingFrequency / envelopeFrequency;
  const state: EnvelopeState = {
    step,
    bridged: Math.round(bridgedSeconds * samplingFrequency),
    bridgedSpike: Math.ceil(spikeSeconds * samplingFrequency),
    tellsSpikes: samplingFrequency >= spikeFrequency,
    // One sample may complete several working samples.
    means: new Float64Array(stored + Math.ceil(1 / step)),
    deflections: new Float64Array(stored),
    upperDeflections: new Float64Array(stored),
    filled: history,
    group: history,
    base: 0,
    held: 0,
    invalidRun: Number.POSITIVE_INFINITY,
    spikeRun: 0,
    unexamined: -1,
    sum: 0,
    needed: step,
    largestChange: 0,
    changes: new Float64Array(changeSeconds),
    groups: 0,
    limit: Number.POSITIVE_INFINITY,
  };
  return {
    mostValues: count => envelopeGroup * (Math.ceil(count / step / envelopeGroup) + 1),
    push: (voltage, from, to, values) => {
      let next = from;
      while (next < to) {
        next = average(state, voltage, next, to, examine(state, voltage[next]!));
        while (state.filled >= state.group + envelopeGroup) {
          finishGroup(state, values);
          learnChange(state);
        }
      }
    },
  };
}

/**
 * Averages samples from `sample` on, whose value after examination is `value`, until a group of working samples is
 * complete, a sample must be examined, or at `to`. Returns the next sample. The loop contains no calls, because the
 * compiler would then keep its variables in memory.
 */
function average(
  state: EnvelopeState,
  voltage: Float64Array,
  sample: number,
  to: number,
  value: number,
): number {
  const { step, means, base, unexamined } = state;
  const full = state.group + envelopeGroup;
  let { held, sum, needed, filled } = state;
  for (;;) {
    held = value;
    if (needed > 1) {
      sum += value;
      needed--;
    } else {
      // This sample's interval completes one working sample, or several when the sampling frequency is below the
      // working rate.
      let rest = 1;
      while (needed <= rest) {
        means[filled++] = (sum + value * needed) / step;
        rest -= needed;
        sum = 0;
        needed = step;
      }
      sum = value * rest;
      needed -= rest;
    }
    sample++;
    if (sample >= to || filled >= full) break;
    value = voltage[sample]! - base;
    // False for an invalid sample too.
    if (!(Math.abs(value - held) <= unexamined)) break;
  }
  state.held = held;
  state.sum = sum;
  state.needed = needed;
  state.filled = filled;
  return sample;
}

/** The value with which the signal continues at a sample that may be invalid, the first after a gap, or a spike. */
function examine(state: EnvelopeState, sample: number): number {
  const { held } = state;
  let value = sample - state.base;
  if (value - value !== 0) {
    state.invalidRun++;
    value = held;
  } else if (state.invalidRun > 0) {
    if (state.invalidRun > state.bridged) {
      state.base = sample - held;
      value = held;
    }
    state.invalidRun = 0;
  } else if (Math.abs(value - held) > state.limit && state.spikeRun < state.bridgedSpike) {
    state.spikeRun++;
    value = held;
  } else state.spikeRun = 0;
  updateUnexamined(state);
  return value;
}

function updateUnexamined(state: EnvelopeState): void {
  const isRegular = state.invalidRun === 0 && state.spikeRun === 0;
  state.unexamined = isRegular ? Math.min(state.limit, Number.MAX_VALUE) : -1;
}

/** After a full second: updates the spike threshold. */
function learnChange(state: EnvelopeState): void {
  state.groups++;
  if (!state.tellsSpikes || state.groups % groupsPerSecond !== 0) return;
  const seconds = state.groups / groupsPerSecond;
  state.changes[seconds % changeSeconds] = state.largestChange;
  state.largestChange = 0;
  let first = 0;
  let second = 0;
  for (const change of state.changes) {
    if (change > first) {
      second = first;
      first = change;
    } else if (change > second) second = change;
  }
  const usual = seconds > 1 ? second : first;
  state.limit = usual > 0 ? spikeRatio * usual : Number.POSITIVE_INFINITY;
  updateUnexamined(state);
}

/** The envelope of a full group of means. */
function finishGroup(state: EnvelopeState, values: EnvelopeValues): void {
  const { lower, upper } = values;
  const { means, deflections, upperDeflections, group } = state;
  let { largestChange } = state;
  // New sums for each group, so that rounding errors do not accumulate.
  let long = 0;
  let joined = 0;
  let upperJoined = 0;
  for (let i = 1; i <= longWindow; i++) long += means[group - i]!;
  for (let i = 1; i <= joiningWindow; i++) {
    joined += deflections[group - i]!;
    upperJoined += upperDeflections[group - i]!;
  }
  // The five samples of the short windows, whose centre is that of the long one.
  let a = means[group - centreLag + 1]!;
  let b = means[group - centreLag]!;
  let c = means[group - centreLag - 1]!;
  let d = means[group - centreLag - 2]!;
  let e = means[group - centreLag - 3]!;
  let short = b + c + d;
  let around = a + b + c + d + e;
  let latest = means[group - 1]!;
  const to = group + envelopeGroup;
  const shift = values.filled - group;
  for (let i = group; i < to; i++) {
    const mean = means[i]!;
    const change = Math.abs(mean - latest);
    if (change > largestChange) largestChange = change;
    latest = mean;
    long += mean - means[i - longWindow]!;
    const next = means[i - centreLag + 2]!;
    short += a - d;
    around += next - e;
    e = d;
    d = c;
    c = b;
    b = a;
    a = next;
    // The residue of a straight line is rounding error: set it to zero.
    const level = long / longWindow;
    const least = rounding * Math.abs(level);
    const difference = Math.abs(short / shortWindow - level);
    const upperDifference = Math.abs(c - around / upperWindow);
    const deflection = difference > least ? difference : 0;
    const upperDeflection = upperDifference > least ? upperDifference : 0;
    joined += deflection - deflections[i - joiningWindow]!;
    upperJoined += upperDeflection - upperDeflections[i - joiningWindow]!;
    deflections[i] = deflection;
    upperDeflections[i] = upperDeflection;
    lower[shift + i] = joined / joiningWindow;
    upper[shift + i] = upperJoined / joiningWindow;
  }
  state.largestChange = largestChange;
  values.filled += envelopeGroup;
  state.group = to;
  if (to + envelopeGroup <= stored) return;
  for (const samples of [means, deflections, upperDeflections]) samples.copyWithin(0, to - history);
  state.filled -= to - history;
  state.group = history;
}
