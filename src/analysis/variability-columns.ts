/** Columns of the tables of heart-rate variability: of a record, of a window, and of `batch`. */
import type { HeartRateVariability } from '../beat/hrv/heart-rate-variability.ts';
import type { Column } from './batch/columns.ts';

/** A column and the measure that it holds. */
export interface VariabilityColumn extends Column {
  readonly of: (variability: HeartRateVariability) => number | undefined;
}

const column = (
  name: string,
  unit: string,
  says: string,
  of: VariabilityColumn['of'],
): VariabilityColumn => ({
  name,
  kind: 'double',
  unit,
  says,
  of,
});

const count = (name: string, says: string, of: VariabilityColumn['of']): VariabilityColumn => ({
  ...column(name, '', says, of),
  kind: 'integer',
});

/** The measures in SI units. Names end in the unit; those without one are dimensionless. */
export const variabilityColumns: readonly VariabilityColumn[] = [
  count('nn_count', 'number of NN intervals', of => of.nnCount),
  count('rr_count', 'number of all RR intervals', of => of.rrCount),
  column('mean_nn_s', 's', 'mean NN interval', of => of.meanNn),
  column(
    'mean_heart_rate_per_min',
    '1/min',
    'heart rate that corresponds to the mean NN interval',
    of => of.meanHeartRate,
  ),
  column('sdnn_s', 's', 'standard deviation of the NN intervals', of => of.sdnn),
  column('rmssd_s', 's', 'root mean square of the successive differences of NN intervals', of => of.rmssd),
  column('pnn50', '', 'fraction of successive differences greater than 50 ms', of => of.pnn50),
  column('sdann_s', 's', 'standard deviation of the means of five-minute segments', of => of.sdann),
  column('sdnn_index_s', 's', 'mean of the standard deviations of five-minute segments', of => of.sdnnIndex),
  column(
    'triangular_index',
    '',
    'number of NN intervals divided by the height of their histogram',
    of => of.triangularIndex,
  ),
  column('sd1_s', 's', 'standard deviation perpendicular to the diagonal of the Poincaré plot', of => of.sd1),
  column('sd2_s', 's', 'standard deviation along the diagonal of the Poincaré plot', of => of.sd2),
  column('ulf_s2', 's²', 'power up to 0.003 Hz (ULF)', of => of.ulf),
  column('vlf_s2', 's²', 'power from 0.003 to 0.04 Hz (VLF)', of => of.frequency?.vlf),
  column('lf_s2', 's²', 'power from 0.04 to 0.15 Hz (LF)', of => of.frequency?.lf),
  column('hf_s2', 's²', 'power from 0.15 to 0.4 Hz (HF)', of => of.frequency?.hf),
  column('lf_over_hf', '', 'ratio of LF to HF power', of => of.frequency?.lfOverHf),
  column(
    'dfa_alpha1',
    '',
    'short-term scaling exponent of detrended fluctuation analysis',
    of => of.dfaAlpha1,
  ),
  column('sample_entropy', '', 'sample entropy', of => of.sampleEntropy),
];
