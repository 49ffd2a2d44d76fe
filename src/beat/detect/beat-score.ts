/**
 * The scores that decide which candidates are beats: of heights, how much better they fit a beat than the rest between
 * beats; of an interval, how badly it fits the rate; and of two candidates close together, how unlike they are. All
 * constants of the decision but the bookkeeping of `beat-sequence.ts` are here. They were chosen on the MIT-BIH
 * Arrhythmia Database with its noise tests, on records 1–100 of the Lobachevsky database and on synthetic hearts, so
 * results on those are not those of unseen records.
 *
 * Arrays by channel hold the lower band of every lead first, then the upper band of every lead; logarithms are natural.
 */
import type { Candidate } from './candidates.ts';

/** No two beats are nearer than this, s: 320 a minute and their jitter. */
export const refractorySeconds = 0.17;
/** A lead that does not move at all, below this, says nothing. */
export const silence = -600;

// A beat reaches at least this of its usual height, and from its usual rest comes at least so far towards it.
const leastHeight = Math.log(0.15);
const thresholdPlace = 0.5;
/** The score grows with the height above the threshold, the faster the further height and rest are apart. */
const gainPerSeparation = 2;
const leastSeparation = 0.2;
const highestScore = 5.5;
const lowestScore = -4.5;
/** More than seven times the usual height is an artefact rather, and the more so the higher. */
const tooHigh = 2;
const excessPenalty = 4;
/** What a beat costs: most candidates are none. */
const beatPenalty = 0.5;

/** Deviations, squared, below this are no sign of a better channel. */
const leastSpread = 0.3;
// The weight of the upper band beside the lower. In noise it has little say, and less where it speaks for a beat; in a
// clear signal the bands are equals.
const upperWeight = { forInNoise: 0.07, againstInNoise: 1 };
/** Separations above this are all clear enough. */
const clearSeparation = 2.5;
/** A sequence whose usual height is this far below what the lead reaches misses what matters, and pays. */
const lowRegime = { from: 1.1, perFactor: 5, most: 8 };

/**
 * The score of a beat at the candidate, a log-likelihood ratio summed over leads: heights of beats and of rest are taken
 * to be log-normal about the usual ones. These are read from `at` on, as is `spread`, the mean squared deviation of the
 * beats' heights from the usual one: a lead counts for less, the less its beats keep to one height, so one that came
 * off or is full of artefacts leaves the others their say. Leads are no independent witnesses: n of them count as n^⅓.
 */
export function beatScore(
  candidate: Candidate,
  usualHeight: Float64Array,
  usualRest: Float64Array,
  spread: Float64Array,
  at: number,
): number {
  const { height, topHeight, clearness, upperShare } = candidate;
  const leads = height.length >> 1;
  let least = Number.POSITIVE_INFINITY;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! >= silence) least = Math.min(least, spread[at + lead]!, spread[at + leads + lead]!);
  }
  let score = 0;
  let witnesses = 0;
  let low = Number.POSITIVE_INFINITY;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence) continue;
    const upper = leads + lead;
    const separation = separationOf(usualHeight[at + lead]!, usualRest[at + lead]!);
    const upperSeparation = separationOf(usualHeight[at + upper]!, usualRest[at + upper]!);
    const lowerScore = channelScore(height[lead]!, usualHeight[at + lead]!, separation);
    const upperScore =
      height[upper]! < silence
        ? lowerScore
        : channelScore(height[upper]!, usualHeight[at + upper]!, upperSeparation);
    const inNoise = upperScore > lowerScore ? upperWeight.forInNoise : upperWeight.againstInNoise;
    const ratio = Math.min(1, upperSeparation / Math.min(separation, clearSeparation));
    const lowerWeight = (least + leastSpread) / (spread[at + lead]! + leastSpread);
    const weight =
      ((least + leastSpread) / (spread[at + upper]! + leastSpread)) *
      (inNoise + (1 - inNoise) * clearness[lead]!) *
      (ratio * ratio * ratio * ratio);
    const witness = Math.max(lowerWeight, weight);
    score += (witness * (lowerScore * lowerWeight + upperScore * weight)) / (lowerWeight + weight);
    witnesses += witness;
    const below = topHeight[lead]! - usualHeight[at + lead]!;
    const upperBelow = topHeight[upper]! - usualHeight[at + upper]!;
    low = Math.min(low, below + upperShare[lead]! * (upperBelow - below));
  }
  if (witnesses === 0) return -beatPenalty;
  const excess = Math.max(0, low - lowRegime.from);
  return score * witnesses ** (-2 / 3) - beatPenalty - Math.min(lowRegime.most, lowRegime.perFactor * excess);
}

