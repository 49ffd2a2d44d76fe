/** The batch measure of slopes of each beat, as in the slopes command, with the signal quality. */
import type { BeatQuality } from '../../beat/quality.ts';
import type { BeatSlopes, SlopeProvenance, Stroke } from '../../beat/slopes/measure-slopes.ts';
import { measureLeads } from '../lead-slopes.ts';
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
      'steepest dV/dt',
      of(stroke => stroke.slope),
    ),
    column(
      `${name}_line_slope_mV_per_s`,
      'float',
      'mV/s',
      'slope of the least-squares line there',
      of(stroke => stroke.lineSlope),
    ),
    column(
      `${name}_per_amplitude_1_per_s`,
      'float',
      '1/s',
      'steepest dV/dt over peak-to-peak amplitude',
      of(stroke => stroke.slopePerAmplitude),
    ),
    column(
      `${name}_time_s`,
      'double',
      's',
      'when the slope is steepest, from the start of the record',
      of((stroke, { start, provenance }) => stroke.time + start / provenance.samplingFrequency),
    ),
  ];
}

const columns: readonly ReadColumn<MeasuredBeat>[] = [
  column('peak_sample', 'integer', 'samples', 'largest deflection in the complex', ({ beat, start }) =>
    placed(beat.peakSample, start),
  ),
  column('polarity', 'text', '', 'upright or inverted', ({ beat }) => beat.polarity),
  ...strokeColumns('upstroke'),
  ...strokeColumns('downstroke'),
  column('r_amplitude_mV', 'float', 'mV', 'peak over the level before onset', ({ beat }) => beat.rAmplitude),
  column(
    'peak_to_peak_mV',
    'float',
    'mV',
    'highest minus lowest in the complex',
    ({ beat }) => beat.peakToPeak,
  ),
  column('r_peak_time_s', 'float', 's', 'onset to peak', ({ beat }) => beat.rPeakTime),
  column('qrs_duration_s', 'float', 's', 'onset to offset', ({ beat }) => beat.qrsDuration),
  column('qrs_onset_sample', 'integer', 'samples', 'first sample of the complex', ({ beat, start }) =>
    placed(beat.qrsOnset, start),
  ),
  column('qrs_offset_sample', 'integer', 'samples', 'last sample of the complex', ({ beat, start }) =>
    placed(beat.qrsOffset, start),
  ),
  column(
    'quality_good',
    'boolean',
    '',
    'the signal around the beat can be trusted',
    ({ quality }) => quality.good,
  ),
  column('quality_flags', 'text', '', 'what is wrong with it, by spaces', ({ quality }) =>
    quality.flags.join(' '),
  ),
  column(
    'quality_correlation',
    'float',
    '',
    "with the record's median beat",
    ({ quality }) => quality.correlation,
  ),
  column('quality_noise_to_qrs', 'float', '', 'noise over QRS height', ({ quality }) => quality.noiseToQrs),
  column(
    'quality_invalid_share',
    'float',
    '',
    'share of samples that are none',
    ({ quality }) => quality.invalidShare,
  ),
  column(
    'quality_flat_share',
    'float',
    '',
    'share of samples on a flat line',
    ({ quality }) => quality.flatShare,
  ),
  column(
    'quality_clipped_share',
    'float',
    '',
    'share of samples at a rail',
    ({ quality }) => quality.clippedShare,
  ),
  column('scheme', 'text', '', 'how dV/dt was taken', ({ provenance }) => provenance.scheme),
  column('line_window_ms', 'float', 'ms', 'window of the line', ({ provenance }) => provenance.windowMs),
  column(
    'line_window_points',
    'integer',
    'points',
    'in the window',
    ({ provenance }) => provenance.windowSamples,
  ),
  column('line_upsampling', 'integer', '', 'points to a sample', ({ provenance }) => provenance.upsampling),
];

async function measureLead({ recording, lead, beats, settings, note }: LeadToMeasure) {
  const { scheme, windowMs } = settings;
  const items: MeasuredBeat[] = [];
  const options = {
    ...(scheme && { scheme }),
    ...(windowMs !== undefined && { windowMs }),
    async onRun({ measurement, quality, start }: Parameters<NonNullable<OnRun>>[0]) {
      const { provenance } = measurement;
      for (const [k, beat] of measurement.beats.entries()) {
        items.push({ beat, quality: quality[k]!, provenance, start });
      }
    },
  };
  for await (const { notes } of measureLeads(recording, [lead], beats, options))
    for (const text of notes) note(text);
  return columnsOf(columns, items);
}

type OnRun = NonNullable<Parameters<typeof measureLeads>[3]>['onRun'];

export const slopeMeasure: Measure = {
  name: 'slopes',
  dependsOn: ['scheme', 'windowMs'],
  beatColumns: columns,
  recordColumns: [],
  measureLead,
};
