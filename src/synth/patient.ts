/** Synthetic patients: all parameters of the synthesis drawn at random from the range found in recordings. */
import { createRandom, type Random } from '../random.ts';
import { type Lead, standardLead, type Vector } from './leads.ts';
import { type Morphology, normalBeat, supraventricularBeat, varied, ventricularBeat } from './morphology.ts';
import { type NoiseLevels, withNoise } from './noise.ts';
import { type SynthesisOptions, type SyntheticEcg, synthesize } from './synthesize.ts';

/**
 * Parameters of a synthetic patient: all options of `synthesize` except duration, sampling frequency and leads, and the
 * noise levels.
 */
export interface SyntheticPatient {
  readonly parameters: Omit<SynthesisOptions, 'samplingFrequency' | 'seconds' | 'leads'>;
  readonly noise: NoiseLevels;
}

/** The random stream of patients, separate from those of beats and noise. */
const stream = 8;

/**
 * The patient of a seed: heart rate 55 to 100 beats/min, 5 to 20 % ventricular and 3 to 10 % supraventricular beats,
 * individual morphologies, a QRS duration of up to 1.3 times the usual one, and low to high noise.
 *
 * @example syntheticPatient(1).parameters.seed // => 1
 */
export function syntheticPatient(seed: number): SyntheticPatient {
  const random = createRandom(seed, stream);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const mean = between(55, 100);
  const sd = between(1, 4);
  const lfHfRatio = between(0.5, 2);
  const premature = { ventricular: between(0.05, 0.2), supraventricular: between(0.03, 0.1) };
  const normal = varied(normalBeat, 0.12, random);
  const ectopicP = varied(supraventricularBeat, 0.12, random).filter(wave => wave.part === 'P');
  const ventricular = varied(ventricularBeat(ventricularDirection(random)), 0.12, random);
  const slow = between(1, 1.2);
  return {
    parameters: {
      seed,
      heartRate: { mean, sd, lfHfRatio },
      premature,
      morphologies: {
        N: normal,
        // The impulse originates elsewhere, but takes the same path through the ventricles.
        A: [...ectopicP, ...normal.filter(wave => wave.part !== 'P')] satisfies Morphology,
        V: ventricular,
      },
      slowConduction: [slow, slow * between(1, 1.08)],
      respiratoryModulation: between(0.02, 0.12),
      beatVariation: between(0.01, 0.03),
    },
    noise: {
      baselineWander: between(0.02, 0.12),
      muscle: between(0.005, 0.03),
      mains: between(0.001, 0.012),
      mainsHz: random.uniform() < 0.5 ? 50 : 60,
      electrodeMotion: between(0, 0.03),
      white: 0.003,
    },
  };
}

/**
 * A direction of ventricular activation that is not so close to perpendicular to lead II that the beat would be
 * invisible in it.
 */
function ventricularDirection(random: Random): Vector {
  const lead = standardLead('II').vector;
  for (;;) {
    const direction: Vector = [random.normal(), random.normal(), random.normal()];
    const along = direction[0] * lead[0] + direction[1] * lead[1] + direction[2] * lead[2];
    if (Math.abs(along) > 0.5 * Math.hypot(...direction) * Math.hypot(...lead)) return direction;
  }
}

/**
 * Synthesises the ECG of a patient, in mV, with the patient's noise. Throws `RangeError` as `synthesize` does.
 *
 * @example
 * const recording = { samplingFrequency: 360, seconds: 10, leads: [standardLead('II')] };
 * recordPatient(syntheticPatient(1), recording).leads[0].voltage.length // => 3600
 */
export function recordPatient(
  patient: SyntheticPatient,
  recording: {
    readonly samplingFrequency: number;
    readonly seconds: number;
    readonly leads: readonly Lead[];
  },
): SyntheticEcg {
  return withNoise(
    synthesize({ ...patient.parameters, ...recording }),
    patient.noise,
    patient.parameters.seed,
  );
}
