/**
 * Rows of detected beats, with the classes of the reference beats that ANSI/AAMI EC57 pairs them with. Missed beats and
 * false detections are counted too, as errors of the whole system.
 */
import { beatFeatureNames } from '../beat/features/beat-features.ts';
import type { ClassMap } from '../beat/score/beat-classes.ts';
import { compareBeats } from '../beat/score/compare-beats.ts';
import { full } from '../diff/tensor.ts';
import { aamiClass, aamiClasses } from '../learn/protocol.ts';
import { type RecordName, recordText } from '../learn/record-name.ts';
import type { Dataset } from '../learn/train/train.ts';
import { readAnnotations } from '../wfdb/annotations/annotation-file.ts';
import type { Source } from '../wfdb/source.ts';
import { beatRows } from './beat-rows.ts';
import type { BeatRowOptions } from './dataset.ts';
import { readLeadBeats } from './lead-beats.ts';

export interface DetectedRows {
  /** The label `classes.length` marks a false detection. */
  readonly data: Dataset;
  /** Number of reference beats of each class without a row. */
  readonly missed: readonly number[];
}

/** The detected beats of one record. Reference beats without a class, and detections paired with them, are ignored. */
export async function readDetectedRows(
  source: Source,
  record: RecordName,
  { lead, inputs = beatFeatureNames, classMap = 'deChazal', context = 'record' }: BeatRowOptions,
): Promise<DetectedRows> {
  const beats = await readLeadBeats(source, record.path, { lead, beats: 'detector' });
  const inFrames = await readAnnotations(source, record.path, 'atr');
  const marks = inFrames.map(mark => ({ ...mark, sample: mark.sample * (beats.samplesPerFrame ?? 1) }));
  const detections = Array.from(beats.rPeaks, sample => ({ sample, symbol: 'N' }));
  const { referenceSamples, testSamples, extra } = compareBeats(marks, detections, beats.samplingFrequency, {
    startSeconds: 0,
  });
  const symbolAt = new Map(
    marks.flatMap(({ sample, symbol }) => (isBeatSymbol(symbol) ? [[sample, symbol] as const] : [])),
  );
  const pairedWith = new Map(Array.from(testSamples, (sample, k) => [sample, referenceSamples[k]!]));
  const withoutBeat = new Set(extra);
  const missed = aamiClasses.map(() => 0);
  for (const symbol of symbolAt.values()) {
    const index = classIndex(symbol, classMap);
    if (index >= 0) missed[index]!++;
  }

  const { x: all, fibrillation } = beatRows(beats, inputs, context);
  const rows = all.data;
  const width = inputs.length;
  const kept: number[] = [];
  const labels: number[] = [];
  beats.rPeaks.forEach((sample, beat) => {
    if (!rows.subarray(beat * width, (beat + 1) * width).every(Number.isFinite)) return;
    const reference = pairedWith.get(sample);
    // Detections that are neither paired nor extra lie in ventricular flutter, which is excluded.
    if (reference === undefined && !withoutBeat.has(sample)) return;
    const label =
      reference === undefined ? aamiClasses.length : classIndex(symbolAt.get(reference) ?? '', classMap);
    if (label < 0) return;
    if (label < aamiClasses.length) missed[label]!--;
    kept.push(beat);
    labels.push(label);
  });
  const x = full([kept.length, width], 0);
  kept.forEach((beat, k) => {
    x.data.set(rows.subarray(beat * width, (beat + 1) * width), k * width);
  });
  const data = {
    ...{ classes: aamiClasses, features: inputs, x, labels: Int32Array.from(labels) },
    groups: kept.map(() => recordText(record)),
    fibrillation: Float64Array.from(kept, beat => fibrillation[beat]!),
    times: Float64Array.from(kept, beat => (beats.start + beats.rPeaks[beat]!) / beats.samplingFrequency),
  };
  return { data, missed };
}

const isBeatSymbol = (symbol: string): boolean => aamiClass(symbol) !== undefined || 'Bnr?'.includes(symbol);
const classIndex = (symbol: string, classMap: ClassMap): number => {
  const name = aamiClass(symbol, classMap);
  return name === undefined ? -1 : aamiClasses.indexOf(name);
};
