/** The batch measure of heart-rate variability, one set of values per record, as of the command `hrv`. */

import type { HeartRateVariability } from '../../beat/hrv/heart-rate-variability.ts';
import { measureRecordVariability } from '../record-variability.ts';
import { variabilityColumns } from '../variability-columns.ts';
import { noQrsComplexes } from '../without-qrs.ts';
import type { Cell, ReadColumn } from './columns.ts';
import type { Measure, RecordingToMeasure } from './measure.ts';

const columns: readonly ReadColumn<HeartRateVariability>[] = variabilityColumns.map(column => ({
  ...column,
  name: `hrv_${column.name}`,
}));

async function measureRecord({
  recording,
  beats,
  leads,
  note,
}: RecordingToMeasure): Promise<{ record: Cell[] }> {
  const { hasQrsComplexes, variability } = await measureRecordVariability(recording, leads[0]!, beats);
  if (!hasQrsComplexes) note(`${leads[0]}: ${noQrsComplexes}`);
  return { record: columns.map(({ of }) => of(variability)) };
}

export const hrvMeasure: Measure = { name: 'hrv', beatColumns: [], recordColumns: columns, measureRecord };
