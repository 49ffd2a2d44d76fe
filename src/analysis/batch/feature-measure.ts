/** The batch measure of classifier features, which docs/features.md defines. */
import { beatFeatureNames, beatFeatures } from '../../beat/features/beat-features.ts';
import { featureMeanings } from '../../beat/features/feature-meanings.ts';
import { type Column, valuesOf } from './columns.ts';
import type { LeadToMeasure, Measure } from './measure.ts';

/** Column name of a feature: `feature_` and the feature's name in snake case. */
export const featureColumn = (name: string): string =>
  `feature_${name
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()}`;

/** The description of a feature in the glossary. */
const meaningOf = (name: string): string =>
  (featureMeanings as Readonly<Record<string, string>>)[name]!.replace(/\.$/, '');

const columns: readonly Column[] = beatFeatureNames.map(({ name, unit }) => ({
  name: featureColumn(name),
  kind: 'float',
  unit,
  says: meaningOf(name),
}));

async function measureLead({ recording, beats, voltage }: LeadToMeasure) {
  const count = beats.rPeaks.length;
  // The features include RR intervals, which need two beats.
  if (count < 2) return columns.map(({ kind }) => valuesOf(kind, count, () => undefined));
  const { x } = beatFeatures(await voltage(), recording.samplingFrequency, beats.rPeaks);
  const width = columns.length;
  return columns.map(({ kind }, k) => valuesOf(kind, count, beat => x.data[beat * width + k]!));
}

export const featureMeasure: Measure = {
  name: 'features',
  beatColumns: columns,
  recordColumns: [],
  measureLead,
};
