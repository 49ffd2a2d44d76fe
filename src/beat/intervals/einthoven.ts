/**
 * Einthoven's law: lead II is the sum of leads I and III. Where it does not hold, the leads were scaled one by one or
 * swapped, and an electrical axis computed from them is meaningless.
 */

/** Leads by name; only I, II and III are looked at. */
type Leads = readonly { readonly name: string; readonly voltage: Float64Array }[];

/** The law is considered violated when II differs from I + III by more than this fraction of its magnitude. */
const violationShare = 0.2;

/** The squared residual II − I − III and the squared magnitude of II, both of differences between samples, mV². */
export interface EinthovenSums {
  readonly error: number;
  readonly power: number;
}

/**
 * The sums over samples `[from, to)`. Differences between samples are used, so that baseline offsets cancel; invalid
 * samples are skipped. Both are 0 unless all three leads are there.
 */
export function einthovenSums(leads: Leads, from = 0, to = leads[0]?.voltage.length ?? 0): EinthovenSums {
  const named = (name: string) => leads.find(lead => lead.name.toUpperCase() === name)?.voltage;
  const [i, ii, iii] = [named('I'), named('II'), named('III')];
  let error = 0;
  let power = 0;
  if (!i || !ii || !iii) return { error, power };
  for (let k = from + 1; k < to; k++) {
    const [a, b, c] = [i[k]! - i[k - 1]!, ii[k]! - ii[k - 1]!, iii[k]! - iii[k - 1]!];
    if (!Number.isFinite(a + b + c)) continue;
    error += (b - a - c) ** 2;
    power += b * b;
  }
  return { error, power };
}

/** Whether the sums show that II = I + III does not hold. */
export const violatesEinthoven = ({ error, power }: EinthovenSums): boolean =>
  error > violationShare ** 2 * power;
