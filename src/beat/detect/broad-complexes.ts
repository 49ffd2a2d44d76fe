/**
 * P and T waves beside complexes as broad and smooth as in ventricular escape rhythms. In the envelope these are hardly
 * higher than a P or T wave, so voltage and time distinguish them: such waves are lower. T waves follow each complex after
 * the same time. P waves without a QRS complex of their own recur at a steady rate that the complexes do not change, and
 * precede the complexes by varying times, or by less than any complex could.
 */
import type { Candidate } from './candidate-state.ts';
import { clamp, ringLength, type SequenceState, sizeOf, slotOf } from './sequence-state.ts';

/** Candidates further away are not compared, and P waves are known for this long after they were recognised, s. */
const nearSeconds = 15;
const knownSeconds = 12;
/** The size of the complexes is determined again after this time, s. */
const renewedSeconds = 1;
/** Range of the log-ratio of the voltage of the largest complexes to that of a wave, over which it passes for a P wave. */
const lowBy = { from: 0.6, to: 0.9 };
/** Log-ratio within which voltages, and heights of the envelope, are the same. */
const same = 0.35;
/** The largest complexes are at least two, so far apart; candidates that are closer than the second time are one, s. */
const apartSeconds = 0.4;
const complexSeconds = 0.25;
/** Waves so shortly after a complex may be T waves, s, and one so shortly before it is no complex itself. */
const tWaveSeconds = 0.45;
const beforeComplex = { least: 0.08, most: 0.3 };
/** Interval of P waves, s; at most this share is closer than the shortest. */
const atrialInterval = { least: 0.4, most: 1.3 };
const mostClose = 0.15;
/**
 * The intervals between P waves, of which there are at least so many, are almost all a multiple of the atrial interval up
 * to the largest, within a tolerance that grows with the root of the multiple.
 */
const fewestIntervals = 5;
const leastRegular = 0.9;
const tolerance = 0.1;
const mostMissed = 3;
/**
 * Fewest P waves per complex; with so many, one shortly before a complex is evidence. So is a spread of the times from
 * the last P wave to at least three complexes, relative to the atrial interval, and complexes that are all later than the
 * next P wave.
 */
const perComplex = { least: 0.8, shortlyBefore: 1.2, late: 1.8 };
const fewestComplexes = 3;
const leastSpread = 0.22;
const lateFrom = 1.08;
const lateTo = 1.6;
const leastLate = 0.8;
/**
 * T waves follow almost all complexes, and few waves are like them elsewhere (share), after a time in this range, s, that
 * is the same within the spread and less than a part of the mean interval, unlike in alternans.
 */
const tWave = { least: 0.2, most: 0.6, spread: 0.05, share: 0.75, mostShare: 0.485 };
const penalty = 8;

/**
 * The penalty of a beat at a candidate that is probably such a P or T wave. `size` is the mean logarithm of its voltage range
 * over the leads; those of other candidates are determined when they are needed.
 */
export function waveCost(state: SequenceState, { time, height }: Candidate, size: number): number {
  const own = { time, size, height, at: 0 };
  const top = usualComplexSize(state, own);
  const low = clamp((top - size - lowBy.from) / (lowBy.to - lowBy.from), 0, 1);
  if (low === 0) return 0;
  const { pWaves } = state;
  const known = Math.abs(size - pWaves.size) < same ? pWaves.until - time : 0;
  const near = nearCandidates(state, own, top);
  if (areTWaves(near, top, own, state.channels >> 1)) return penalty * low;
  if (areDissociated(near, top, own, state.channels >> 1)) {
    state.pWaves = { size, until: time + knownSeconds };
    return penalty * low;
  }
  return known > 0 ? penalty * low : 0;
}

/** The size of the complexes of the last seconds, mean logarithm of their voltage range over the leads; `own` is the candidate. */
export function usualComplexSize(state: SequenceState, own: NearCandidate): number {
  const { time } = own;
  if (time >= state.complexes.until) {
    // The second largest: the size of one alone may be an artefact's.
    const largest = largestNear(state, own, Number.NEGATIVE_INFINITY);
    const { size } = largestNear(state, own, largest.time);
    state.complexes = { size, until: time + renewedSeconds };
  }
  return state.complexes.size;
}

export interface NearCandidate {
  readonly time: number;
  readonly size: number;
  /** Heights of the envelope, from index `at` on. */
  readonly height: Float64Array;
  readonly at: number;
}

/** The known candidates near `own`, in order of time, with `own`: those of its size and of complexes of size `top`. */
function nearCandidates(state: SequenceState, own: NearCandidate, top: number): NearCandidate[] {
  const near = [own];
  const isSought = (size: number): boolean => size > top - same || Math.abs(size - own.size) <= same;
  for (let id = state.next - 1; id >= 0 && id > state.next - ringLength; id--) {
    const slot = slotOf(state, id);
    const time = state.times[slot]!;
    if (own.time - time > nearSeconds || time < state.gainSince) break;
    const size = sizeOf(state, slot);
    if (isSought(size)) near.push({ time, size, height: state.heights, at: slot * state.channels });
  }
  near.reverse();
  for (const other of state.foreseen) {
    if (other.time <= own.time) continue;
    if (Number.isNaN(other.size)) other.size = state.sizeAt(other.time);
    if (isSought(other.size)) near.push({ ...other, at: 0 });
  }
  return near;
}

