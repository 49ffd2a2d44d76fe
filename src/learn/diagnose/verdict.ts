/** What the loss says about the learning rate: diverged, stalled, oscillating, settled or still going down; in words. */

export interface Verdict {
  readonly kind: 'diverged' | 'stalled' | 'oscillating' | 'plateau' | 'converged' | 'improving';
  /** One sentence for a person, with the learning rate and the losses. */
  readonly words: string;
}

/** More than this many times the loss before training, or not finite: the steps overshoot. */
const divergenceFactor = 2;
/** Less than this relative gain over the whole run: no progress. */
const stallGain = 0.01;
/** Less than this share of the whole gain made in the last quarter of the run: settled. */
const settledShare = 0.01;
/** Ups in the second half of the run of more than this share of the loss at the start … */
const oscillationSize = 0.05;
/** … that downs make good again, up to this share of both: it goes to and fro. */
const oscillationNet = 0.2;
/** A loss that no longer falls while the gradient still has this share of its first size has not arrived. */
const plateauGradient = 0.1;

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Has training gone off? `losses[0]` is the loss before training, then one per epoch. */
export function hasDiverged(losses: readonly number[]): boolean {
  const start = losses[0]!;
  const last = losses.at(-1)!;
  if (!Number.isFinite(last)) return true;
  const before = losses.at(-2) ?? start;
  return losses.length > 1 && last > divergenceFactor * start && last >= before;
}

/** Does the loss of the second half go up and down without getting anywhere? */
function swing(losses: readonly number[]): number | undefined {
  const half = losses.slice(Math.floor(losses.length / 2));
  if (half.length < 4) return undefined;
  let up = 0;
  let down = 0;
  for (let k = 1; k < half.length; k++) {
    const change = half[k]! - half[k - 1]!;
    if (change > 0) up += change;
    else down -= change;
  }
  const toAndFro = up > oscillationSize * losses[0]! && Math.abs(up - down) < oscillationNet * (up + down);
  return toAndFro ? (up + down) / (half.length - 1) : undefined;
}

/** Norms of the gradient of the loss, before and after, and of the parameters after. */
export interface GradientCourse {
  readonly before: number;
  readonly after: number;
  readonly parameters: number;
}

/**
 * Reads the course of a loss that cannot go below 0. `losses[0]` is the loss before training, then one per epoch. No
 * learning rate: the optimiser finds its own steps. With the gradient a plateau is told from an optimum, and a training
 * that stalls from one that had nothing to gain. Throws `RangeError` when there is no epoch.
 */
export function diagnose(
  losses: readonly number[],
  optimizer: string,
  learningRate: number | undefined,
  gradient?: GradientCourse,
): Verdict {
  const epochs = losses.length - 1;
  if (epochs < 1) throw new RangeError(`diagnose: ${losses.length} losses tell no course; give two or more`);
  const start = losses[0]!;
  const last = losses.at(-1)!;
  const rate =
    learningRate === undefined ? optimizer : `${optimizer} at learning rate ${short(learningRate)}`;
  const course = `the loss went from ${short(start)} to ${short(last)} in ${epochs} epoch${epochs === 1 ? '' : 's'}`;
  const verdict = (kind: Verdict['kind'], words: string, advice: string): Verdict => ({
    kind,
    words: learningRate === undefined ? `${words}.` : `${words}. ${advice}.`,
  });
  if (losses.some(loss => !Number.isFinite(loss))) {
    return verdict('diverged', `Diverged: ${rate}, the loss is no longer finite`, 'Try a tenth of the rate');
  }
  if (hasDiverged(losses)) {
    return verdict('diverged', `Diverged: ${rate}, ${course}`, 'Try a tenth of the rate');
  }
  const best = Math.min(...losses);
  if (start - best < stallGain * start) {
    // To first order, moving the parameters by as much as they are gains no more than this.
    if (gradient !== undefined && gradient.after * gradient.parameters < stallGain * start) {
      return {
        kind: 'converged',
        words: `Converged: ${rate}, ${course}: there was next to nothing to gain.`,
      };
    }
    return verdict('stalled', `Stalled: ${rate}, ${course}`, 'Try ten times the rate');
  }
  const swings = swing(losses);
  if (swings !== undefined) {
    return verdict(
      'oscillating',
      `Oscillating: ${rate}, ${course}, going up and down by ${short(swings)} an epoch`,
      'Try a third of the rate',
    );
  }
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (quarter - last < settledShare * (start - best)) {
    if (gradient !== undefined && gradient.after > plateauGradient * gradient.before) {
      const share = short((100 * gradient.after) / gradient.before);
      return verdict(
        'plateau',
        `Plateau: ${rate}, ${course} and no longer falls, though the gradient is still ${share} % of what it was`,
        'Try another rate or schedule',
      );
    }
    return { kind: 'converged', words: `Converged: ${rate}, ${course} and has settled.` };
  }
  return { kind: 'improving', words: `Still improving: ${rate}, ${course}. More epochs may help.` };
}
