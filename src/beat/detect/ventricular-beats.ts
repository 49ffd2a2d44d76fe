/**
 * Smooth ventricular beats among others. In the envelope such a beat may be as low as a T wave, so voltage and time
 * distinguish it: it is nearly as large in voltage as the usual beats, steeper than a T wave of that size, and later.
 */
import { silence } from './beat-score.ts';
import { usualComplexSize } from './broad-complexes.ts';
import { meanCleanness, meanLowerDrop, ramp } from './candidate-shape.ts';
import type { Candidate } from './candidate-state.ts';
import { waveRecurrence } from './recurrence.ts';
import { none, oneBefore, type SequenceState, sizeOf, slotOf } from './sequence-state.ts';

/**
 * Ranges of the log-ratio of a wave's voltage to its height in the lower band, mean of the leads, over which it passes for a
 * T wave, and by how much they are higher where none can be; and of the log-ratio of its voltage to that of the usual
 * complexes, over which it passes for a beat.
 */
const gentle = { from: 2.3, to: 2.4 };
const gentlerBy = 0.4;
const large = { from: -0.75, to: -0.55 };
/** A wave further below the largest heights in the lower band (log-ratio, mean of the leads) is neither steep nor large. */
const mostDrop = 1.9;
/**
 * Ranges of the time since the last complex, or the last wave at least nearly as large (log-ratio), over which T waves become
 * unlikely and impossible, s.
 */
const sinceComplex = { from: 0.28, to: 0.33 };
const sinceT = { from: 0.45, to: 0.55 };
const sameSize = 0.6;
/** The score of a beat that is certain. */
export const ventricularScore = 1.5;

/**
 * How surely, from 0 to 1, the candidate in `slot`, of this narrowness, is such a beat. It recurs, as the beats of one
 * focus do, unlike artefacts.
 */
export function ventricularCertainty(
  state: SequenceState,
  candidate: Candidate,
  slot: number,
  narrow: number,
): number {
  const { time, height } = candidate;
  if (narrow === 1 || meanLowerDrop(candidate) > mostDrop) return 0;
  const clean = (1 - narrow) * meanCleanness(candidate);
  if (clean === 0) return 0;
  const size = sizeOf(state, slot);
  const gentleness = voltageToHeight(size, height);
  if (gentleness >= gentle.to + gentlerBy) return 0;
  const since = time - lastComplex(state, time, size);
  const steep = 1 - ramp(gentleness - gentlerBy * ramp(since, sinceT), gentle);
  const late = clean * steep * ramp(since, sinceComplex);
  const recurring = late === 0 ? 0 : late * waveRecurrence(state, candidate);
  if (recurring === 0) return 0;
  return recurring * ramp(size - usualComplexSize(state, { time, size, height, at: 0 }), large);
}

/** The time of the last candidate before `time` that is narrow or at least nearly as large; −∞ if it is not near. */
function lastComplex(state: SequenceState, time: number, size: number): number {
  for (let id = oneBefore(state, state.next); id !== none; id = oneBefore(state, id)) {
    const slot = slotOf(state, id);
    const before = state.times[slot]!;
    if (time - before >= sinceT.to) break;
    if (state.narrowness[slot]! > 0.5 || sizeOf(state, slot) > size - sameSize) return before;
  }
  return Number.NEGATIVE_INFINITY;
}

/** The log-ratio of voltage to height in the lower band, mean of the leads that carry information. */
export function voltageToHeight(size: number, height: Float64Array): number {
  const leads = height.length >> 1;
  let sum = 0;
  let seen = 0;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence) continue;
    sum += height[lead]!;
    seen++;
  }
  return size - sum / seen;
}
