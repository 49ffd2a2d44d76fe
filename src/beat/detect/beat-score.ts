/**
 * The two scores that decide which candidates are beats: of a height, how much better it fits a beat than the rest
 * between beats, and of an interval, how badly it fits the rate. All constants of the decision but the bookkeeping of
 * `detect-path.ts` are here. They were searched on one half of the MIT-BIH Arrhythmia Database (DS1, 102 and 104), then
 * rounded and settled with all of it in view, so results on it are not those of unseen records. None of them is sharp.
 */

/** No two beats are nearer than this, s. */
export const refractorySeconds = 0.2;

// Logarithms are natural throughout. A beat reaches at least this of its usual height, and from its usual rest comes
// at least so far towards it.
const leastHeight = Math.log(0.3);
const thresholdPlace = 0.45;
/** The score grows with the height above the threshold, the faster the further height and rest are apart. */
const gainPerSeparation = 2;
const leastSeparation = 0.2;
const highestScore = 5.5;
const lowestScore = -4.5;
/** More than seven times the usual height is an artefact rather, and the more so the higher. */
const tooHigh = 2;
const excessPenalty = 4;
/** A lead that does not move at all, below this, says nothing. */
export const silence = -600;
/** What a beat costs: most candidates are none. */
const beatPenalty = 0.5;

/** Deviations, squared, below this are no sign of a better lead. */
const leastSpread = 0.3;

/**
 * The score of a beat of these heights, a log-likelihood ratio summed over leads: heights of beats and of rest are
 * taken to be log-normal about the usual ones. These are read from `at` on, as is `spread`, the mean squared deviation
 * of the beats' heights from the usual one: a lead counts for less, the less its beats keep to one height, so one that
 * came off or is full of artefacts leaves the others their say. Leads are no independent witnesses: n of them count as
 * n^⅓.
 */
export function beatScore(
  height: Float64Array,
  usualHeight: Float64Array,
  usualRest: Float64Array,
  spread: Float64Array,
  at: number,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let lead = 0; lead < height.length; lead++) {
    if (height[lead]! >= silence) least = Math.min(least, spread[at + lead]!);
  }
  let score = 0;
  let witnesses = 0;
  for (let lead = 0; lead < height.length; lead++) {
    const value = height[lead]!;
    if (value < silence) continue;
    const top = usualHeight[at + lead]!;
    const separation = top - usualRest[at + lead]!;
    const threshold = Math.max(top + leastHeight, top - separation * (1 - thresholdPlace));
    const gain = gainPerSeparation * Math.max(leastSeparation, separation);
    const excess = Math.max(0, value - top - tooHigh) * excessPenalty;
    const weight = (least + leastSpread) / (spread[at + lead]! + leastSpread);
    score += weight * (Math.max(lowestScore, Math.min(highestScore, gain * (value - threshold))) - excess);
    witnesses += weight;
  }
  return (witnesses > 0 ? score * witnesses ** (-2 / 3) : 0) - beatPenalty;
}

// Penalties per factor e of an interval beyond these ratios to the usual one.
const shortRatio = Math.log(0.6);
const shortPenalty = 4;
const longRatio = Math.log(1.2);
const longPenalty = 3.2;
/** The most that a gap costs; a little less than starting anew, or silence would be filled with noise. */
const gapLimit = 8;
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
