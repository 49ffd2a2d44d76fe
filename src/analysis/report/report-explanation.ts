/** The explanation of one beat in a report, as plain data. */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { BeatReasons } from '../beat-reasons.ts';
import type { MeasuredFeature } from '../explanations/natural-units.ts';
import { finiteOrNull } from './encoded-samples.ts';
import { checkLength } from './report-array-length.ts';

export interface ExplainedFeature {
  readonly name: string;
  /** Empty for a dimensionless feature. */
  readonly unit: string;
  /** `null` if the feature could not be measured. */
  readonly value: number | null;
  /** ∂p/∂feature, 1/unit; `null` if not finite. */
  readonly gradient: number | null;
  /** ∂p/∂feature times the feature's standard deviation in training: comparable between features. */
  readonly perDeviation: number | null;
  /** What the feature measures, in its unit, where it has one. */
  readonly measured?: MeasuredFeature;
}

/** The parts of an explanation beyond the gradient. */
export interface ReportReasons {
  /** Log-odds of the target for the beat, and for the record's typical beat in its place. */
  readonly logOdds: number;
  readonly typicalLogOdds: number;
  /** Deviation of the sum of the contributions from the difference of the two, as a fraction of it. */
  readonly completenessError: number;
  /** Features that are not differentiable at this beat. */
  readonly kinks: readonly string[];
  /** ∂p/∂V smoothed by a Gaussian of 8 ms standard deviation, 1/units. */
  readonly smoothedGradient: readonly (number | null)[];
  /** The smallest changes found that give another class, of features and of the voltage. */
  readonly counterfactual: {
    readonly features?: NonNullable<BeatReasons['counterfactual']['features']>;
    readonly voltage?: {
      readonly to: string;
      readonly rmsMillivolts: number;
      /** The voltage of each sample with the change, `units`. */
      readonly changed: readonly (number | null)[];
    };
  };
}

export interface ReportExplanation {
  /** Time of the R peak of the explained beat from the start of the record, s. */
  readonly beatTime: number;
  /** Time of the first sample of the window from the start of the record, s. */
  readonly startSeconds: number;
  /** Hz. */
  readonly samplingFrequency: number;
  readonly units: string;
  /** Voltage in the window of the beat; `null` where invalid. */
  readonly voltage: readonly (number | null)[];
  /** ∂p/∂V of each sample, 1/units. */
  readonly voltageGradient: readonly (number | null)[];
  /**
   * Contribution of each sample to the log-odds of `target`, against the record's typical beat; shades the waveform in
   * place of `voltageGradient` when given.
   */
  readonly contributions?: readonly (number | null)[];
  readonly classes: readonly string[];
  readonly probabilities: readonly number[];
  /** The class whose probability p is differentiated. */
  readonly target: string;
  readonly features: readonly ExplainedFeature[];
  readonly reasons?: ReportReasons;
}

/** The same with samples in typed arrays. */
export type ExplanationInput = Omit<
  ReportExplanation,
  'voltage' | 'voltageGradient' | 'contributions' | 'probabilities'
> & {
  readonly voltage: ArrayLike<number>;
  readonly voltageGradient: ArrayLike<number>;
  readonly contributions?: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
};

/** Converts an explanation to plain data. Throws as `reportData` does. */
export function explanationData(explanation: ExplanationInput): ReportExplanation {
  const { contributions, reasons, beatTime, startSeconds, samplingFrequency, units } = explanation;
  const { voltage, voltageGradient, classes, probabilities, target } = explanation;
  requireSamplingFrequency(samplingFrequency);
  checkLength('voltageGradient', voltageGradient, 'voltage', voltage);
  if (contributions) checkLength('contributions', contributions, 'voltage', voltage);
  checkLength('probabilities', probabilities, 'classes', classes);
  if (!Array.from(probabilities).every(p => p >= 0 && p <= 1)) {
    throw new InputError(`probabilities must lie in 0 … 1, not ${Array.from(probabilities).join(', ')}`);
  }
  if (!classes.includes(target)) {
    throw new InputError(`target class ${target} is not among ${classes.join(', ')}`);
  }
  return {
    ...{ beatTime, startSeconds, samplingFrequency, units, classes, target },
    voltage: Array.from(voltage, finiteOrNull),
    voltageGradient: Array.from(voltageGradient, finiteOrNull),
    ...(contributions && { contributions: Array.from(contributions, finiteOrNull) }),
    probabilities: Array.from(probabilities),
    features: explanation.features.map(feature => ({
      ...feature,
      value: finiteOrNull(feature.value),
      gradient: finiteOrNull(feature.gradient),
      perDeviation: finiteOrNull(feature.perDeviation),
    })),
    ...(reasons && { reasons }),
  };
}
