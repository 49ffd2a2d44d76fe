/** The times and origins of beats: sinus rhythm with premature beats. */
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import { rrAt, type Tachogram } from './tachogram.ts';

/** The kind of a beat: N from the sinus node, V ventricular premature, A atrial (supraventricular) premature. */
export type BeatSymbol = 'N' | 'V' | 'A';

/** Fractions of all beats that are premature; together at most a half, because a sinus beat follows each. */
export interface PrematureBeats {
  readonly ventricular: number;
  readonly supraventricular: number;
}

/** A beat of the rhythm. */
export interface ScheduledBeat {
  readonly symbol: BeatSymbol;
  /** Reference time of the beat (its main QRS wave), s. */
  readonly time: number;
  /** Interval from the previous beat, s. */
  readonly rrBefore: number;
}

/** Coupling intervals as a fraction of the sinus interval: range of a record's mean. */
const coupling = { V: [0.55, 0.72], A: [0.62, 0.8] } as const;

/**
 * The beats from `from` to `to` (s). A ventricular premature beat does not affect the sinus node: the next sinus
 * impulse finds the ventricles refractory and the one after it is on time (full compensatory pause: two sinus intervals
 * around the premature beat). A supraventricular one resets the node: it is followed by 1.1 sinus intervals (a less
 * than compensatory pause). The coupling interval is nearly constant within a record (SD 2 %). Throws `RangeError` when
 * a fraction is negative or both together exceed a half.
 */
export function scheduleBeats(
  tachogram: Tachogram,
  premature: PrematureBeats,
  from: number,
  to: number,
  random: Random,
): ScheduledBeat[] {
  const { ventricular, supraventricular } = premature;
  const share = ventricular + supraventricular;
  if (!(ventricular >= 0 && supraventricular >= 0 && share <= 0.5)) {
    throw new InputError(
      `premature beats are 0 to half of all, not ${ventricular} ventricular and ${supraventricular} supraventricular`,
    );
  }
  // The fraction of sinus beats that are followed by a premature beat.
  const chance = share / (1 - share);
  const fixed = {
    V: coupling.V[0] + (coupling.V[1] - coupling.V[0]) * random.uniform(),
    A: coupling.A[0] + (coupling.A[1] - coupling.A[0]) * random.uniform(),
  };
  const beats: ScheduledBeat[] = [];
  const add = (symbol: BeatSymbol, time: number): void => {
    const before = beats.at(-1)?.time;
    beats.push({ symbol, time, rrBefore: before === undefined ? rrAt(tachogram, time) : time - before });
  };

  let time = from + rrAt(tachogram, from) * random.uniform();
  while (time < to) {
    add('N', time);
    const rr = rrAt(tachogram, time);
    if (random.uniform() >= chance) {
      time += rr;
      continue;
    }
    const symbol = random.uniform() * share < ventricular ? 'V' : 'A';
    const early = time + rr * fixed[symbol] * (1 + 0.02 * random.normal());
    if (early < to) add(symbol, early);
    if (symbol === 'V') {
      const blocked = time + rr;
      time = blocked + rrAt(tachogram, blocked);
    } else {
      time = early + 1.1 * rrAt(tachogram, early);
    }
  }
  return beats;
}
