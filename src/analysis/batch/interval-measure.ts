/**
 * The batch measure of intervals, of each beat over all leads and of the record's median beat, as in the intervals
 * command.
 */
import type { BeatIntervals } from '../../beat/intervals/beat-intervals.ts';
import { readLeadConditions, withArtefacts } from '../lead-condition.ts';
import { measureRecordIntervals } from '../record-intervals.ts';
import { type Column, columnsOf, type ReadColumn } from './columns.ts';
import type { Measure, RecordingToMeasure, RecordValues } from './measure.ts';

const intervals: readonly (readonly [string, string, (of: BeatIntervals) => number | undefined])[] = [
  ['p_duration_s', 'duration of the P wave', of => of.p],
  ['pr_interval_s', 'P onset to QRS onset', of => of.pr],
  ['qrs_interval_s', 'QRS duration over all leads', of => of.qrs],
  ['qt_interval_s', 'QRS onset to T offset', of => of.qt],
  ['jt_interval_s', 'QRS offset to T offset', of => of.jt],
  ['t_peak_to_end_s', 'T peak to T offset', of => of.tPeakTEnd],
  ['qtc_bazett_s', 'QTc by Bazett: QT / RR^(1/2)', of => of.qtc?.bazett],
  ['qtc_fridericia_s', 'QTc by Fridericia: QT / RR^(1/3)', of => of.qtc?.fridericia],
];

const beatColumns: readonly ReadColumn<BeatIntervals>[] = intervals.map(([name, says, of]) => ({
  name,
  kind: 'float',
  unit: 's',
  says,
  of,
}));

const recordColumns: readonly Column[] = [
  ...intervals.map(
    ([name, says]): Column => ({
      name: `median_${name}`,
      kind: 'double',
      unit: 's',
      says: `${says}, of the median beat`,
    }),
  ),
  {
    name: 'qt_variability_index',
    kind: 'double',
    unit: '',
    says: 'QT variability index: log₁₀ of the normalised variance of QT over that of heart rate',
  },
];

async function measureRecord({ recording, leads, beats, note }: RecordingToMeasure): Promise<RecordValues> {
  const ofBeats: BeatIntervals[] = [];
  const isDetected = beats.symbols.every(symbol => symbol === '');
  const marked = isDetected
    ? withArtefacts(beats, await readLeadConditions(recording, leads, beats.rPeaks))
    : beats;
  const measured = await measureRecordIntervals(recording, leads, marked, {
    onWaves({ beats: waves }) {
      for (const of of waves) ofBeats.push(of.intervals);
    },
  });
  for (const text of measured.notes) note(text);
  const { median, qtVariability } = measured;
  return {
    record: [...intervals.map(([, , of]) => median && of(median.intervals)), qtVariability?.index],
    beats: columnsOf(beatColumns, ofBeats),
  };
}

export const intervalMeasure: Measure = { name: 'intervals', beatColumns, recordColumns, measureRecord };
