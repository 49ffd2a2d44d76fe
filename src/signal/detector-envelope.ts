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

import {
  type BandState,
  createBandState,
  type EnvelopeValues,
  envelopeFrequency,
  envelopeGroup,
  finishGroup,
} from './envelope-bands.ts';

const bridgedSeconds = 0.04;

/** A jump between samples is a spike's from this multiple of the largest usual change in 8 ms on. */
const spikeRatio = 1.5;
const spikeSeconds = 0.01;
/** Below this sampling frequency, Hz, spikes cannot be told from complexes. */
const spikeFrequency = 200;
/** The largest usual change is the second largest over this many seconds. */
const changeSeconds = 8;
const groupsPerSecond = envelopeFrequency / envelopeGroup;

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
  readonly bands: BandState;
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
  /** Memory for a sample that is replaced. */
  readonly replaced: Float64Array;
  /** The largest change between working samples in the last seconds. */
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
    bands: createBandState(Math.ceil(1 / step)),
    base: 0,
    held: 0,
    invalidRun: Number.POSITIVE_INFINITY,
    spikeRun: 0,
    unexamined: -1,
    sum: 0,
    needed: step,
    replaced: new Float64Array(1),
    changes: new Float64Array(changeSeconds),
    groups: 0,
    limit: Number.POSITIVE_INFINITY,
  };
  return {
    mostValues: count => envelopeGroup * (Math.ceil(count / step / envelopeGroup) + 1),
    push: (voltage, from, to, values) => {
      let next = from;
      while (next < to) {
        next = add(state, voltage, next, to);
        while (state.bands.filled >= state.bands.group + envelopeGroup) {
          finishGroup(state.bands, values);
          learnChange(state);
        }
      }
    },
  };
}

/** Adds samples from `sample` on, until a group is complete, a sample must be examined, or at `to`. Returns the next one. */
function add(state: EnvelopeState, voltage: Float64Array, sample: number, to: number): number {
  const { bands, step, replaced } = state;
  state.held = examine(state, voltage[sample]!);
  if (state.unexamined < 0) {
    replaced[0] = state.held;
    average(state, replaced, { from: 0, to: 1, base: 0 });
    return sample + 1;
  }
  const { base } = state;
  const most = Math.ceil((bands.group + envelopeGroup - bands.filled) * step) + 1;
  const end = examinedEnd(voltage, sample, Math.min(to, sample + most), state.unexamined);
  const next = average(state, voltage, { from: sample, to: end, base });
  state.held = voltage[next - 1]! - base;
  return next;
}

/** The first sample after `from` that changes by more than `unexamined`, or is invalid; `to` if there is none. */
function examinedEnd(voltage: Float64Array, from: number, to: number, unexamined: number): number {
  let before = voltage[from]!;
  for (let i = from + 1; i < to; i++) {
    const value = voltage[i]!;
    if (!(Math.abs(value - before) <= unexamined)) return i;
    before = value;
  }
  return to;
}

/** Averages samples relative to `base`, until a group of working samples is complete. Returns the next sample. */
function average(
  state: EnvelopeState,
  samples: Float64Array,
  { from, to, base }: { readonly from: number; readonly to: number; readonly base: number },
): number {
  const { step, bands } = state;
  const { means, group } = bands;
  let { filled } = bands;
  let { sum, needed } = state;
  let i = from;
  while (filled < group + envelopeGroup) {
    for (; needed > 1 && i < to; i++) {
      sum += samples[i]! - base;
      needed--;
    }
    if (i === to) break;
    // This sample's interval completes a working sample, or several when the sampling frequency is below the working rate.
    const value = samples[i]! - base;
    i++;
    let rest = 1;
    for (; needed <= rest; needed = step) {
      means[filled++] = (sum + value * needed) / step;
      rest -= needed;
      sum = 0;
    }
    sum = value * rest;
    needed -= rest;
  }
  state.sum = sum;
  state.needed = needed;
  bands.filled = filled;
  return i;
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
  state.changes[seconds % changeSeconds] = state.bands.largestChange;
  state.bands.largestChange = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < changeSeconds; i++) {
    const change = state.changes[i]!;
    if (change > first) {
      second = first;
      first = change;
    } else if (change > second) second = change;
  }
  const usual = seconds > 1 ? second : first;
  state.limit = usual > 0 ? spikeRatio * usual : Number.POSITIVE_INFINITY;
  updateUnexamined(state);
}
