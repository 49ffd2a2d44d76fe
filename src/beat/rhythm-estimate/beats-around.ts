/** The beats from which the rhythm at a beat is estimated. */
import { featureConstants } from '../features/feature-constants.ts';

const { rhythm } = featureConstants;

/**
 * Indices of the unmasked beats around `beat`, including itself; of all beats around it when too few are unmasked. Near
 * the ends of the record the range is shifted, so that it contains as many beats as elsewhere.
 */
export function beatsAround(beat: number, counts: Uint8Array): number[] {
  const { beats } = rhythm;
  const first = Math.max(0, Math.min(beat - beats, counts.length - 2 * beats - 1));
  const end = Math.min(counts.length, first + 2 * beats + 1);
  const all = Array.from({ length: end - first }, (_, k) => first + k);
  const counting = all.filter(k => counts[k] === 1);
  return counting.length >= rhythm.fewestBeats ? counting : all;
}
