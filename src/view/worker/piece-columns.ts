/** The measurements of a piece of a recording as columns of its beats. */
import type { ClassifiedBeats } from '../../analysis/classify.ts';
import type { LeadBeats } from '../../analysis/lead-beats.ts';
import type { LeadQuality } from '../../beat/quality/quality.ts';
import type { SlopeMeasurement } from '../../beat/slopes/measure-slopes.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { type BeatColumns, emptyColumns } from '../beats/beat-columns.ts';

/** The measurements of a piece. */
export interface PieceMeasurements {
  readonly slopes: SlopeMeasurement;
  readonly quality: LeadQuality;
  readonly classified: ClassifiedBeats | undefined;
  readonly model: Classifier | undefined;
}

/** The columns of the beats `[begin, end)` of a piece; times are relative to the start of the record. */
export function columnsOf(
  { start, samplingFrequency }: LeadBeats,
  { slopes, quality, classified, model }: PieceMeasurements,
  [begin, end]: readonly [number, number],
): BeatColumns {
  const columns = emptyColumns(end - begin);
  const seconds = (sample: number | undefined): number =>
    sample === undefined ? Number.NaN : (start + sample) / samplingFrequency;
  for (let k = begin; k < end; k++) {
    const at = k - begin;
    const beat = slopes.beats[k]!;
    const { noiseToQrs, correlation, good } = quality.beats[k]!;
    columns.time[at] = seconds(beat.rPeak);
    columns.rr[at] = beat.rrBefore ?? Number.NaN;
    columns.upstroke[at] = beat.upstroke?.slope ?? Number.NaN;
    columns.upstrokeTime[at] = beat.upstroke ? start / samplingFrequency + beat.upstroke.time : Number.NaN;
    columns.downstroke[at] = beat.downstroke?.slope ?? Number.NaN;
    columns.downstrokeTime[at] = beat.downstroke
      ? start / samplingFrequency + beat.downstroke.time
      : Number.NaN;
    columns.slopePerAmplitude[at] = beat.upstroke?.slopePerAmplitude ?? Number.NaN;
    columns.qrsOnset[at] = seconds(beat.qrsOnset);
    columns.qrsOffset[at] = seconds(beat.qrsOffset);
    columns.qrsDuration[at] = beat.qrsDuration ?? Number.NaN;
    columns.rPeakTime[at] = beat.rPeakTime ?? Number.NaN;
    columns.rAmplitude[at] = beat.rAmplitude ?? Number.NaN;
    columns.noise[at] = noiseToQrs ?? Number.NaN;
    columns.correlation[at] = correlation ?? Number.NaN;
    columns.good[at] = good ? 1 : 0;
    const called = classified?.classes[k];
    if (called !== undefined) columns.predicted[at] = model!.classes.indexOf(called);
    columns.probability[at] = classified?.probabilities[k] ?? Number.NaN;
  }
  return columns;
}
