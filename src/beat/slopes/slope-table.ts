/**
 * Measured slopes as a table: one row per beat and lead, with units in the column names and the provenance in every
 * row.
 */

import Papa from 'papaparse';
import { InputError } from '../../input-error.ts';
import type { BeatQuality } from '../quality/quality.ts';
import type { BeatUncertainty } from '../uncertainty/slope-uncertainty.ts';
import type { SlopeMeasurement, Stroke } from './measure-slopes.ts';
import type { QrsIndices } from './qrs-indices.ts';

/** The slopes of one lead with the labels and quality of its beats. */
export interface LeadSlopes {
  readonly record: string;
  readonly lead: string;
  /** One per beat, e.g. the annotation's `N` or `V`; empty for an unlabelled beat. */
  readonly symbols: readonly string[];
  /** Index in the record of the first sample that was measured. */
  readonly start: number;
  /** Whether the file states no unit or no gain, so that voltages in mV are based on an assumption; default false. */
  readonly voltageAssumed?: boolean;
  readonly measurement: SlopeMeasurement;
  /** One per beat; when absent the quality columns are empty. */
  readonly quality?: readonly BeatQuality[];
  /** One per beat; when absent there are no index columns. */
  readonly indices?: readonly QrsIndices[];
  /** One per beat; when absent there are no uncertainty columns. */
  readonly uncertainty?: readonly BeatUncertainty[];
}

/** Numbering and selection of the beats in the table. */
export interface SlopeTableOptions {
  /** Number of the first beat, from 0; default 0. */
  readonly firstBeat?: number;
  /** Whether to leave out beats of poor quality. */
  readonly goodOnly?: boolean;
}

type Cell = string | number | boolean | undefined;

/**
 * The table rows of one lead, as name → value. Samples and times are relative to the start of the record; values that
 * could not be measured are undefined. All beats have the same columns, and beats keep their number when others are
 * left out.
 *
 * Throws `RangeError` unless there is one symbol per beat and, if given, one quality per beat; or when only good beats
 * are requested of a lead without quality.
 *
 * @example
 * const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
 * const lead = { record: 'x', lead: 'MLII', symbols: [...rPeaks].map(() => 'N'), start: 0, measurement };
 * slopeRows(lead)[1].upstroke_slope_mV_per_s // => 102.8249…
 */
export function slopeRows(lead: LeadSlopes, options: SlopeTableOptions = {}): Record<string, Cell>[] {
  const { beats, provenance } = lead.measurement;
  const { firstBeat = 0 } = options;
  const { quality } = lead;
  if (lead.symbols.length !== beats.length) {
    throw new InputError(`${lead.symbols.length} symbols for ${beats.length} beats`);
  }
  if (quality !== undefined && quality.length !== beats.length) {
    throw new InputError(`${quality.length} qualities for ${beats.length} beats`);
  }
  if (options.goodOnly && quality === undefined) {
    throw new InputError(`good beats of lead ${lead.lead} are asked for, but their quality was not measured`);
  }
  const { samplingFrequency, band } = provenance;
  const inRecord = (sample: number | undefined): number | undefined =>
    sample === undefined ? undefined : sample + lead.start;
  const rows = beats.map(
    (beat, k): Record<string, Cell> => ({
      record: lead.record,
      lead: lead.lead,
      beat: firstBeat + k,
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
      ...(lead.indices && indexCells(lead.indices[k]!, lead.start)),
      ...(lead.uncertainty && uncertaintyCells(lead.uncertainty[k])),
      ...qualityCells(quality?.[k]),
      scheme: provenance.scheme,
      line_window_ms: provenance.windowMs,
      line_window_points: provenance.windowSamples,
      line_upsampling: provenance.upsampling,
      sampling_frequency_Hz: samplingFrequency,
      voltage_assumed: lead.voltageAssumed ?? false,
      low_cut_Hz: band.lowCutHz,
      high_cut_Hz: band.highCutHz,
      notch_Hz: band.notchHz,
      baseline_removed: band.baselineRemoved ?? false,
    }),
  );
  return options.goodOnly ? rows.filter(row => row.quality_good) : rows;
}

