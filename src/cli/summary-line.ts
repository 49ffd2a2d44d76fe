/**
 * Formats the measurements of a record as CSV, a header and one line, which can be joined to a table of patients by
 * the column `record`.
 */
import { beatCount } from '../analysis/artefact-marks.ts';
import type { RecordingBeats } from '../analysis/lead-beats.ts';
import type { LeadSlopeSummary } from '../analysis/lead-slopes.ts';
import type { OpenRecording } from '../analysis/open-recording.ts';
import type { RecordIntervals } from '../analysis/record-intervals.ts';
import type { SlopeSummary } from '../beat/slopes/slope-summary.ts';
import { summaryCsv } from './row-table.ts';

/** The columns with which every line begins. */
export const summaryHeadOf = (
  { name }: Pick<OpenRecording, 'name'>,
  beats: RecordingBeats,
  hasQrsComplexes: boolean,
) => ({
  record: name,
  beats: beatCount(beats),
  beats_from: beats.beatsFrom,
  has_qrs_complexes: hasQrsComplexes,
});

type SummaryHead = ReturnType<typeof summaryHeadOf>;

/** Columns for each lead, with the names used in the table of beats; each holds the median over the beats. */
const slopeColumns: Readonly<Record<string, (of: SlopeSummary) => number | undefined>> = {
  upstroke_slope_mV_per_s: of => of.upstroke?.median,
  downstroke_slope_mV_per_s: of => of.downstroke?.median,
  upstroke_line_slope_mV_per_s: of => of.upstrokeLine?.median,
  downstroke_line_slope_mV_per_s: of => of.downstrokeLine?.median,
  slope_per_amplitude_1_per_s: of => of.slopePerAmplitude?.median,
  r_amplitude_mV: of => of.rAmplitude?.median,
  r_peak_time_s: of => of.rPeakTime?.median,
  qrs_duration_s: of => of.qrsDuration?.median,
};

/**
 * The slopes of each lead in columns such as `II_upstroke_slope_mV_per_s`: medians over the beats of the record's
 * most frequent type, `symbol`; empty without QRS complexes.
 */
export function slopeSummaryCsv(head: SummaryHead, leads: readonly LeadSlopeSummary[]): string {
  const symbol = head.has_qrs_complexes ? leads[0]?.summary[0]?.symbol : undefined;
  const row = { ...head, symbol };
  const cells = leads.flatMap(({ lead, summary }) => {
    const usual = head.has_qrs_complexes ? summary.find(kind => kind.symbol === symbol) : undefined;
    return [
      [`${lead}_beats`, usual?.beats ?? 0],
      ...Object.entries(slopeColumns).map(([column, value]) => [
        `${lead}_${column}`,
        usual && rounded(value(usual)),
      ]),
    ];
  });
  return summaryCsv({ ...row, ...Object.fromEntries(cells) });
}

/** The intervals and axes of the record's median beat, which is of type `symbol`, and the QT variability. */
export function intervalSummaryCsv(
  head: SummaryHead,
  { median, symbol, qtVariability, qtLead }: RecordIntervals,
): string {
  const intervals = median?.intervals;
  const quantities: Record<string, number | undefined> = {
    p_s: intervals?.p,
    pr_s: intervals?.pr,
    qrs_s: intervals?.qrs,
    qt_s: intervals?.qt,
    jt_s: intervals?.jt,
    t_peak_t_end_s: intervals?.tPeakTEnd,
    rr_s: intervals?.rr,
    qtc_bazett_s: intervals?.qtc?.bazett,
    qtc_fridericia_s: intervals?.qtc?.fridericia,
    qtc_framingham_s: intervals?.qtc?.framingham,
    qtc_hodges_s: intervals?.qtc?.hodges,
    p_axis_deg: median?.axes?.p,
    qrs_axis_deg: median?.axes?.qrs,
    t_axis_deg: median?.axes?.t,
    qt_variability_index: qtVariability?.index,
  };
  const cells = Object.entries(quantities).map(([name, value]) => [name, rounded(value)]);
  return summaryCsv({
    ...head,
    symbol,
    median_of_beats: median?.beats,
    ...Object.fromEntries(cells),
    qt_lead: qtLead,
  });
}

/** Rounded to six decimals: 1 µs, 1 nV. */
const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value * 1e6) / 1e6;
