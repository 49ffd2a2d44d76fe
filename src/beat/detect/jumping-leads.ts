/** Leads that jump from one voltage to another, as a loose electrode does, while other leads show nothing there. */
import { silence } from './beat-score.ts';
import type { Candidate } from './candidate-state.ts';
import type { SampleRing } from './sample-ring.ts';

/** Where leads differ by this log-ratio, relative to the largest heights of each, the higher may jump. */
const unlikeLeads = 0.7;
/** A jump makes this share of the range around the candidate, in so little time, s. */
const leastShare = 0.7;
const reachSeconds = 0.06;
const jumpSeconds = 0.004;
/** Below this sampling frequency, Hz, a QRS complex has too few samples to distinguish them. */
const leastFrequency = 200;
/** The log-height of a lead that says nothing. */
const nothing = -690;

/** The candidate, in which the leads that jump there say nothing; `rings` are the leads. */
export function withoutJumps(
  candidate: Candidate,
  rings: readonly SampleRing[],
  samplingFrequency: number,
): Candidate {
  const leads = rings.length;
  if (leads === 1 || samplingFrequency < leastFrequency) return candidate;
  const { height, topHeight, time } = candidate;
  let lowest = 0;
  let highest = Number.POSITIVE_INFINITY;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence) continue;
    const below = topHeight[lead]! - height[lead]!;
    lowest = Math.max(lowest, below);
    highest = Math.min(highest, below);
  }
  if (lowest - highest < unlikeLeads) return candidate;
  const centre = Math.floor(time * samplingFrequency);
  for (let lead = 0; lead < leads; lead++) {
    const mayJump = lowest - (topHeight[lead]! - height[lead]!) >= unlikeLeads;
    if (!mayJump || !isJump(rings[lead]!, centre, samplingFrequency)) continue;
    height[lead] = nothing;
    height[leads + lead] = nothing;
  }
  return candidate;
}

/** Whether most of what the signal does around `centre` is a jump, faster than any complex rises. */
function isJump({ values, mask, from, to }: SampleRing, centre: number, samplingFrequency: number): boolean {
  const reach = Math.round(reachSeconds * samplingFrequency);
  const lag = Math.max(1, Math.round(jumpSeconds * samplingFrequency));
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let largest = 0;
  for (let i = Math.max(from + lag, centre - reach); i < Math.min(to, centre + reach + 1); i++) {
    const value = values[i & mask]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    const step = Math.abs(value - values[(i - lag) & mask]!);
    if (step > largest) largest = step;
  }
  return largest > leastShare * (highest - lowest);
}
