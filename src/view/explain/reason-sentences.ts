/** What an explanation says beyond the shaded waveform: log-odds, kinks, and the smallest changes of class. */
import type { BeatReasons } from '../../analysis/beat-reasons.ts';
import type { ReportReasons } from '../../analysis/report/report-data.ts';
import { decimals, significant } from '../number-format.ts';
import { word } from '../translations.ts';
import { featureLabel } from './feature-label.ts';

/** The log-odds of the class for the beat and the typical beat, and how far the contributions sum to the difference. */
export const oddsSentence = (
  target: string,
  {
    logOdds,
    typicalLogOdds,
    completenessError,
  }: Pick<ReportReasons, 'logOdds' | 'typicalLogOdds' | 'completenessError'>,
): string =>
  word('oddsSaid', {
    target,
    odds: decimals(logOdds, 2),
    typical: decimals(typicalLogOdds, 2),
    error: decimals(100 * completenessError, 1),
  });

/** The features that are not differentiable at the beat; undefined if all are. */
export const kinksSentence = (kinks: readonly string[]): string | undefined =>
  kinks.length === 0 ? undefined : word('kinksSaid', { features: kinks.map(featureLabel).join(', ') });

/** A change of the voltage that gives another class. */
interface VoltageChange {
  readonly to: string;
  readonly rmsMillivolts: number;
  readonly largestMillivolts: number;
}

export const voltageSentence = (voltage: VoltageChange | undefined): string =>
  voltage === undefined
    ? word('noVoltageChange')
    : word('voltageChange', {
        to: voltage.to,
        rms: decimals(1000 * voltage.rmsMillivolts, 0),
        most: decimals(1000 * voltage.largestMillivolts, 0),
      });

export const featuresSentence = (features: BeatReasons['counterfactual']['features']): string =>
  features === undefined
    ? word('noFeatureChange')
    : word('featureChange', {
        to: features.to,
        changes: features.changes
          .map(({ name, from, to }) => `${featureLabel(name)} ${significant(from)} → ${significant(to)}`)
          .join('; '),
      });
