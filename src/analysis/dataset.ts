/** Datasets of annotated records: one row per beat, with its features and AAMI class. */
import { type InputName, needsMoreThanFeatures } from '../beat/beat-inputs.ts';
import { beatFeatureNames } from '../beat/features/beat-features.ts';
import { featureDefinition, usualLeads } from '../beat/features/feature-definition.ts';
import type { ClassMap } from '../beat/score/beat-classes.ts';
import { full } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { aamiClass, aamiClasses, type Protocol } from '../learn/protocol.ts';
import { type RecordName, recordText } from '../learn/record-name.ts';
import type { Dataset } from '../learn/train/train.ts';
import type { Source } from '../wfdb/source.ts';
import { beatRows } from './beat-rows.ts';
import { type LeadBeats, readLeadBeats } from './lead-beats.ts';

/** The beats whose symbol has an AAMI class in the map. */
export function classedBeats(beats: LeadBeats, classMap: ClassMap = 'deChazal'): LeadBeats {
  const kept = beats.symbols.flatMap((symbol, k) => (aamiClass(symbol, classMap) === undefined ? [] : [k]));
  return {
    ...beats,
    rPeaks: Int32Array.from(kept, k => beats.rPeaks[k]!),
    symbols: kept.map(k => beats.symbols[k]!),
  };
}

/** Options of `readBeatDataset`. */
export interface BeatRowOptions {
  readonly lead: string;
  /** The inputs of `beatInputNames` that make a row; by default the beat features. */
  readonly inputs?: readonly InputName[];
  /** Default `deChazal`. */
  readonly classMap?: ClassMap;
  /** What the rows of a beat depend on. Default `record`. */
  readonly context?: Protocol['context'];
  readonly onRecord?: (done: number, record: string) => void;
}

/**
 * Reads the beats of records, one row each: features `[beats, features]`, AAMI class indices, and record names in the
 * form of `recordText` as groups. Beats with invalid samples have no features and are excluded. Throws `InputError`
 * if a record has fewer than two classed beats or lacks the lead, and `WfdbError` for malformed files.
 *
 * @example
 * (await readBeatDataset(source, recordNames('s01,s02', 'synth'), { lead: 'MLII' })).classes // => ['N', 'S', 'V', 'F', 'Q']
 */
export async function readBeatDataset(
  source: Source,
  records: readonly RecordName[],
  options: BeatRowOptions,
): Promise<Dataset> {
  const { inputs = beatFeatureNames } = options;
  const width = inputs.length;
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  const groups: string[] = [];
  const fibrillation: number[] = [];
  const times: number[] = [];
  for (const [done, record] of records.entries()) {
    const name = recordText(record);
    options.onRecord?.(done, name);
    const beats = classedBeats(
      await readLeadBeats(source, record.path, { lead: options.lead, beats: { annotator: 'atr' } }),
      options.classMap,
    );
    if (beats.rPeaks.length < 2)
      throw new InputError(`${name} has ${beats.rPeaks.length} classed beats; two are needed`);
    const { x, fibrillation: probability } = beatRows(beats, inputs, options.context ?? 'record');
    beats.symbols.forEach((symbol, beat) => {
      const row = x.data.subarray(beat * width, (beat + 1) * width);
      if (!row.every(Number.isFinite)) return;
      rows.push(row);
      labels.push(aamiClasses.indexOf(aamiClass(symbol, options.classMap)!));
      groups.push(name);
      fibrillation.push(probability[beat]!);
      times.push((beats.start + beats.rPeaks[beat]!) / beats.samplingFrequency);
    });
  }
  const x = full([rows.length, width], 0);
  rows.forEach((row, k) => {
    x.data.set(row, k * width);
  });
  const definition = featureDefinition(
    usualLeads.includes(options.lead) ? usualLeads : [options.lead],
    needsMoreThanFeatures(inputs) ? 'waveform' : 'features',
  );
  return {
    classes: aamiClasses,
    features: inputs,
    x,
    labels: Int32Array.from(labels),
    groups,
    definition,
    fibrillation: Float64Array.from(fibrillation),
    times: Float64Array.from(times),
  };
}
