/** Measured slopes as a table: one row per beat and lead, units in the column names, provenance in every row. */
import Papa from 'papaparse';
import type { SlopeMeasurement, Stroke } from './slopes.ts';

/** The slopes of one lead, and what is known of its beats. */
export interface LeadSlopes {
  readonly record: string;
  readonly lead: string;
  /** One per beat, e.g. the annotation's `N` or `V`; empty text where nobody labelled it. */
  readonly symbols: readonly string[];
  /** Index in the whole record of the first sample that was measured. */
  readonly start: number;
  readonly measurement: SlopeMeasurement;
}

type Cell = string | number | undefined;

/**
 * The rows of one lead, as name → value. Samples and times count from the start of the whole record; what could not
 * be measured is undefined. The columns are the same for every beat.
 *
 * Throws `RangeError` unless there is one symbol per beat.
 */
export function slopeRows(lead: LeadSlopes): Record<string, Cell>[] {
  const { beats, provenance } = lead.measurement;
  if (lead.symbols.length !== beats.length) {
    throw new RangeError(`${lead.symbols.length} symbols for ${beats.length} beats`);
  }
  const { samplingFrequency, band } = provenance;
  const inRecord = (sample: number | undefined): number | undefined =>
    sample === undefined ? undefined : sample + lead.start;
  return beats.map((beat, k) => ({
    record: lead.record,
    lead: lead.lead,
    beat: k,
    symbol: lead.symbols[k]!,
    sample: inRecord(beat.rPeak),
    time_s: rounded((beat.rPeak + lead.start) / samplingFrequency),
    peak_sample: inRecord(beat.peakSample),
    polarity: beat.polarity,
    ...strokeCells('upstroke', beat.upstroke, lead.start, samplingFrequency),
    ...strokeCells('downstroke', beat.downstroke, lead.start, samplingFrequency),
    r_amplitude_mV: rounded(beat.rAmplitude),
    peak_to_peak_mV: rounded(beat.peakToPeak),
    r_peak_time_s: rounded(beat.rPeakTime),
    qrs_duration_s: rounded(beat.qrsDuration),
    qrs_onset_sample: inRecord(beat.qrsOnset),
    qrs_offset_sample: inRecord(beat.qrsOffset),
    rr_before_s: rounded(beat.rrBefore),
    rr_after_s: rounded(beat.rrAfter),
    scheme: provenance.scheme,
    line_window_ms: provenance.windowMs,
    line_window_points: provenance.windowSamples,
    line_upsampling: provenance.upsampling,
    sampling_frequency_Hz: samplingFrequency,
    low_cut_Hz: band.lowCutHz,
    high_cut_Hz: band.highCutHz,
  }));
}

/**
 * All rows as comma-separated text with one header row, which `pandas.read_csv` and spreadsheets read as it is; what
 * could not be measured is an empty cell. Text that a spreadsheet would run as a formula is disarmed with a `'`.
 */
export function slopesCsv(leads: readonly LeadSlopes[]): string {
  return `${Papa.unparse(leads.flatMap(slopeRows), { newline: '\n', escapeFormulae: true })}\n`;
}

function strokeCells(
  name: 'upstroke' | 'downstroke',
  stroke: Stroke | undefined,
  start: number,
  samplingFrequency: number,
): Record<string, Cell> {
  return {
    [`${name}_slope_mV_per_s`]: rounded(stroke?.slope),
    [`${name}_line_slope_mV_per_s`]: rounded(stroke?.lineSlope),
    [`${name}_per_amplitude_1_per_s`]: rounded(stroke?.slopePerAmplitude),
    [`${name}_time_s`]: stroke && rounded(stroke.time + start / samplingFrequency),
    [`${name}_sample`]: stroke && stroke.sample + start,
  };
}

/** To six decimals: a microsecond, a nanovolt. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1e6) / 1e6;
}
