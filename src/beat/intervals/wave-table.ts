/** Measured waves as a table with one row per beat and lead, and as annotations. */
import Papa from 'papaparse';
import type { QrsWave } from '../delineate/qrs-waves.ts';
import type { DelineatedWave } from '../delineate/wave-borders.ts';
import type { IntervalQuantity } from '../uncertainty/interval-quantities.ts';
import type { BeatWaveUncertainty, WaveUncertainty } from '../uncertainty/interval-uncertainty.ts';
import { beatIntervals, type WaveBorders } from './beat-intervals.ts';
import type { BeatWaves, MeasuredWaves } from './measure-intervals.ts';

/** Names, labels and offsets for the table of waves. */
export interface WaveTableOptions {
  readonly record: string;
  /** Names of the leads, in the order of the beats' leads. */
  readonly leads: readonly string[];
  /**
   * For each lead, whether the file states no unit or no gain, so that voltages in mV are based on an assumption;
   * default false.
   */
  readonly assumed?: readonly boolean[];
  /** One per beat; empty for an unlabelled beat. */
  readonly symbols: readonly string[];
  /** Index in the record of the first sample measured. */
  readonly start: number;
  readonly samplingFrequency: number;
  /** Number of the first beat, from 0. */
  readonly firstBeat: number;
  /** One per beat; when absent there are no uncertainty columns. */
  readonly uncertainty?: readonly (BeatWaveUncertainty | undefined)[] | undefined;
}

/** The symbol of a P wave without a QRS complex, as in WFDB annotations: non-conducted P wave. */
const blockedP = 'x';

type Cell = string | number | boolean | undefined;

/**
 * Table rows in order of time: for each beat one row over all leads, whose lead is named `all`, then one row per lead;
 * for each P wave without a QRS complex one row over all leads without a beat, whose symbol is `x` and whose sample is
 * that of the P peak. Samples and times are relative to the start of the record; values that could not be measured are
 * undefined.
 */
export function waveRows(
  { beats, atrialEvents }: MeasuredWaves,
  options: WaveTableOptions,
): Record<string, Cell>[] {
  const events = atrialEvents.map(({ onset, peak, offset }): BeatWaves => {
    const borders = { ...noBorders, pOnset: onset, pPeak: peak, pOffset: offset };
    const intervals = beatIntervals(borders, undefined, options.samplingFrequency);
    return { rPeak: peak, borders, intervals, axes: undefined, leads: [] };
  });
  const rows = [
    ...beatRows(beats, options),
    ...beatRows(events, { ...options, symbols: events.map(() => blockedP), firstBeat: undefined }),
  ];
  return rows.sort((a, b) => Number(a.sample) - Number(b.sample));
}

const noBorders: WaveBorders = {
  pOnset: undefined,
  pPeak: undefined,
  pOffset: undefined,
  qrsOnset: undefined,
  qrsOffset: undefined,
  tOnset: undefined,
  tPeak: undefined,
  tOffset: undefined,
};

function beatRows(
  beats: readonly BeatWaves[],
  options: Omit<WaveTableOptions, 'firstBeat'> & { readonly firstBeat: number | undefined },
): Record<string, Cell>[] {
  const { record, leads, assumed = [], symbols, start, samplingFrequency, firstBeat } = options;
  return beats.flatMap((beat, k) =>
    [beat, ...beat.leads].map((of, row): Record<string, Cell> => {
      const { borders, intervals } = of;
      const lead = row === 0 ? undefined : beat.leads[row - 1]!;
      const axes = row === 0 ? beat.axes : undefined;
      const borderCells = Object.entries(borderColumns).map(([column, border]) => {
        const place = borders[border];
        return [column, place === undefined ? undefined : place + start];
      });
      const peakOf = (wave: QrsWave | undefined): number | undefined => wave && wave.sample + start;
      return {
        record,
        lead: row === 0 ? 'all' : leads[row - 1]!,
        beat: firstBeat === undefined ? undefined : firstBeat + k,
        symbol: symbols[k]!,
        sample: beat.rPeak + start,
        time_s: rounded((beat.rPeak + start) / samplingFrequency),
        ...(Object.fromEntries(borderCells) as Record<string, Cell>),
        q_peak_sample: peakOf(lead?.qrsWaves?.q),
        r_peak_sample: peakOf(lead?.qrsWaves?.r),
        s_peak_sample: peakOf(lead?.qrsWaves?.s),
        r_prime_peak_sample: peakOf(lead?.qrsWaves?.rPrime),
        p_s: rounded(intervals.p),
        pr_s: rounded(intervals.pr),
        qrs_s: rounded(intervals.qrs),
        qt_s: rounded(intervals.qt),
        jt_s: rounded(intervals.jt),
        t_peak_t_end_s: rounded(intervals.tPeakTEnd),
        rr_before_s: rounded(intervals.rr),
        qtc_bazett_s: rounded(intervals.qtc?.bazett),
        qtc_fridericia_s: rounded(intervals.qtc?.fridericia),
        qtc_framingham_s: rounded(intervals.qtc?.framingham),
        qtc_hodges_s: rounded(intervals.qtc?.hodges),
        qrs_pattern: lead?.amplitudes?.pattern,
        p_amplitude_mV: rounded(lead?.amplitudes?.p),
        q_amplitude_mV: rounded(lead?.amplitudes?.q),
        r_amplitude_mV: rounded(lead?.amplitudes?.r),
        s_amplitude_mV: rounded(lead?.amplitudes?.s),
        r_prime_amplitude_mV: rounded(lead?.amplitudes?.rPrime),
        t_amplitude_mV: rounded(lead?.amplitudes?.t),
        st_j_mV: rounded(lead?.st.j),
        st_j40_mV: rounded(lead?.st.j40),
        st_j60_mV: rounded(lead?.st.j60),
        st_j80_mV: rounded(lead?.st.j80),
        st_slope_mV_per_s: rounded(lead?.st.slope),
        p_axis_deg: rounded(axes?.p),
        qrs_axis_deg: rounded(axes?.qrs),
        t_axis_deg: rounded(axes?.t),
        ...(options.uncertainty &&
          uncertaintyCells(
            row === 0 ? options.uncertainty[k]?.over : options.uncertainty[k]?.leads[row - 1],
          )),
        voltage_assumed: row === 0 ? assumed.includes(true) : (assumed[row - 1] ?? false),
        sampling_frequency_Hz: samplingFrequency,
      };
    }),
  );
}

