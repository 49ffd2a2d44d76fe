/**
 * Beat morphologies: Gaussian waves of a cardiac dipole for normal, supraventricular and ventricular beats, and
 * transformations of them. The shapes are our own, chosen to give typical amplitudes, durations and R-wave progression
 * in the twelve leads; they are not fitted to any patient.
 */
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import type { Vector } from './leads.ts';

/** A Gaussian wave of the dipole. */
export interface DipoleWave {
  readonly part: 'P' | 'QRS' | 'T';
  /** Peak dipole in Frank's axes, mV. */
  readonly dipole: Vector;
  /** Peak time relative to the beat's reference (the main QRS wave), s. */
  readonly center: number;
  /** Standard deviation, s. */
  readonly width: number;
}

/** The waves of a beat. */
export type Morphology = readonly DipoleWave[];

/** A beat conducted from the sinus node: PR about 170 ms, QRS about 90 ms, QT about 390 ms at 60 beats/min. */
export const normalBeat: Morphology = [
  { part: 'P', dipole: [0.1, 0.1, -0.02], center: -0.15, width: 0.02 },
  { part: 'QRS', dipole: [-0.15, -0.14, -0.33], center: -0.024, width: 0.008 },
  { part: 'QRS', dipole: [1, 0.95, 0.35], center: 0, width: 0.0115 },
  { part: 'QRS', dipole: [-0.2, -0.28, 0.45], center: 0.026, width: 0.01 },
  { part: 'T', dipole: [0.14, 0.11, -0.09], center: 0.235, width: 0.05 },
  { part: 'T', dipole: [0.16, 0.13, -0.1], center: 0.285, width: 0.034 },
];

/** A beat from a low atrial focus: an inverted P wave with a shorter PR interval, and a normal QRS. */
export const supraventricularBeat: Morphology = [
  { part: 'P', dipole: [0.05, -0.09, 0.02], center: -0.12, width: 0.017 },
  ...normalBeat.filter(wave => wave.part !== 'P'),
];

/**
 * A beat from a ventricular focus: no P wave; a slurred, wide QRS (about 165 ms) along `direction`, in which activation
 * spreads away from the focus; and a T wave of opposite direction. `direction` is scaled to 1 mV of dipole. Throws
 * `RangeError` for a zero direction.
 */
export function ventricularBeat(direction: Vector): Morphology {
  const length = Math.hypot(...direction);
  if (!(length > 0)) throw new InputError(`a ventricular beat needs a direction, not ${direction}`);
  const along = (amplitude: number): Vector => scaled(direction, amplitude / length);
  return [
    { part: 'QRS', dipole: along(0.45), center: -0.026, width: 0.016 },
    { part: 'QRS', dipole: along(1.35), center: 0, width: 0.02 },
    { part: 'QRS', dipole: along(-0.6), center: 0.052, width: 0.021 },
    { part: 'T', dipole: along(-0.45), center: 0.3, width: 0.06 },
  ];
}

/** Distance from the centre at which a Gaussian wave has 5 % of its peak, in widths: √(2 ln 20). */
const edgeInWidths = 2.4477;

const scaled = ([x, y, z]: Vector, factor: number): Vector => [x * factor, y * factor, z * factor];

/**
 * Slow conduction: prolongs the QRS about its reference time by `factor` (1 is none, 1.5 half as long again) and keeps
 * its amplitudes, so that every slope of the QRS alone decreases by the same factor. P keeps its distance from the
 * onset of the QRS waves, T from their end. Throws `RangeError` unless `factor` is positive.
 */
export function slowedConduction(morphology: Morphology, factor: number): Morphology {
  if (!(factor > 0 && Number.isFinite(factor))) {
    throw new InputError(`a slow-conduction factor is positive, not ${factor}`);
  }
  const qrs = morphology.filter(wave => wave.part === 'QRS');
  const start = Math.min(...qrs.map(wave => wave.center - edgeInWidths * wave.width));
  const end = Math.max(...qrs.map(wave => wave.center + edgeInWidths * wave.width));
  const shift = { P: start * (factor - 1), T: end * (factor - 1) };
  return morphology.map(wave =>
    wave.part === 'QRS'
      ? { ...wave, center: wave.center * factor, width: wave.width * factor }
      : { ...wave, center: wave.center + shift[wave.part] },
  );
}

/**
 * Rate dependence of repolarisation: T waves move and widen with the cube root of the preceding RR interval (s)
 * (Fridericia 1920); the other waves are unchanged. McSharry 2003 fixes every wave to the phase of the cycle, so that
 * the QRS complex widens at low rates. This does not occur in reality, and the slopes here must not depend on the rate.
 */
export function atRate(morphology: Morphology, rr: number): Morphology {
  const stretch = Math.cbrt(rr);
  return morphology.map(wave =>
    wave.part === 'T' ? { ...wave, center: wave.center * stretch, width: wave.width * stretch } : wave,
  );
}

/** The morphology with amplitudes multiplied by `gain` and widths by `widthGain`. */
export function rescaled(morphology: Morphology, gain: number, widthGain: number): Morphology {
  return morphology.map(wave => ({
    ...wave,
    dipole: scaled(wave.dipole, gain),
    width: wave.width * widthGain,
  }));
}

/**
 * A random variation of a morphology: amplitudes, positions and widths are each multiplied by a log-normal factor of
 * relative standard deviation `spread`, which preserves their signs, and a normal deviate of
 * `spread` times the dipole's length is added to each of its components.
 */
export function varied(morphology: Morphology, spread: number, random: Random): Morphology {
  const factor = (): number => Math.exp(spread * random.normal());
  return morphology.map(wave => {
    const size = factor();
    const length = Math.hypot(...wave.dipole);
    const turn = (component: number): number => size * (component + spread * length * random.normal());
    return {
      ...wave,
      dipole: [turn(wave.dipole[0]), turn(wave.dipole[1]), turn(wave.dipole[2])],
      center: wave.center * factor(),
      width: wave.width * factor(),
    };
  });
}
