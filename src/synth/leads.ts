/**
 * Leads as projections of one cardiac dipole: V = vector · dipole, the dipole in Frank's axes (x to the left, y to the
 * feet, z to the back; in mV as Frank's leads would measure it).
 */
import { InputError } from '../input-error.ts';

/** Components x, y and z. */
export type Vector = readonly [number, number, number];

/** A lead as a projection of the cardiac dipole. */
export interface Lead {
  readonly name: string;
  /** mV of this lead per mV of dipole along x, y, z. */
  readonly vector: Vector;
}

/** Dower, Machado & Osborne 1980 (Clin Cardiol 3:87–95): the eight independent leads from Frank's. */
const dower: ReadonlyMap<string, Vector> = new Map<string, Vector>([
  ['I', [0.632, -0.235, 0.059]],
  ['II', [0.235, 1.066, -0.132]],
  ['V1', [-0.515, 0.157, -0.917]],
  ['V2', [0.044, 0.164, -1.387]],
  ['V3', [0.882, 0.098, -1.277]],
  ['V4', [1.213, 0.127, -0.601]],
  ['V5', [1.125, 0.127, -0.086]],
  ['V6', [0.831, 0.076, 0.23]],
]);

/**
 * The four limb leads that are linear combinations of I and II (definitions of Einthoven and Goldberger): the weights
 * of I and II.
 */
export const derivedLimbLeads: ReadonlyMap<string, readonly [number, number]> = new Map<
  string,
  readonly [number, number]
>([
  ['III', [-1, 1]],
  ['aVR', [-0.5, -0.5]],
  ['aVL', [1, -0.5]],
  ['aVF', [-0.5, 1]],
]);

/**
 * The standard lead of a name: I, II, III, aVR, aVL, aVF, V1 … V6, or MLII, the modified lead II of ambulatory
 * recorders, here with the vector of lead II. Throws `RangeError` for any other name.
 *
 * @example standardLead('V2').vector // => [0.044, 0.164, -1.387]
 */
export function standardLead(name: string): Lead {
  const direct = dower.get(name === 'MLII' ? 'II' : name);
  if (direct !== undefined) return { name, vector: direct };
  const weights = derivedLimbLeads.get(name);
  if (weights === undefined) {
    const known = [...dower.keys(), ...derivedLimbLeads.keys(), 'MLII'].join(', ');
    throw new InputError(`no standard lead is called '${name}'; known are ${known}`);
  }
  const [i, ii] = [dower.get('I')!, dower.get('II')!];
  const mix = (axis: 0 | 1 | 2): number => weights[0] * i[axis] + weights[1] * ii[axis];
  return { name, vector: [mix(0), mix(1), mix(2)] };
}

/**
 * The twelve standard leads in their usual order.
 *
 * @example twelveLeads.map(({ name }) => name).join(' ') // => 'I II III aVR aVL aVF V1 V2 V3 V4 V5 V6'
 */
export const twelveLeads: readonly Lead[] = 'I II III aVR aVL aVF V1 V2 V3 V4 V5 V6'
  .split(' ')
  .map(standardLead);

/** The projection of a dipole onto a lead, mV. */
export const project = (lead: Lead, dipole: Vector): number =>
  lead.vector[0] * dipole[0] + lead.vector[1] * dipole[1] + lead.vector[2] * dipole[2];
