/**
 * Dataset of slope measurements in physical units. Columns differ in scale by orders of magnitude (hundreds of mV/s, mV
 * below 1), which makes the learning rate of plain gradient descent difficult to choose.
 */
import { type BeatSlopes, measureSlopes } from '../beat/slopes/measure-slopes.ts';
import { tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import type { FeatureName } from '../learn/model/classifier.ts';
import { aamiClass, aamiClasses } from '../learn/protocol.ts';
import { type RecordName, recordText } from '../learn/record-name.ts';
import type { Dataset } from '../learn/train/train.ts';
import type { Source } from '../wfdb/source.ts';
import { classedBeats } from './dataset.ts';
import { readLeadBeats } from './lead-beats.ts';

/**
 * The columns of `readSlopeDataset`, each with its unit.
 *
 * @example slopeFeatures[0].unit // => 'mV/s'
 */
export const slopeFeatures: readonly FeatureName[] = [
  { name: 'upstroke', unit: 'mV/s' },
  { name: 'downstroke', unit: 'mV/s' },
  { name: 'qrsDuration', unit: 'ms' },
  { name: 'rAmplitude', unit: 'mV' },
  { name: 'rrBefore', unit: 'ms' },
  { name: 'rrAfter', unit: 'ms' },
];

const rowOf = ({ upstroke, downstroke, qrsDuration, rAmplitude, rrBefore, rrAfter }: BeatSlopes): number[] =>
  [
    ...[upstroke?.slope, downstroke?.slope, qrsDuration && 1000 * qrsDuration, rAmplitude],
    ...[rrBefore && 1000 * rrBefore, rrAfter && 1000 * rrAfter],
  ].map(value => value ?? Number.NaN);

/**
 * Reads the beats that have an AAMI class and for which every column could be measured, as rows `[beats, columns]` in
 * the units of `slopeFeatures`. Throws `InputError` if there are none or a record lacks the lead, and `WfdbError` for
 * malformed files.
 *
 * @example (await readSlopeDataset(source, recordNames('s01', 'synth'), { lead: 'MLII' })).x.shape[1] // => 6
 */
export async function readSlopeDataset(
  source: Source,
  records: readonly RecordName[],
  { lead }: { readonly lead: string },
): Promise<Dataset> {
  const rows: number[][] = [];
  const labels: number[] = [];
  const groups: string[] = [];
  for (const record of records) {
    const { voltage, samplingFrequency, rPeaks, symbols } = classedBeats(
      await readLeadBeats(source, record.path, { lead, beats: { annotator: 'atr' } }),
    );
    measureSlopes(voltage, samplingFrequency, rPeaks).beats.forEach((beat, k) => {
      const row = rowOf(beat);
      if (!row.every(Number.isFinite)) return;
      rows.push(row);
      labels.push(aamiClasses.indexOf(aamiClass(symbols[k]!)!));
      groups.push(recordText(record));
    });
  }
  if (rows.length === 0) throw new InputError('no beat of these records could be measured in full');
  return {
    classes: aamiClasses,
    features: slopeFeatures,
    x: tensor(rows),
    labels: Int32Array.from(labels),
    groups,
  };
}
