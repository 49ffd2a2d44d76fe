/** Learning-rate schedules as plain data. */
import { InputError } from '../../input-error.ts';

export type Schedule =
  | { readonly kind: 'constant' }
  /** Multiplied by `factor` each time this many epochs have passed. */
  | { readonly kind: 'step'; readonly everyEpochs: number; readonly factor: number }
  /** Multiplied by `factor` per epoch, continuously. */
  | { readonly kind: 'exponential'; readonly factor: number }
  /** Half a cosine down to `floor` times the rate at the end (Loshchilov & Hutter 2017, without restarts). */
  | { readonly kind: 'cosine'; readonly floor?: number }
  /**
   * 1/√(1 + epochs) (at the limit of the Robbins–Monro conditions; the rate of online gradient descent, Zinkevich
   * 2003).
   */
  | { readonly kind: 'inverse-sqrt' }
  /** Linear warm-up from 0 over this many epochs, followed by another schedule from its own start. */
  | { readonly kind: 'warm-up'; readonly epochs: number; readonly after: Schedule };

/**
 * The factor on the base rate after `epochs` (which may be fractional) of `total` epochs. Throws `RangeError` for an
 * invalid schedule.
 *
 * @example scheduleFactor({ kind: 'step', everyEpochs: 10, factor: 0.5 }, 25, 100) // => 0.25
 */
export function scheduleFactor(schedule: Schedule, epochs: number, total: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step':
      requirePositive('everyEpochs', schedule.everyEpochs);
      requirePositive('factor', schedule.factor);
      return schedule.factor ** Math.floor(epochs / schedule.everyEpochs);
    case 'exponential':
      requirePositive('factor', schedule.factor);
      return schedule.factor ** epochs;
    case 'cosine': {
      const floor = schedule.floor ?? 0;
      if (!(floor >= 0 && floor <= 1)) throw new InputError(`schedule: floor is in [0, 1], not ${floor}`);
      const share = epochs < total ? epochs / total : 1;
      return floor + ((1 - floor) * (1 + Math.cos(Math.PI * share))) / 2;
    }
    case 'inverse-sqrt':
      return 1 / Math.sqrt(1 + epochs);
    case 'warm-up': {
      requirePositive('epochs', schedule.epochs);
      if (epochs < schedule.epochs) return epochs / schedule.epochs;
      return scheduleFactor(schedule.after, epochs - schedule.epochs, total - schedule.epochs);
    }
  }
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0)) throw new InputError(`schedule: ${name} is a positive number, not ${value}`);
}
