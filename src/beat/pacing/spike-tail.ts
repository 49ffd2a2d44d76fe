/**
 * The tail of a pacing spike: after a unipolar stimulus the charge on the electrode decays, and the voltage returns
 * exponentially to its previous level. The least-squares model is level + slope · t + size · exp(−t/τ), where the level
 * is that of the samples before the spike and the slope allows for a complex that may already have begun.
 */

/** size · exp(−t/τ), t from the first sample after the spike itself; `timeConstant` in samples. */
export interface Tail {
  readonly size: number;
  readonly timeConstant: number;
  /** Root-mean-square residual of the fit. */
  readonly residual: number;
}

const fittedMs = 24;
const levelMs = 4;
/** Range of τ; it is searched on a grid of this many values, then on a finer one between the neighbours of the best. */
const shortestMs = 1.5;
const longestMs = 50;
const places = 14;
const refinements = 16;
/** Smallest size of a tail relative to the spike, and relative to the residual of the fit. */
const leastPart = 0.04;
const overResidual = 4;
/**
 * A tail of at least this part of the spike is a step instead when, after this many time constants, the voltage is still
 * that far from its level before.
 */
const mostPart = 0.6;
const stepConstants = 2;
/** The tail is subtracted over this many time constants. */
const lengthInConstants = 7;

/**
 * Fits the tail from sample `end` on; undefined when the voltage does not decay exponentially before sample `onset`.
 */
export function pacingTail(
  voltage: Float64Array,
  onset: number,
  end: number,
  amplitude: number,
  perMs: number,
): Tail | undefined {
  const count = Math.min(voltage.length - end, Math.max(6, Math.round(fittedMs * perMs)));
  if (count < 6) return undefined;
  const values = voltage.slice(end, end + count);
  const level = levelBefore(voltage, onset, perMs);
  for (let k = 0; k < count; k++) values[k]! -= level;
  const residualOf = (logarithm: number): number => fitTail(values, Math.exp(logarithm) * perMs).residual;

  const step = Math.log(longestMs / shortestMs) / (places - 1);
  let best = Math.log(shortestMs);
  for (let k = 1; k < places; k++) {
    const next = Math.log(shortestMs) + k * step;
    if (residualOf(next) < residualOf(best)) best = next;
  }
  let apart = step;
  for (let k = 0; k < refinements; k++) {
    apart /= 1.6;
    const [less, more] = [residualOf(best - apart), residualOf(best + apart)];
    if (Math.min(less, more) < residualOf(best)) best += less < more ? -apart : apart;
  }
  const timeConstant = Math.exp(best) * perMs;
  const { size, residual } = fitTail(values, timeConstant);
  const height = Math.abs(size);
  const later = voltage[Math.round(end + stepConstants * timeConstant)]! - level;
  const isStep = Math.min(height, later * Math.sign(amplitude)) > mostPart * Math.abs(amplitude);
  const isTail = height > leastPart * Math.abs(amplitude) && height > overResidual * residual;
  return isTail && !isStep && height < Math.abs(amplitude) ? { size, timeConstant, residual } : undefined;
}

/** Subtracts the tail from `voltage` from sample `end` on. */
export function subtractTail(voltage: Float64Array, end: number, { size, timeConstant }: Tail): void {
  const to = Math.min(voltage.length, end + Math.ceil(lengthInConstants * timeConstant));
  for (let i = end; i < to; i++) voltage[i]! -= size * Math.exp((end - i) / timeConstant);
}

function levelBefore(voltage: Float64Array, onset: number, perMs: number): number {
  const from = Math.max(0, onset - Math.round(levelMs * perMs));
  let sum = 0;
  for (let i = from; i <= onset; i++) sum += voltage[i]!;
  return sum / (onset + 1 - from);
}

/** Least-squares fit for one time constant; `residual` is its root mean square. */
function fitTail(values: Float64Array, timeConstant: number): { size: number; residual: number } {
  let [tt, te, ee, tv, ev, vv] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < values.length; k++) {
    const decay = Math.exp(-k / timeConstant);
    const value = values[k]!;
    tt += k * k;
    te += k * decay;
    ee += decay * decay;
    tv += k * value;
    ev += decay * value;
    vv += value * value;
  }
  const determinant = tt * ee - te * te;
  const size = (tt * ev - te * tv) / determinant;
  const slope = (ee * tv - te * ev) / determinant;
  return { size, residual: Math.sqrt(Math.max(0, vv - size * ev - slope * tv) / values.length) };
}
