/** What the loss says about the learning rate: diverged, stalled, converged, or still going down; in words. */

export interface Verdict {
  readonly kind: 'diverged' | 'stalled' | 'converged' | 'improving';
  /** One sentence for a person, with the learning rate and the losses. */
  readonly words: string;
}

/** More than this many times the loss before training, or not finite: the steps overshoot. */
const divergenceFactor = 2;
/** Less than this relative gain over the whole run: no progress. */
const stallGain = 0.01;
/** Less than this share of the whole gain made in the last quarter of the run: settled. */
const settledShare = 0.01;

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Has training gone off? `losses[0]` is the loss before training, then one per epoch. */
export function hasDiverged(losses: readonly number[]): boolean {
  const start = losses[0]!;
  const last = losses.at(-1)!;
  if (!Number.isFinite(last)) return true;
  const before = losses.at(-2) ?? start;
  return losses.length > 1 && last > divergenceFactor * start && last >= before;
}

/**
 * Reads the course of a loss that cannot go below 0. `losses[0]` is the loss before training, then one per epoch.
 * Throws `RangeError` when there is no epoch.
 */
export function diagnose(losses: readonly number[], optimizer: string, learningRate: number): Verdict {
  const epochs = losses.length - 1;
  if (epochs < 1) throw new RangeError(`diagnose: ${losses.length} losses tell no course; give two or more`);
  const start = losses[0]!;
  const last = losses.at(-1)!;
  const rate = `${optimizer} at learning rate ${short(learningRate)}`;
  const course = `the loss went from ${short(start)} to ${short(last)} in ${epochs} epoch${epochs === 1 ? '' : 's'}`;
  if (losses.some(loss => !Number.isFinite(loss))) {
    return {
      kind: 'diverged',
      words: `Diverged: ${rate}, the loss is no longer finite. Try a tenth of the rate.`,
    };
  }
  if (hasDiverged(losses)) {
    return { kind: 'diverged', words: `Diverged: ${rate}, ${course}. Try a tenth of the rate.` };
  }
  const best = Math.min(...losses);
  if (start - best < stallGain * start) {
    return { kind: 'stalled', words: `Stalled: ${rate}, ${course}. Try ten times the rate.` };
  }
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (quarter - last < settledShare * (start - best)) {
    return { kind: 'converged', words: `Converged: ${rate}, ${course} and has settled.` };
  }
  return { kind: 'improving', words: `Still improving: ${rate}, ${course}. More epochs may help.` };
}
