/** The batch measure of slopes of each beat, as in the slopes command, with the signal quality. */
import type { BeatQuality } from '../../beat/quality/quality.ts';
import type { BeatSlopes, SlopeProvenance, Stroke } from '../../beat/slopes/measure-slopes.ts';
import { type MeasuredRun, measureLeadParts } from '../lead-slopes.ts';
import { calibrationNotes } from '../leads.ts';
import { type Cell, type ColumnKind, columnsOf, type ReadColumn } from './columns.ts';
import type { LeadToMeasure, Measure } from './measure.ts';

/** A beat with the data from which its cells are computed. */
interface MeasuredBeat {
  readonly beat: BeatSlopes;
  readonly quality: BeatQuality;
  readonly provenance: SlopeProvenance;
  /** Index within the record of the first sample of the measured window. */
  readonly start: number;
}

const column = (
  name: string,
  kind: ColumnKind,
  unit: string,
  says: string,
  of: (item: MeasuredBeat) => Cell,
): ReadColumn<MeasuredBeat> => ({ name, kind, unit, says, of });

const placed = (sample: number | undefined, start: number): number | undefined =>
  sample === undefined ? undefined : sample + start;

/** The columns of the upstroke or the downstroke. */
function strokeColumns(name: 'upstroke' | 'downstroke'): ReadColumn<MeasuredBeat>[] {
  const place = `the steepest ${name === 'upstroke' ? 'rise' : 'fall'} of the QRS complex`;
  const of =
    (cell: (stroke: Stroke, item: MeasuredBeat) => Cell) =>
    (item: MeasuredBeat): Cell => {
      const stroke = item.beat[name];
      return stroke && cell(stroke, item);
    };
  return [
    column(
      `${name}_slope_mV_per_s`,
      'float',
      'mV/s',
      `dV/dt at ${place}`,
      of(stroke => stroke.slope),
    ),
    column(
      `${name}_line_slope_mV_per_s`,
      'float',
      'mV/s',
      `slope of the least-squares line at ${place}`,
      of(stroke => stroke.lineSlope),
    ),
    column(
      `${name}_per_amplitude_1_per_s`,
      'float',
      '1/s',
      `dV/dt at ${place}, divided by its peak-to-peak amplitude`,
      of(stroke => stroke.slopePerAmplitude),
    ),
    column(
      `${name}_time_s`,
      'double',
      's',
      `time of ${place}, from the start of the record`,
      of((stroke, { start, provenance }) => stroke.time + start / provenance.samplingFrequency),
    ),
  ];
}

/** A column with a value for every beat. */
const required = (of: ReadColumn<MeasuredBeat>): ReadColumn<MeasuredBeat> => ({ ...of, required: true });

const columns: readonly ReadColumn<MeasuredBeat>[] = [
  column(
    'peak_sample',
    'long',
    'samples',
    'largest deflection of the QRS complex, from the start of the record',
    ({ beat, start }) => placed(beat.peakSample, start),
  ),
  column(
    'polarity',
    'text',
    '',
    'polarity of the QRS complex: upright or inverted',
    ({ beat }) => beat.polarity,
  ),
  ...strokeColumns('upstroke'),
  ...strokeColumns('downstroke'),
  column(
    'r_amplitude_mV',
    'float',
    'mV',
    'peak relative to the level before the QRS onset',
    ({ beat }) => beat.rAmplitude,
  ),
  column(
    'peak_to_peak_mV',
    'float',
    'mV',
    'peak-to-peak amplitude of the QRS complex',
    ({ beat }) => beat.peakToPeak,
  ),
  column('r_peak_time_s', 'float', 's', 'R-wave peak time: QRS onset to peak', ({ beat }) => beat.rPeakTime),
  column('qrs_duration_s', 'float', 's', 'QRS onset to QRS offset', ({ beat }) => beat.qrsDuration),
  column('qrs_onset_sample', 'long', 'samples', 'first sample of the QRS complex', ({ beat, start }) =>
    placed(beat.qrsOnset, start),
  ),
  column('qrs_offset_sample', 'long', 'samples', 'last sample of the QRS complex', ({ beat, start }) =>
    placed(beat.qrsOffset, start),
  ),
  required(
    column(
      'quality_good',
      'boolean',
      '',
      'whether the signal quality around the beat is good',
      ({ quality }) => quality.good,
    ),
  ),
  required(
    column('quality_flags', 'text', '', 'quality flags, separated by spaces', ({ quality }) =>
      quality.flags.join(' '),
    ),
  ),
  column(
    'quality_correlation',
    'float',
    '',
    "correlation with the record's median beat",
    ({ quality }) => quality.correlation,
  ),
  column(
    'quality_noise_to_qrs',
    'float',
    '',
    'standard deviation of the noise relative to the QRS amplitude',
    ({ quality }) => quality.noiseToQrs,
  ),
  column(
    'quality_invalid_share',
    'float',
    '',
    'fraction of invalid samples',
    ({ quality }) => quality.invalidShare,
  ),
  column(
    'quality_flat_share',
    'float',
    '',
    'fraction of samples on a flat line',
    ({ quality }) => quality.flatShare,
  ),
  column(
    'quality_clipped_share',
    'float',
    '',
    "fraction of samples at a limit of the converter's range",
    ({ quality }) => quality.clippedShare,
  ),
  required(column('scheme', 'text', '', 'derivative scheme of dV/dt', ({ provenance }) => provenance.scheme)),
  required(
    column(
      'line_window_ms',
      'float',
      'ms',
      'window of the least-squares line',
      ({ provenance }) => provenance.windowMs,
    ),
  ),
  required(
    column(
      'line_window_points',
      'integer',
      'points',
      'number of points in the window',
      ({ provenance }) => provenance.windowSamples,
    ),
  ),
  required(
    column(
      'line_upsampling',
      'integer',
      '',
      'interpolated points per sample',
      ({ provenance }) => provenance.upsampling,
    ),
  ),
];

async function measureLead({ recording, lead, beats, settings, note }: LeadToMeasure) {
  const { scheme, windowMs } = settings;
  const items: MeasuredBeat[] = [];
  const options = {
    ...(scheme && { scheme }),
    ...(windowMs !== undefined && { windowMs }),
    windows: false,
  };
  for await (const { run } of measureLeadParts(recording, lead, beats, options)) addBeats(items, run);
  for (const text of calibrationNotes(recording.signals.filter(({ name }) => name === lead))) note(text);
  return columnsOf(columns, items);
}

function addBeats(items: MeasuredBeat[], { measurement, quality, start }: MeasuredRun): void {
  const { provenance, beats } = measurement;
  for (let k = 0; k < beats.length; k++) {
    items.push({ beat: beats[k]!, quality: quality[k]!, provenance, start });
  }
}

export const slopeMeasure: Measure = {
  name: 'slopes',
  dependsOn: ['scheme', 'windowMs'],
  beatColumns: columns,
  recordColumns: [],
  measureLead,
};
