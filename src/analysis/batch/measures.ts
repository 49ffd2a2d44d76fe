/** The measures available in a batch, by the names that `--measure` accepts. */
import { classMeasure } from './class-measure.ts';
import { delineationMeasure } from './delineation-measure.ts';
import { featureMeasure } from './feature-measure.ts';
import { hrvMeasure } from './hrv-measure.ts';
import { intervalMeasure } from './interval-measure.ts';
import type { Measure } from './measure.ts';
import { slopeMeasure } from './slope-measure.ts';

/** All measures, in the order of their columns in the result. */
const measures: readonly Measure[] = [
  slopeMeasure,
  featureMeasure,
  intervalMeasure,
  delineationMeasure,
  classMeasure,
  hrvMeasure,
];

export const measureNames: readonly string[] = measures.map(({ name }) => name);

/** The measures with the given names, in the order of `measures`. */
export const measuresNamed = (names: readonly string[]): readonly Measure[] =>
  measures.filter(({ name }) => names.includes(name));