/**
 * All rows as comma-separated text with one header row, readable by `pandas.read_csv` and spreadsheets; a value that
 * could not be measured is an empty cell. Text that a spreadsheet would execute as a formula is prefixed with `'`.
 * Throws `RangeError` as `slopeRows` does.
 *
 * @example
 * const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
 * const lead = { record: 'x', lead: 'MLII', symbols: [...rPeaks].map(() => 'N'), start: 0, measurement };
 * slopesCsv([lead]).slice(0, 30) // => 'record,lead,beat,symbol,sample'
 */
export function slopesCsv(leads: readonly LeadSlopes[], options: SlopeTableOptions = {}): string {
  return slopesCsvPart(leads, options, true);
}

/**
 * As `slopesCsv`, with the header row only on request, for a table that is written in parts; an empty string without
 * rows.
 */
export function slopesCsvPart(
  leads: readonly LeadSlopes[],
  options: SlopeTableOptions,
  header: boolean,
): string {
  const rows = leads.flatMap(lead => slopeRows(lead, options));
  if (rows.length === 0 && !header) return '';
  return `${Papa.unparse(rows, { newline: '\n', escapeFormulae: true, header })}\n`;
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

function indexCells(of: QrsIndices, start: number): Record<string, Cell> {
  const inRecord = (sample: number | undefined): number | undefined =>
    sample === undefined ? undefined : sample + start;
  return {
    q_sample: inRecord(of.q),
    r_sample: inRecord(of.r),
    s_sample: inRecord(of.s),
    ius_mV_per_s: rounded(of.ius),
    ids_mV_per_s: rounded(of.ids),
    its_mV_per_s: rounded(of.its),
    initial_over_terminal: rounded(of.initialOverTerminal),
    deflections: of.deflections,
    notches: of.notches,
    slope_energy_width_s: rounded(of.slopeEnergyWidth),
  };
}

/** Column name of each quantity, to which `_se` and `_bias` are appended. */
const uncertainColumns = {
  upstrokeSlope: 'upstroke_slope_mV_per_s',
  upstrokeLineSlope: 'upstroke_line_slope_mV_per_s',
  upstrokeTime: 'upstroke_time_s',
  downstrokeSlope: 'downstroke_slope_mV_per_s',
  downstrokeLineSlope: 'downstroke_line_slope_mV_per_s',
  downstrokeTime: 'downstroke_time_s',
  rAmplitude: 'r_amplitude_mV',
  peakToPeak: 'peak_to_peak_mV',
  rTime: 'time_s',
  qrsOnset: 'qrs_onset_s',
  qrsOffset: 'qrs_offset_s',
  qrsDuration: 'qrs_duration_s',
  rPeakTime: 'r_peak_time_s',
  rrBefore: 'rr_before_s',
} as const satisfies Record<keyof BeatUncertainty, string>;

function uncertaintyCells(uncertainty: BeatUncertainty | undefined): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(uncertainColumns).flatMap(([quantity, column]) => {
      const told = uncertainty?.[quantity as keyof BeatUncertainty];
      return [
        [`${column}_se`, rounded(told?.se)],
        [`${column}_bias`, rounded(told?.bias)],
      ];
    }),
  );
}

function qualityCells(quality: BeatQuality | undefined): Record<`quality_${string}`, Cell> {
  return {
    quality_good: quality?.good,
    quality_flags: quality?.flags.join(' '),
    quality_correlation: rounded(quality?.correlation),
    quality_noise_to_qrs: rounded(quality?.noiseToQrs),
    quality_invalid_share: rounded(quality?.invalidShare),
    quality_flat_share: rounded(quality?.flatShare),
    quality_clipped_share: rounded(quality?.clippedShare),
  };
}

/** Rounds to six decimals: a microsecond, a nanovolt. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1e6) / 1e6;
}
