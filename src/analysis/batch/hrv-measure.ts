/** The batch measure of heart-rate variability, one set of values per record, as of the command `hrv`. */

import type { HeartRateVariability } from '../../beat/hrv/heart-rate-variability.ts';
import { defaultLead } from '../default-lead.ts';
import { measureRecordVariability } from '../record-variability.ts';
import { variabilityColumns } from '../variability-columns.ts';
import { noQrsComplexes } from '../without-qrs.ts';
import type { Cell, ReadColumn } from './columns.ts';
import type { Measure, RecordingToMeasure } from './measure.ts';

const columns: readonly ReadColumn<HeartRateVariability>[] = variabilityColumns.map(column => ({
  ...column,
  name: `hrv_${column.name}`,
}));

async function measureRecord({ recording, beats, note }: RecordingToMeasure): Promise<{ record: Cell[] }> {
  const { lead, notes } = await defaultLead(recording, undefined);
  for (const text of notes) note(text);
  const { hasQrsComplexes, variability } = await measureRecordVariability(recording, lead.name, beats);
  if (!hasQrsComplexes) note(`${lead.name}: ${noQrsComplexes}`);
  return { record: columns.map(({ of }) => of(variability)) };
}

export const hrvMeasure: Measure = { name: 'hrv', beatColumns: [], recordColumns: columns, measureRecord };
