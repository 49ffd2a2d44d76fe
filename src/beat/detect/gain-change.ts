/**
 * Sudden changes of a lead's gain, by a switch or at an electrode: from one second to the next the complexes have another
 * size but the same shape. The usual levels of the last seconds say nothing of them then.
 */
import type { FinderState, GainChange } from './candidate-state.ts';
import {
  changedSeconds,
  type LastSeconds,
  learnedSeconds,
  scaleEarlier,
  valueBefore,
} from './last-seconds.ts';

/** Least decrease and increase of the height of complexes, and largest difference of it between the two bands; natural logarithms. */
const leastChange = { down: 1.05, up: 1.4 };
const sameChange = 0.25;
/** The noise level changes with the gain, within this. Where it does not, lower complexes must be narrow, and clear of it. */
const sameRestChange = 0.5;
const narrowRatio = -0.8;
const leastClear = 2;

/**
 * Finds a change of gain before the latest seconds in all leads with a signal, and scales what is known of the seconds
 * before to the new gain; undefined without one.
 */
export function followGain(state: FinderState): GainChange | undefined {
  const { leads, channels, seconds, heights, rests, groupHeights, candidate } = state;
  const change = { shift: new Float64Array(channels), middle: new Float64Array(channels) };
  let found = false;
  for (let lead = 0; lead < leads; lead++) {
    if (Math.min(heights[lead]!.known, heights[leads + lead]!.known) < learnedSeconds) continue;
    const shift = shiftOf(state, lead);
    if (shift === 0) return undefined;
    found = true;
    for (const channel of [lead, leads + lead]) change.shift[channel] = shift;
  }
  if (!found) return undefined;
  for (const [channel, shift] of change.shift.entries()) {
    if (shift === 0) continue;
    change.middle[channel] = changeOf(state, heights, channel).latest - shift / 2;
    for (const { [channel]: levels } of [heights, rests, groupHeights])
      scaleEarlier(levels!, seconds[channel]!, Math.exp(shift));
    candidate.rememberedHeight[channel]! += shift;
  }
  return change;
}

/** The logarithm of the change of a lead's gain; 0 when there is none. */
function shiftOf(state: FinderState, lead: number): number {
  const upper = state.leads + lead;
  const height = changeOf(state, state.heights, lead);
  const upperHeight = changeOf(state, state.heights, upper);
  const isLower = height.down < -leastChange.down;
  const [lowerShift, upperShift] = isLower ? [height.down, upperHeight.down] : [height.up, upperHeight.up];
  const shift = (lowerShift + upperShift) / 2;
  if (!(isLower || shift > leastChange.up) || Math.abs(upperShift - lowerShift) > sameChange) return 0;
  const rest = changeOf(state, state.rests, lead);
  const upperRest = changeOf(state, state.rests, upper);
  if (Math.max(Math.abs(rest.middle - shift), Math.abs(upperRest.middle - shift)) < sameRestChange)
    return shift;
  const isNarrow = upperHeight.latest - height.latest > narrowRatio;
  return isLower && isNarrow && upperHeight.latest - upperRest.latest > leastClear ? shift : 0;
}

/** The change of a level of a channel, natural logarithms. */
interface Change {
  /** From the second highest of the seconds before to the lowest of the latest. */
  readonly up: number;
  /** From the third lowest of the seconds before to the highest of the latest. */
  readonly down: number;
  /** From the median of the seconds before to the highest of the latest. */
  readonly middle: number;
  /** The highest of the latest seconds. */
  readonly latest: number;
}

function changeOf({ seconds }: FinderState, levels: readonly LastSeconds[], channel: number): Change {
  const before = (back: number): number => Math.log(valueBefore(levels[channel]!, seconds[channel]!, back));
  const earlier: number[] = [];
  for (let back = changedSeconds + 1; back <= learnedSeconds; back++) earlier.push(before(back));
  earlier.sort((a, b) => a - b);
  const latest = Math.max(before(1), before(2));
  return {
    up: Math.min(before(1), before(2)) - earlier.at(-2)!,
    down: latest - earlier[2]!,
    middle: latest - earlier[earlier.length >> 1]!,
    latest,
  };
}