/** The largest of the known candidates near `own`, with `own`, that are apart from the time `other`, s. */
function largestNear(
  state: SequenceState,
  own: NearCandidate,
  other: number,
): { time: number; size: number } {
  const { times, foreseen } = state;
  const isApart = (at: number): boolean => Math.abs(at - other) >= apartSeconds;
  let { time } = own;
  let size = isApart(time) ? own.size : Number.NEGATIVE_INFINITY;
  for (let id = state.next - 1; id >= 0 && id > state.next - ringLength; id--) {
    const slot = slotOf(state, id);
    const at = times[slot]!;
    if (own.time - at > nearSeconds || at < state.gainSince) break;
    const here = sizeOf(state, slot);
    if (here < size || !isApart(at)) continue;
    time = at;
    size = here;
  }
  for (const candidate of foreseen) {
    if (candidate.time <= own.time) continue;
    if (Number.isNaN(candidate.size)) candidate.size = state.sizeAt(candidate.time);
    if (candidate.size <= size || !isApart(candidate.time)) continue;
    time = candidate.time;
    size = candidate.size;
  }
  return { time, size };
}

/** Whether the candidates like `own` are P waves with a rhythm independent of the complexes of size `top`. */
function areDissociated(
  near: readonly NearCandidate[],
  top: number,
  own: NearCandidate,
  leads: number,
): boolean {
  let waves = 0;
  let close = 0;
  /** Times from a wave to the next one, T waves omitted, and from the last wave before each complex to it. */
  const intervals: number[] = [];
  const toComplex: number[] = [];
  let wave = Number.NEGATIVE_INFINITY;
  let waveBeforeT = Number.NEGATIVE_INFINITY;
  let complex = Number.NEGATIVE_INFINITY;
  for (const one of near) {
    const { time, size } = one;
    if (size > top - same) {
      if (time - complex > complexSeconds) toComplex.push(time - waveBeforeT);
      complex = time;
    } else if (isLike(one, own, leads)) {
      waves++;
      if (time - wave < atrialInterval.least) close++;
      wave = time;
      if (time - complex < tWaveSeconds) continue;
      if (waveBeforeT >= 0) intervals.push(time - waveBeforeT);
      waveBeforeT = time;
    }
  }
  if (intervals.length < fewestIntervals || close > mostClose * waves) return false;
  if (waves < perComplex.least * toComplex.length) return false;
  const interval = steadyInterval(intervals);
  return interval !== undefined && isIndependent(toComplex, interval, waves);
}

/** Whether almost all complexes of size `top` are followed by a wave like `own` at its time, and few others are like it. */
function areTWaves(near: readonly NearCandidate[], top: number, own: NearCandidate, leads: number): boolean {
  const complexes: number[] = [];
  const waves: number[] = [];
  for (const one of near) {
    const last = complexes.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (one.size > top - same) {
      if (one.time - last > complexSeconds) complexes.push(one.time);
    } else if (isLike(one, own, leads)) waves.push(one.time - last);
    if (one === own && !(own.time - last >= tWave.least && own.time - last <= tWave.most)) return false;
  }
  if (complexes.length < fewestComplexes) return false;
  const coupling = own.time - complexes.findLast(time => time < own.time)!;
  const mean = (complexes.at(-1)! - complexes[0]!) / (complexes.length - 1);
  if (coupling > tWave.mostShare * mean) return false;
  const after = waves.filter(time => Math.abs(time - coupling) <= tWave.spread).length;
  return after >= tWave.share * complexes.length && after >= tWave.share * waves.length;
}

const isLike = (one: NearCandidate, own: NearCandidate, leads: number): boolean => {
  if (Math.abs(one.size - own.size) > same) return false;
  for (let lead = 0; lead < leads; lead++) {
    if (!(Math.abs(one.height[one.at + lead]! - own.height[own.at + lead]!) < same)) return false;
  }
  return true;
};

/** The atrial interval of which almost all these intervals are a multiple; undefined if there is none. */
function steadyInterval(intervals: readonly number[]): number | undefined {
  let most = leastRegular * intervals.length;
  let steady: number | undefined;
  for (const interval of intervals) {
    if (interval < atrialInterval.least || interval > atrialInterval.most) continue;
    let regular = 0;
    for (const other of intervals) {
      const multiple = Math.round(other / interval);
      const deviation = Math.abs(other / interval - multiple);
      if (multiple >= 1 && multiple <= mostMissed && deviation < tolerance * Math.sqrt(multiple)) regular++;
    }
    if (regular >= most) {
      most = regular + 1;
      steady = interval;
    }
  }
  return steady;
}

/** Whether the times from the last of the waves to each complex are not those from one beat to the next. */
function isIndependent(toComplex: readonly number[], interval: number, waves: number): boolean {
  let shortly = 0;
  let late = 0;
  let within = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const time of toComplex) {
    const phase = time / interval;
    if (time >= beforeComplex.least && time <= beforeComplex.most && phase <= 0.5) shortly++;
    if (phase > lateFrom) {
      if (phase < lateTo) late++;
      continue;
    }
    within++;
    least = Math.min(least, phase);
    most = Math.max(most, phase);
  }
  const complexes = toComplex.length;
  return (
    (shortly > 0 && waves >= perComplex.shortlyBefore * complexes) ||
    (within >= fewestComplexes && most - least > leastSpread) ||
    (late >= fewestComplexes && late >= leastLate * complexes && waves >= perComplex.late * complexes)
  );
}
