/** The usual levels of a lead's envelope over the last seconds: the heights of beats, and the noise between them. */
import { envelopeGroup } from '../../signal/envelope-bands.ts';
import type { FinderState } from './candidate-state.ts';
import { keepLatest, learnedSeconds, median, renew, upper } from './last-seconds.ts';

/**
 * Rank of the height, among the maxima of the last seconds, that is taken for the height of a beat: at 15 beats a
 * minute only this many seconds contain one.
 */
const topRank = 2;
/**
 * Distance of the noise level above the minima of the envelope (natural logarithm), over groups of values between
 * beats.
 */
const restOverLow = 1.6;
const logRestOverLow = Math.log(restOverLow);
// At fast rates the envelope never falls to the noise level between complexes: all groups have nearly the same maximum,
// with a dip in between. Then a new sequence assumes a noise level at least this far below its height (natural
// logarithms).
const fullWithin = 0.25;
const leastDip = 0.2;
const freshSeparation = 2;
/**
 * The upper band is clear when its separation of beats and noise exceeds this, and fully clear when it exceeds it by 1
 * (natural logarithms).
 */
const clearFrom = 2.2;
const leastSeparation = 0.3;
/** By this much per second the height of complexes before a pause is forgotten, natural logarithm. */
const forgottenPerSecond = 0.1;
/** The usual heights are at most this far below it, natural logarithm, so that those of a pause are not those of its noise. */
const mostFall = 1.5;
/** Substitute for 0 in logarithms. */
export const nothing = 1e-300;

/** Updates the highest values with the latest `count` ones. */
export function addGroups(state: FinderState, count: number): void {
  for (let channel = 0; channel < state.channels; channel++) {
    const { highs } = state.recent[channel]!;
    let highest = state.highest[channel]!;
    let before = state.groupHighest[channel]!;
    let earlier = state.earlierHighest[channel]!;
    for (let group = (state.next - count) / envelopeGroup; group < state.next / envelopeGroup; group++) {
      // A complex that reaches into the next second is no complex of that one: only the highest of three groups counts.
      const high = highs[group]!;
      if (before >= high && before >= earlier && before > highest) highest = before;
      earlier = before;
      before = high;
    }
    state.highest[channel] = highest;
    state.groupHighest[channel] = before;
    state.earlierHighest[channel] = earlier;
  }
}

/** Updates the usual levels with the last `count` values, a second or the rest of one. */
export function learn(state: FinderState, count: number): void {
  const groups = count / envelopeGroup;
  const from = state.next / envelopeGroup - groups;
  for (let channel = 0; channel < state.channels; channel++) {
    const heights = state.heights[channel]!;
    const rests = state.rests[channel]!;
    const groupHeights = state.groupHeights[channel]!;
    const { lows, highs } = state.recent[channel]!;
    // A constant or invalid signal says nothing of the beats before and after it.
    if (state.highest[channel]! > 0) {
      const second = state.seconds[channel]!++ % state.window;
      renew(heights, second, state.highest[channel]!);
      renew(rests, second, restOverLow * upperMedian(lows, from, groups, state.sorted));
      renew(groupHeights, second, upperMedian(highs, from, groups, state.sorted));
    }
    const { candidate } = state;
    candidate.rememberedHeight[channel]! -= forgottenPerSecond;
  }
  updateLevels(state);
  state.highest.fill(0);
}

/** Updates the usual levels of the candidates from those of the last seconds. */
export function updateLevels({
  candidate,
  leads,
  channels,
  rest,
  full,
  weights,
  heights,
  rests,
  groupHeights,
}: FinderState): void {
  for (let channel = 0; channel < channels; channel++) {
    const height = Math.max(nothing, median(heights[channel]!));
    const top = Math.max(nothing, upper(heights[channel]!, topRank));
    if (channel < leads) weights[channel] = height > nothing ? 1 / height : 0;
    rest[channel] = Math.log(Math.max(nothing, median(rests[channel]!)));
    const remembered = Math.max(Math.log(height), candidate.rememberedHeight[channel]!);
    candidate.rememberedHeight[channel] = remembered;
    candidate.usual.height[channel] = Math.max(Math.log(height), remembered - mostFall);
    candidate.topHeight[channel] = Math.max(Math.log(top), remembered - mostFall);
    const reached = Math.log(Math.max(nothing, median(groupHeights[channel]!)));
    full[channel] =
      candidate.topHeight[channel]! - reached < fullWithin &&
      reached - rest[channel]! > leastDip - logRestOverLow
        ? 1
        : 0;
  }
  for (let channel = 0; channel < channels; channel++) {
    const separation = full[channel % leads]! * full[leads + (channel % leads)]! * freshSeparation;
    const { usual, highest } = candidate;
    usual.rest[channel] = Math.min(rest[channel]!, usual.height[channel]! - separation);
    highest.rest[channel] = Math.min(rest[channel]!, highest.height[channel]! - separation);
  }
  for (let lead = 0; lead < leads; lead++) {
    const lowerSeparation = candidate.topHeight[lead]! - rest[lead]!;
    const upperSeparation = candidate.topHeight[leads + lead]! - rest[leads + lead]!;
    candidate.clearness[lead] = Math.max(0, Math.min(1, upperSeparation - clearFrom));
    const weight = shareWeight(upperSeparation);
    candidate.upperShare[lead] = weight / (weight + shareWeight(lowerSeparation));
  }
}

/** Fourth power of a separation. */
const shareWeight = (separation: number): number => (Math.max(leastSeparation, separation) ** 2) ** 2;

/** Forgets all but the latest of the seconds known at the start. */
export function forgetStart(state: FinderState): void {
  for (let channel = 0; channel < state.channels; channel++) {
    const count = state.seconds[channel]!;
    for (const { [channel]: seconds } of [state.heights, state.rests, state.groupHeights]) {
      state.seconds[channel] = keepLatest(seconds!, count);
    }
  }
  state.window = learnedSeconds;
}

/** The upper median of `count` values from `from` on; `sorted` is scratch memory. */
function upperMedian(values: Float64Array, from: number, count: number, sorted: Float64Array): number {
  for (let i = 0; i < count; i++) {
    const value = values[from + i]!;
    let at = i;
    for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = value;
  }
  return sorted[count >> 1]!;
}
