/** The table of `hrv`: one row for the record, or one for each window. */
import type { RecordingBeats } from '../analysis/lead-beats.ts';
import type { RecordVariability } from '../analysis/record-variability.ts';
import { variabilityColumns } from '../analysis/variability-columns.ts';
import type { HeartRateVariability } from '../beat/hrv/heart-rate-variability.ts';
import { isMuchCorrected } from './hrv-text.ts';
import type { Row } from './row-table.ts';
import { summaryHeadOf } from './summary-line.ts';

/** The rows of the record, one, and of its windows; `much_corrected` is empty unless intervals were corrected. */
export function variabilityRows(
  record: string,
  beats: RecordingBeats,
  { hasQrsComplexes, variability, windows = [], correction }: RecordVariability,
): { readonly record: readonly Row[]; readonly windows: readonly Row[] } {
  const measures = (of: HeartRateVariability): Row =>
    Object.fromEntries(variabilityColumns.map(({ name, of: value }) => [name, rounded(value(of))]));
  const marks = {
    corrected_share: correction && rounded(correction.correctedShare),
    much_corrected: correction && isMuchCorrected(correction),
  };
  return {
    record: [
      { ...summaryHeadOf({ name: record }, beats, hasQrsComplexes), ...marks, ...measures(variability) },
    ],
    windows: windows.map(({ startSeconds, endSeconds, ...of }) => ({
      record,
      start_s: rounded(startSeconds),
      end_s: rounded(endSeconds),
      has_qrs_complexes: hasQrsComplexes,
      ...marks,
      ...measures(of),
    })),
  };
}

/** Nine significant digits: powers in s² are as small as 10⁻⁶. */
const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value.toPrecision(9));
