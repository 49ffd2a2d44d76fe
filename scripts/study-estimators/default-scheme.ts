/** The rule by which the default scheme is chosen from the study. */
import { type EstimatorError, schemes } from './measure.ts';

/** The criteria by which a scheme is chosen, in percent. */
export interface SchemeMerit {
  readonly scheme: string;
  /** Largest magnitude of the bias without noise, over sampling frequencies and QRS widths. */
  readonly worstCleanBias: number;
  /** Root-mean-square error over all conditions with noise; undefined when none was studied. */
  readonly noiseError: number | undefined;
}

export const rule = {
  /** Hz. */
  lowestRate: 250,
  /** Percent. */
  mostCleanBias: 2,
  text: 'of the schemes that reduce a noiseless slope by at most 2 % at every sampling frequency from 250 Hz and every QRS width, the one with the smallest root-mean-square error in noise',
} as const;

/** The criteria for every scheme, without a low-pass; empty if no noiseless signal of sufficient rate was studied. */
export function schemeMerits(errors: readonly EstimatorError[]): SchemeMerit[] {
  return schemes.flatMap(scheme => {
    const own = errors.filter(
      ({ estimator, lowPassHz, samplingFrequency }) =>
        estimator === scheme && lowPassHz === undefined && samplingFrequency >= rule.lowestRate,
    );
    const clean = own.filter(({ snrDb }) => snrDb === undefined);
    const noisy = own.filter(({ snrDb }) => snrDb !== undefined);
    if (clean.length === 0) return [];
    const squares = noisy.reduce((sum, error) => sum + error.biasPercent ** 2 + error.sdPercent ** 2, 0);
    return {
      scheme,
      worstCleanBias: Math.max(...clean.map(error => Math.abs(error.biasPercent))),
      noiseError: noisy.length === 0 ? undefined : Math.sqrt(squares / noisy.length),
    };
  });
}

/** The scheme that the rule selects; undefined if the study lacks the conditions for it. */
export function chosenScheme(merits: readonly SchemeMerit[]): string | undefined {
  let [chosen, least]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const { scheme, worstCleanBias, noiseError } of merits) {
    if (worstCleanBias > rule.mostCleanBias || noiseError === undefined || noiseError >= least) continue;
    [chosen, least] = [scheme, noiseError];
  }
  return chosen;
}
