/**
 * The scores by which candidates are classified as beats: how much better the heights of a candidate fit a beat than
 * the noise between beats, how much an interval deviates from the heart rate, and how unlike two neighbouring
 * candidates are. The constants of these and of `candidate-shape.ts` were tuned on the MIT-BIH Arrhythmia Database with
 * its noise stress tests, on records 1–100 of the Lobachevsky database and on synthetic recordings, so results on those
 * are not results on unseen records.
 *
 * Arrays by channel hold the lower band of every lead first, then the upper band of every lead; logarithms are natural.
 */
import type { Candidate } from './candidate-state.ts';

/** Refractory period, s: 320 beats a minute with jitter. */
export const refractorySeconds = 0.17;
/** Log-height below which a lead is constant and carries no information. */
export const silence = -600;

// Threshold: a fraction of the usual height, and of the distance between the usual noise level and the usual height.
const leastHeight = Math.log(0.15);
const thresholdPlace = 0.5;
/**
 * The score increases with the height above the threshold, more steeply the greater the separation of height and noise
 * level.
 */
const gainPerSeparation = 2;
const leastSeparation = 0.2;
const highestScore = 5.5;
const lowestScore = -4.5;
/** A height of more than seven times the usual one is increasingly likely to be an artefact. */
const tooHigh = 2;
const excessPenalty = 4;
/** Prior penalty of a beat: most candidates are not beats. */
const beatPenalty = 0.5;

/** Lower limit of the mean squared deviation. */
const leastSpread = 0.3;
// Weight of the upper band relative to the lower one. In noise it is small where the upper band favours a beat, and 1
// where it contradicts one; in a clear signal both bands have equal weight.
const upperWeight = { forInNoise: 0.07, againstInNoise: 1 };
/** Upper limit of the separation. */
const clearSeparation = 2.5;
/**
 * Penalty of a sequence whose usual height is far below the largest heights of the leads (`from`, mean of the
 * logarithms), because it would miss beats. Heights that are large in one lead only may be artefacts, so that the
 * excess is at most three times that over `inEach` of the lead with the smallest difference.
 */
const lowRegime = { from: 1.1, inEach: 0.7, eachFactor: 3, perFactor: 5, most: 8 };

/**
 * The score of a beat at the candidate: a log-likelihood ratio summed over leads, in which the heights of beats and of
 * noise are log-normal about their usual values. These are read from index `at` on, and so is `spread`, the mean
 * squared deviation of the beats' heights from the usual one: the more its heights vary, the less weight a lead has, so
 * that a disconnected or noisy lead does not dominate. Leads are not independent, so the scores of n leads are scaled
 * to count as n^⅓.
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
  let low = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let seen = 0;
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
    const leadBelow = below + upperShare[lead]! * (upperBelow - below);
    low += leadBelow;
    lowest = Math.min(lowest, leadBelow);
    seen++;
  }
  if (witnesses === 0) return -beatPenalty;
  const excess = Math.max(
    0,
    Math.min(low / seen - lowRegime.from, lowRegime.eachFactor * (lowest - lowRegime.inEach)),
  );
  // One lead with equal weights needs no root.
  const scale = witnesses === 1 ? 1 : 1 / Math.cbrt(witnesses ** 2);
  return score * scale - beatPenalty - Math.min(lowRegime.most, lowRegime.perFactor * excess);
}

/** Upper bound of the score of a beat on this many leads, with a margin for rounding. */
export const mostBeatScore = (leads: number): number => highestScore * Math.cbrt(leads) + 1e-9;

const separationOf = (height: number, rest: number): number => Math.max(leastSeparation, height - rest);

function channelScore(value: number, top: number, separation: number): number {
  const threshold = top + Math.max(leastHeight, (thresholdPlace - 1) * separation);
  const score = gainPerSeparation * separation * (value - threshold);
  const excess = Math.max(0, value - top - tooHigh) * excessPenalty;
  return Math.max(lowestScore, Math.min(highestScore, score)) - excess;
}

// Penalties per factor of e by which an interval is outside these ratios to the usual interval.
const shortRatio = Math.log(0.6);
const shortPenalty = 3;
const longRatio = Math.log(1.2);
const longPenalty = 3.3;
/**
 * Largest penalty of a gap; a little less than that of starting a new sequence, because otherwise pauses would be
 * filled with noise.
 */
export const gapLimit = 8;
/** An interval shorter than this may end at a T wave at the usual rate, s; at a fast rate, one under this ratio. */
const tWaveSeconds = 0.36;
const tWaveRatio = 0.6;
const tWavePenalty = 3;

/** The penalty of an interval of `seconds`, given the logarithm of the usual one. */
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

/** Only intervals shorter than this may be penalised for that, given the logarithm of the usual one. */
export const shortInterval = (usualInterval: number): number =>
  Math.max(tWaveSeconds, Math.exp(usualInterval + shortRatio));

/**
 * Distances of two candidates, s: below `sure` they may be a complex and its T or P wave; from `none` on they are not.
 */
const pairSeconds = { sure: 0.36, none: 0.45 };
const pairPenalty = 6;
// Log-ratios by which a T wave is smoother than its complex, which differ for complexes known to be narrow, and by which
// P and T waves are lower in both bands. At these the penalty is half its maximum, which it reaches a little further on.
const smootherBy = { unknown: 0.6, narrow: 0.45 };
const lowerBy = 1.1;
const doubt = 0.3;

const certainty = (excess: number): number => Math.max(0, Math.min(1, (excess + doubt) / (2 * doubt)));

/**
 * The penalty of a beat that follows another one after `interval` s; the heights of the other are in `heights` from
 * index `at` on. It is large when they differ so much that one is probably the T or P wave of the other, unless the
 * lower of them is as narrow as no such wave is; `narrow` and `narrowBefore` are the narrowness of the two. T waves are
 * distinguished from complexes by their slope, as in Pan & Tompkins 1985.
 */
export function pairCost(
  height: Float64Array,
  heights: Float64Array,
  at: number,
  interval: number,
  narrow: { readonly before: number; readonly after: number },
): number {
  if (interval > pairSeconds.none) return 0;
  const leads = height.length >> 1;
  const smootherFrom = smootherBy.unknown + narrow.before * (smootherBy.narrow - smootherBy.unknown);
  let belief = 0;
  let seen = 0;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence || height[leads + lead]! < silence) continue;
    const drop = heights[at + lead]! - height[lead]!;
    const upperDrop = heights[at + leads + lead]! - height[leads + lead]!;
    const smoother = Math.min(upperDrop - drop, upperDrop) - smootherFrom;
    const lower = (drop > 0 ? Math.min(drop, upperDrop) : Math.min(-drop, -upperDrop)) - lowerBy;
    const isLower = (1 - (drop > 0 ? narrow.after : narrow.before)) * certainty(lower);
    belief += Math.max(certainty(smoother), isLower);
    seen++;
  }
  if (belief === 0) return 0;
  const nearness = (pairSeconds.none - interval) / (pairSeconds.none - pairSeconds.sure);
  // On n leads it counts n^⅓ times as much as on one, as the score of a beat does.
  return pairPenalty * belief * seen ** (-2 / 3) * Math.min(1, nearness);
}

/** The score of a narrow complex that recurs among much larger ones. */
export const recurrenceScore = 3;
