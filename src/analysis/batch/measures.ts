/** What a batch measures on a recording: a table, whose names `--measure` takes. */
import { classMeasure } from './class-measure.ts';
import { delineationMeasure } from './delineation-measure.ts';
import { featureMeasure } from './feature-measure.ts';
import { hrvMeasure } from './hrv-measure.ts';
import { intervalMeasure } from './interval-measure.ts';
import type { Measure } from './measure.ts';
import { slopeMeasure } from './slope-measure.ts';

/** Every measure, in the order of their columns in the result. */
export const measures: readonly Measure[] = [
  slopeMeasure,
  featureMeasure,
  intervalMeasure,
  delineationMeasure,
  classMeasure,
  hrvMeasure,
];

export const measureNames: readonly string[] = measures.map(({ name }) => name);

/** The rows of those names, in the order of the table. */
export const measuresNamed = (names: readonly string[]): readonly Measure[] =>
  measures.filter(({ name }) => names.includes(name));
