/**
 * The two bands of the QRS envelope (`detector-envelope.ts`), computed from the samples at the working rate in groups, with the
 * lowest and the highest value of each group.
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
// Multiplication takes a fraction of the time of division.
const perShort = 1 / shortWindow;
const perLong = 1 / longWindow;
const perUpper = 1 / upperWindow;
const perJoining = 1 / joiningWindow;
const rounding = 1e-12;

/** Delay of an envelope value, in working samples. */
export const envelopeDelay = (longWindow - 1) / 2 + (joiningWindow - 1) / 2;

// Number of past samples that a group needs.
const history = Math.max(longWindow, joiningWindow);
/** Number of working samples stored, before those needed for the next group are moved to the start. */
const stored = history + 16 * envelopeGroup;
/** Distance of the centre of all means from the latest sample. */
const centreLag = (longWindow - 1) / 2;

/** A band of the envelope: its values, and the lowest and the highest of each group of them. */
export interface EnvelopeBand {
  readonly values: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** Envelope values of a lead, in the unit of its voltage: `filled` of them in each band. */
export interface EnvelopeValues {
  readonly lower: EnvelopeBand;
  readonly upper: EnvelopeBand;
  filled: number;
}

/** Memory for so many envelope values, of which the first `filled`, whole groups, are zero. */
export function createEnvelopeValues(length: number, filled = 0): EnvelopeValues {
  const groups = Math.ceil(length / envelopeGroup);
  const band = (): EnvelopeBand => ({
    values: new Float64Array(length),
    lows: new Float64Array(groups),
    highs: new Float64Array(groups),
  });
  return { lower: band(), upper: band(), filled };
}

/** The latest working samples of a lead. */
export interface BandState {
  /** Working samples, and the absolute values of the two bands. */
  readonly means: Float64Array;
  readonly deflections: Float64Array;
  readonly upperDeflections: Float64Array;
  /** Number of working samples stored, and the index of the first of the current group. */
  filled: number;
  group: number;
  /** The largest change between working samples, until it is set back. */
  largestChange: number;
}

/** The state before the first working sample; up to `excess` more than a group are stored at once. */
export const createBandState = (excess: number): BandState => ({
  means: new Float64Array(stored + excess),
  deflections: new Float64Array(stored),
  upperDeflections: new Float64Array(stored),
  filled: history,
  group: history,
  largestChange: 0,
});

/** Appends the envelope of a full group of working samples. */
function append(state: BandState, { lower, upper, filled }: EnvelopeValues): void {
  const { means, deflections, upperDeflections, group } = state;
  const lowerValues = lower.values;
  const upperValues = upper.values;
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
  const shift = filled - group;
  let { largestChange } = state;
  for (let i = group; i < group + envelopeGroup; i++) {
    long += means[i]! - means[i - longWindow]!;
    const e = d;
    d = c;
    c = b;
    b = a;
    a = means[i - centreLag + 2]!;
    const change = Math.abs(a - b);
    if (change > largestChange) largestChange = change;
    const short = b + c + d;
    // The residue of a straight line is rounding error: set it to zero.
    const level = long * perLong;
    const least = rounding * Math.abs(level);
    const difference = Math.abs(short * perShort - level);
    const upperDifference = Math.abs(c - (a + short + e) * perUpper);
    const deflection = difference > least ? difference : 0;
    const upperDeflection = upperDifference > least ? upperDifference : 0;
    joined += deflection - deflections[i - joiningWindow]!;
    upperJoined += upperDeflection - upperDeflections[i - joiningWindow]!;
    deflections[i] = deflection;
    upperDeflections[i] = upperDeflection;
    lowerValues[shift + i] = joined * perJoining;
    upperValues[shift + i] = upperJoined * perJoining;
  }
  state.largestChange = largestChange;
}

/** Finds the lowest and the highest value of a group, the larger and the smaller of two without a branch. */
function findExtremes({ values, lows, highs }: EnvelopeBand, group: number): void {
  const from = group * envelopeGroup;
  let high = values[from]!;
  let low = high;
  for (let i = from + 1; i < from + envelopeGroup; i += 4) {
    const a = values[i]!;
    const b = values[i + 1]!;
    const c = values[i + 2]!;
    const d = values[i + 3]!;
    // Twice the larger and the smaller of each pair, then of both pairs.
    const apart = Math.abs(a - b);
    const otherApart = Math.abs(c - d);
    const more = a + b + apart;
    const otherMore = c + d + otherApart;
    const less = a + b - apart;
    const otherLess = c + d - otherApart;
    const most = 0.25 * (more + otherMore + Math.abs(more - otherMore));
    const least = 0.25 * (less + otherLess - Math.abs(less - otherLess));
    high = 0.5 * (most + high + Math.abs(most - high));
    low = 0.5 * (least + low - Math.abs(least - low));
  }
  lows[group] = low;
  highs[group] = high;
}

/** Appends the envelope of a full group of working samples, and moves on to the next one. */
export function finishGroup(state: BandState, values: EnvelopeValues): void {
  append(state, values);
  findExtremes(values.lower, values.filled / envelopeGroup);
  findExtremes(values.upper, values.filled / envelopeGroup);
  values.filled += envelopeGroup;
  state.group += envelopeGroup;
  if (state.group + envelopeGroup <= stored) return;
  const from = state.group - history;
  for (const samples of [state.means, state.deflections, state.upperDeflections]) samples.copyWithin(0, from);
  state.filled -= from;
  state.group = history;
}
