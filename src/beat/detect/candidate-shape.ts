/**
 * The shape of a candidate by its heights in two bands: how surely it is narrow, low or smooth beside the largest
 * complexes of the last seconds, by which small beats are told from P and T waves.
 */
import { silence } from './beat-score.ts';
import type { Candidate } from './candidate-state.ts';

/**
 * Range of the log-ratio of upper to lower band, without noise, over which a deflection passes for a narrow complex: a
 * Gaussian wave of standard deviation 11 ms has −0.6, one of 20 ms (a P wave) −1.3. And range of its log-height over
 * the noise level, over which it is clear: in the lower band, or in the upper one where the T waves of the lead are as
 * high as the complex.
 */
const narrowRatio = { from: -0.95, to: -0.75 };
const clearHeight = { from: 0.7, to: 1.1 };
const clearUpperHeight = { from: 1.2, to: 1.6 };
/** Range of the share that is not noise in the power of the upper band, over which the ratio of the bands is known. */
const ownShare = { from: 0.65, to: 0.8 };
/** Range of the log-ratio of the largest heights to the noise level, in the upper band, over which a lead is free of noise. */
const cleanSeparation = { from: 1.8, to: 2.1 };
/** From 0 at the start of the range to 1 at its end. */
export const ramp = (value: number, { from, to }: { readonly from: number; readonly to: number }): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

/** A quantity of a candidate in one lead, whose two channels are `lead` and `upper`. */
type LeadQuantity = (candidate: Candidate, lead: number, upper: number) => number;

/** Mean of a quantity over the leads that carry information; 0 without any. */
function meanOverLeads(candidate: Candidate, quantity: LeadQuantity): number {
  const { height } = candidate;
  const leads = height.length >> 1;
  let sum = 0;
  let seen = 0;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence) continue;
    seen++;
    sum += quantity(candidate, lead, leads + lead);
  }
  return seen === 0 ? 0 : sum / seen;
}

/** How surely, from 0 to 1, a lead is free of noise at the candidate. */
const cleanness: LeadQuantity = ({ topHeight, highest }, _, upper) =>
  ramp(topHeight[upper]! - highest.rest[upper]!, cleanSeparation);

/** How surely, from 0 to 1, the leads are free of noise at the candidate: mean of those that carry information. */
export const meanCleanness = (candidate: Candidate): number => meanOverLeads(candidate, cleanness);

/** The log-ratio of the largest heights of the last seconds to the candidate's in the lower band, mean over the leads. */
export const meanLowerDrop = (candidate: Candidate): number =>
  meanOverLeads(candidate, ({ height, topHeight }, lead) => topHeight[lead]! - height[lead]!);

/** How surely, from 0 to 1, the candidate is a narrow complex: mean over the leads. */
export const narrowness = (candidate: Candidate): number => meanOverLeads(candidate, narrownessIn);

function narrownessIn(candidate: Candidate, lead: number, upper: number): number {
  const { height, highest } = candidate;
  const overNoise = height[upper]! - highest.rest[upper]!;
  const clear =
    Math.max(ramp(height[lead]! - highest.rest[lead]!, clearHeight), ramp(overNoise, clearUpperHeight)) *
    cleanness(candidate, lead, upper);
  const noise = Math.exp(-2 * overNoise);
  if (clear === 0 || noise >= 1) return 0;
  const ratio = height[upper]! + 0.5 * Math.log(1 - noise) - height[lead]!;
  return clear * ramp(1 - noise, ownShare) * ramp(ratio, narrowRatio);
}

/**
 * Ranges over which a candidate passes for a P or T wave beside complexes that are much larger: of the mean log-ratio of
 * the largest heights to its own in the two bands, and of that in the lower band, where one alone is enough if it is
 * large and the complexes are wide, because these have little in the upper band; of the log-ratio of upper to lower band, below which it is
 * smooth, without noise unless it is hidden in it; and of the difference of that ratio from that of the largest heights.
 */