/** No beat on so many leads scores higher; with some room for rounding. */
export const mostBeatScore = (leads: number): number => highestScore * Math.cbrt(leads) + 1e-9;

const separationOf = (height: number, rest: number): number => Math.max(leastSeparation, height - rest);

function channelScore(value: number, top: number, separation: number): number {
  const threshold = top + Math.max(leastHeight, (thresholdPlace - 1) * separation);
  const score = gainPerSeparation * separation * (value - threshold);
  const excess = Math.max(0, value - top - tooHigh) * excessPenalty;
  return Math.max(lowestScore, Math.min(highestScore, score)) - excess;
}

// Penalties per factor e of an interval beyond these ratios to the usual one.
const shortRatio = Math.log(0.6);
const shortPenalty = 3;
const longRatio = Math.log(1.2);
const longPenalty = 3.3;
/** The most that a gap costs; a little less than starting anew, or silence would be filled with noise. */
export const gapLimit = 8;
/** At the usual rate, an interval under this may end at a T wave, s; at a fast one, under this ratio. */
const tWaveSeconds = 0.36;
const tWaveRatio = 0.6;
const tWavePenalty = 3;

/** The cost of an interval of `seconds`, where the logarithm of the usual one is given. */
export function intervalPenalty(seconds: number, usualInterval: number): number {
  const ratio = Math.log(seconds) - usualInterval;
  let penalty = 0;
  if (ratio < shortRatio) penalty = shortPenalty * (shortRatio - ratio);
  else if (ratio > longRatio) penalty = Math.min(gapLimit, longPenalty * (ratio - longRatio));
  if (seconds < tWaveSeconds) {
    const tWave = Math.min(tWaveSeconds, tWaveRatio * Math.exp(usualInterval));
    const share = (tWave - seconds) / (tWaveSeconds - refractorySeconds);
    if (share > 0) penalty += tWavePenalty * share;
  }
  return penalty;
}

/** s. Nearer than the first, two candidates may be a complex and its T or P wave; from the second on they are not. */
const pairSeconds = { sure: 0.36, none: 0.45 };
const pairPenalty = 6;
// Factors (logarithms): a T wave is smoother than its complex by this, P and T waves are lower in both bands by this;
// each is half believed there, and wholly so much further on.
const smootherBy = 0.6;
const lowerBy = 1.1;
const doubt = 0.3;

/**
 * The cost of a beat after another `interval` s before it, whose heights are in `heights` from `at` on: large where
 * they are so unlike that one is rather the T or P wave of the other. So the slope tells a T wave from a complex, as in
 * Pan & Tompkins 1985.
 */
export function pairCost(height: Float64Array, heights: Float64Array, at: number, interval: number): number {
  if (interval > pairSeconds.none) return 0;
  const leads = height.length >> 1;
  let belief = 0;
  let seen = 0;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence || height[leads + lead]! < silence) continue;
    const drop = heights[at + lead]! - height[lead]!;
    const upperDrop = heights[at + leads + lead]! - height[leads + lead]!;
    const smoother = Math.min(upperDrop - drop, upperDrop) - smootherBy;
    const lower = (drop > 0 ? Math.min(drop, upperDrop) : Math.min(-drop, -upperDrop)) - lowerBy;
    belief += Math.max(0, Math.min(1, (Math.max(smoother, lower) + doubt) / (2 * doubt)));
    seen++;
  }
  if (belief === 0) return 0;
  const nearness = (pairSeconds.none - interval) / (pairSeconds.none - pairSeconds.sure);
  return ((pairPenalty * belief) / seen) * Math.min(1, nearness);
}