/** Column of each quantity, to which `_se` and `_bias` are appended; times in s. */
const uncertainColumns = {
  pOnset: 'p_onset_s',
  pPeak: 'p_peak_s',
  pOffset: 'p_offset_s',
  qrsOnset: 'qrs_onset_s',
  qrsOffset: 'qrs_offset_s',
  tOnset: 't_onset_s',
  tPeak: 't_peak_s',
  tOffset: 't_offset_s',
  p: 'p_s',
  pr: 'pr_s',
  qrs: 'qrs_s',
  qt: 'qt_s',
  jt: 'jt_s',
  tPeakTEnd: 't_peak_t_end_s',
  rr: 'rr_before_s',
  qtcBazett: 'qtc_bazett_s',
  qtcFridericia: 'qtc_fridericia_s',
  qtcFramingham: 'qtc_framingham_s',
  qtcHodges: 'qtc_hodges_s',
  pAmplitude: 'p_amplitude_mV',
  qAmplitude: 'q_amplitude_mV',
  rAmplitude: 'r_amplitude_mV',
  sAmplitude: 's_amplitude_mV',
  rPrimeAmplitude: 'r_prime_amplitude_mV',
  tAmplitude: 't_amplitude_mV',
  stJ: 'st_j_mV',
  stJ40: 'st_j40_mV',
  stJ60: 'st_j60_mV',
  stJ80: 'st_j80_mV',
  stSlope: 'st_slope_mV_per_s',
  pAxis: 'p_axis_deg',
  qrsAxis: 'qrs_axis_deg',
  tAxis: 't_axis_deg',
} as const satisfies Record<IntervalQuantity, string>;

function uncertaintyCells(uncertainty: WaveUncertainty | undefined): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(uncertainColumns).flatMap(([quantity, column]) => {
      const told = uncertainty?.[quantity as IntervalQuantity];
      return [
        [`${column}_se`, rounded(told?.se)],
        [`${column}_bias`, rounded(told?.bias)],
      ];
    }),
  );
}

const borderColumns = {
  p_onset_sample: 'pOnset',
  p_peak_sample: 'pPeak',
  p_offset_sample: 'pOffset',
  qrs_onset_sample: 'qrsOnset',
  qrs_offset_sample: 'qrsOffset',
  t_onset_sample: 'tOnset',
  t_peak_sample: 'tPeak',
  t_offset_sample: 'tOffset',
} as const satisfies Record<string, keyof WaveBorders>;

/** The rows as comma-separated text, with a header row on request; an empty string without rows. */
export function wavesCsvPart(waves: MeasuredWaves, options: WaveTableOptions, header: boolean): string {
  const rows = waveRows(waves, options);
  if (rows.length === 0) return '';
  return `${Papa.unparse(rows, { newline: '\n', escapeFormulae: true, header })}\n`;
}

/** A wave boundary or peak as an annotation. */
export interface WaveMark {
  /** Sample index from the start of the record. */
  readonly sample: number;
  /** `(` for an onset, `)` for an offset; `p`, `N` and `t` for the peaks of P, QRS and T. */
  readonly symbol: string;
  /** For `(` and `)`, the wave: 0 for P, 1 for QRS, 2 for T, as in ecgpuwave's annotations. */
  readonly num: number;
}

/**
 * The annotations of one beat, in order of time. `borders` and `rPeak` are sample indices relative to `start`, the
 * sample of the record at which they begin.
 */
export function waveMarks(borders: WaveBorders, rPeak: number, start: number): WaveMark[] {
  const { pOnset, pPeak, pOffset, qrsOnset, qrsOffset, tOnset, tPeak, tOffset } = borders;
  const waves: readonly (readonly [number | undefined, number | undefined, number | undefined, string])[] = [
    [pOnset, pPeak, pOffset, 'p'],
    [qrsOnset, rPeak, qrsOffset, 'N'],
    [tOnset, tPeak, tOffset, 't'],
  ];
  return waves
    .flatMap(([onset, peak, offset, symbol], num) => [
      ...(onset === undefined ? [] : [{ sample: onset + start, symbol: '(', num }]),
      ...(peak === undefined ? [] : [{ sample: peak + start, symbol, num: 0 }]),
      ...(offset === undefined ? [] : [{ sample: offset + start, symbol: ')', num }]),
    ])
    .sort((a, b) => a.sample - b.sample);
}

/** The annotations of a P wave without a QRS complex: `(`, `p` and `)`, in order of time; `start` as in `waveMarks`. */
export const atrialMarks = ({ onset, peak, offset }: DelineatedWave, start: number): WaveMark[] => [
  { sample: onset + start, symbol: '(', num: 0 },
  { sample: peak + start, symbol: 'p', num: 0 },
  { sample: offset + start, symbol: ')', num: 0 },
];

/** Rounds to six decimals: a microsecond, a nanovolt. */
const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value * 1e6) / 1e6;
