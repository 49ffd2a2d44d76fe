/** The rule by which the default scheme is chosen from the study. */
import { type EstimatorError, schemes } from './measure.ts';

/** What a scheme is chosen by, per cent. */
export interface SchemeMerit {
  readonly scheme: string;
  /** The greatest magnitude of bias without noise, over rates and QRS widths. */
  readonly worstCleanBias: number;
  /** Root-mean-square error over all conditions with noise; undefined when none was studied. */
  readonly noiseError: number | undefined;
}

export const rule = {
  /** Hz. */
  lowestRate: 250,
  /** Per cent. */
  mostCleanBias: 2,
  text: 'of the schemes that lose at most 2 % of a clean slope at any rate from 250 Hz and any QRS width, the one with the least root-mean-square error in noise',
} as const;

/** The merits of every scheme, without a low-pass; none where no clean signal of a high enough rate was studied. */
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

/** The scheme the rule picks; undefined when the study holds nothing to pick by. */
export function chosenScheme(merits: readonly SchemeMerit[]): string | undefined {
  let [chosen, least]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const { scheme, worstCleanBias, noiseError } of merits) {
    if (worstCleanBias > rule.mostCleanBias || noiseError === undefined || noiseError >= least) continue;
    [chosen, least] = [scheme, noiseError];
  }
  return chosen;
}
