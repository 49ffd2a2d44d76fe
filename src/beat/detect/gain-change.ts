/**
 * Sudden changes of gain, by a switch or at the electrodes: from one second to the next the complexes have another size
 * but the same shape. The usual levels of the last seconds say nothing of them then.
 */
import type { FinderState, GainChange } from './candidate-state.ts';
import { type LastSeconds, learnedSeconds, median, scaleEarlier, valueBefore } from './last-seconds.ts';

/** Least ratios of the heights of complexes before and after it, downwards and upwards. */
const leastChange = { down: 0.35, up: 4 };
/** Largest difference of the change between the two bands, natural logarithm. */
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
  let change: GainChange | undefined;
  for (let lead = 0; lead < leads; lead++) {
    if (Math.min(heights[lead]!.known, heights[leads + lead]!.known) < learnedSeconds) continue;
    const shift = shiftOf(state, lead);
    if (shift === 0) return undefined;
    change ??= { shift: new Float64Array(channels), middle: new Float64Array(channels) };
    for (const channel of [lead, leads + lead]) change.shift[channel] = shift;
  }
  for (const [channel, shift] of change?.shift.entries() ?? []) {
    if (shift === 0) continue;
    change!.middle[channel] = Math.log(median(heights[channel]!)) + shift / 2;
    for (const { [channel]: levels } of [heights, rests, groupHeights])
      scaleEarlier(levels!, seconds[channel]!, Math.exp(shift));
    candidate.rememberedHeight[channel]! += shift;
  }
  return change;
}

/**
 * The logarithm of the change of a lead's gain; 0 when there is none. When the latest seconds are the lowest or the
 * highest, the median of all is a level that most of those before reach, or do not exceed.
 */
function shiftOf({ leads, heights, rests, rest, seconds, weights }: FinderState, lead: number): number {
  const first = weights[lead]! * valueBefore(heights[lead]!, seconds[lead]!, 1);
  const second = weights[lead]! * valueBefore(heights[lead]!, seconds[lead]!, 2);
  const isLower = Math.max(first, second) < leastChange.down;
  if (!isLower && Math.min(first, second) < leastChange.up) return 0;
  const choose = isLower ? Math.max : Math.min;
  const logLatest = (all: readonly LastSeconds[], channel: number): number =>
    Math.log(
      choose(
        valueBefore(all[channel]!, seconds[channel]!, 1),
        valueBefore(all[channel]!, seconds[channel]!, 2),
      ),
    );
  const upper = leads + lead;
  const height = logLatest(heights, lead);
  const upperHeight = logLatest(heights, upper);
  const lowerShift = height - Math.log(median(heights[lead]!));
  const upperShift = upperHeight - Math.log(median(heights[upper]!));
  if (Math.abs(upperShift - lowerShift) > sameChange) return 0;
  const shift = (lowerShift + upperShift) / 2;
  const upperRest = logLatest(rests, upper);
  const restShift = logLatest(rests, lead) - rest[lead]! - shift;
  const upperRestShift = upperRest - rest[upper]! - shift;
  if (Math.max(Math.abs(restShift), Math.abs(upperRestShift)) < sameRestChange) return shift;
  return isLower && upperHeight - height > narrowRatio && upperHeight - upperRest > leastClear ? shift : 0;
}