const atrialLowness = { from: 1.2, to: 1.4 };
const atrialLowerDrop = { from: 0, to: 0.3 };
const muchLowerDrop = { from: 1.3, to: 1.5 };
const smoothRatio = { from: -1, to: -0.85 };
const smootherThanTop = { from: 0.2, to: 0.4 };
/** From this share of noise in the power of the upper band on a candidate is hidden in it. */
const hiddenFrom = 0.9;
const smoothPenalty = 8;

/** The log-height of a candidate without noise of this log-height; not below the noise that hides it. */
function withoutNoise(height: number, rest: number): number {
  const noise = Math.exp(2 * (rest - height));
  return noise < hiddenFrom ? height + 0.5 * Math.log(1 - noise) : Math.max(height, rest);
}

/**
 * The penalty of a beat that is both much lower than the largest complexes of the last seconds and smooth, if it
 * recurs: it is then more probably a P wave, of a heart block for example, or a T wave. A P wave is lower than the QRS
 * complex, and never as narrow as a normal one; small beats among large ectopic ones are narrower than these.
 */
export const smoothCost = (candidate: Candidate): number =>
  smoothPenalty * meanOverLeads(candidate, lowSmoothness);

/** How surely, from 0 to 1, the candidate is that low and smooth in a lead. */
function lowSmoothness(candidate: Candidate, lead: number, upper: number): number {
  const { height, highest, topHeight, rememberedHeight } = candidate;
  const lowerTop = Math.max(topHeight[lead]!, rememberedHeight[lead]!);
  const upperTop = Math.max(topHeight[upper]!, rememberedHeight[upper]!);
  const lowerDrop = lowerTop - height[lead]!;
  const upperDrop = upperTop - height[upper]!;
  const low = Math.max(
    ramp((lowerDrop + upperDrop) / 2, atrialLowness) * ramp(lowerDrop, atrialLowerDrop),
    ramp(lowerDrop, muchLowerDrop) * (1 - ramp(upperTop - lowerTop, smoothRatio)),
  );
  if (low === 0) return 0;
  const ratio = withoutNoise(height[upper]!, highest.rest[upper]!) - height[lead]!;
  return low * Math.max(1 - ramp(ratio, smoothRatio), ramp(upperDrop - lowerDrop, smootherThanTop));
}

/** Range of the log-ratio of the largest heights to a candidate's, in both bands, over which it is much lower. */
const muchLower = { from: 0.45, to: 0.7 };

/** How surely, from 0 to 1, other beats of the last seconds are much larger than the candidate in one of the leads. */
export function lowness({ height, topHeight }: Candidate): number {
  const leads = height.length >> 1;
  let most = 0;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence) continue;
    const lower = topHeight[lead]! - height[lead]!;
    const upper = topHeight[leads + lead]! - height[leads + lead]!;
    most = Math.max(most, ramp(Math.min(lower, upper), muchLower));
  }
  return most;
}

/**
 * Ranges, for P and T waves beside broad complexes: of the log-ratio of upper to lower band, below which a candidate is not
 * steep; and of its log-height over the noise level in the lower band.
 */
const notSteepRatio = { from: -0.65, to: -0.5 };
const clearWave = { from: 0.9, to: 1.3 };
/** Waves lower than the largest complexes by more, in the lower band, are no beats by their height. */
const mostDrop = 1.6;

/**
 * How surely, from 0 to 1, the candidate is a clear wave without steep parts, and the largest complexes of the last
 * seconds are smooth: mean over the leads.
 */
export const smoothness = (candidate: Candidate): number => meanOverLeads(candidate, smoothnessIn);

function smoothnessIn({ height, highest, topHeight }: Candidate, lead: number, upper: number): number {
  const top = 1 - ramp(topHeight[upper]! - topHeight[lead]!, smoothRatio);
  if (top === 0 || topHeight[lead]! - height[lead]! > mostDrop) return 0;
  const clear = ramp(height[lead]! - highest.rest[lead]!, clearWave);
  if (clear === 0) return 0;
  const own = withoutNoise(height[upper]!, highest.rest[upper]!);
  return top * clear * (1 - ramp(own - height[lead]!, notSteepRatio));
}
