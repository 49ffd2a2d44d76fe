/** Datasets of beats labelled with their rhythm, for fitting and testing the rhythm estimate. */
import { beatFeatures } from '../beat/features/beat-features.ts';
import { rhythmFeatureNames, rhythmFeatures } from '../beat/rhythm-estimate/rhythm-features.ts';
import { full } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { type RecordName, recordText } from '../learn/record-name.ts';
import type { Dataset } from '../learn/train/train.ts';
import { readAnnotations } from '../wfdb/annotations/annotation-file.ts';
import type { Source } from '../wfdb/source.ts';
import { decodeText } from '../wfdb/text.ts';
import { classedBeats } from './dataset.ts';
import { type LeadBeats, readLeadBeats } from './lead-beats.ts';

const classes = ['other', 'AF'];

interface LabelledBeats {
  readonly group: string;
  readonly beats: LeadBeats;
  readonly isFibrillation: (beat: number) => boolean;
}

function rowsOf(records: readonly LabelledBeats[]): Dataset {
  const width = rhythmFeatureNames.length;
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  const groups: string[] = [];
  for (const { group, beats, isFibrillation } of records) {
    const features = beatFeatures(beats.voltage, beats.samplingFrequency, beats.rPeaks);
    const values = rhythmFeatures(beats.voltage, beats.rPeaks, features);
    for (let beat = 0; beat < beats.rPeaks.length; beat++) {
      const row = values.subarray(beat * width, (beat + 1) * width);
      if (!row.every(Number.isFinite)) continue;
      rows.push(row);
      labels.push(isFibrillation(beat) ? 1 : 0);
      groups.push(group);
    }
  }
  const x = full([rows.length, width], 0);
  rows.forEach((row, k) => {
    x.data.set(row, k * width);
  });
  const features = rhythmFeatureNames.map(name => ({ name, unit: '' }));
  return { classes, features, x, labels: Int32Array.from(labels), groups };
}

/**
 * Reads the records of the PhysioNet/CinC Challenge 2017 in the folder `database`: beats from the detector, labels
 * from its `REFERENCE.csv`, where `A` is atrial fibrillation. Records labelled noisy (`~`) and those with fewer than
 * five detected beats are excluded. Throws `InputError` if there is no label for any record.
 */
export async function readChallengeRhythms(
  source: Source,
  database: string,
  records: readonly string[],
): Promise<Dataset> {
  const lines = decodeText(await source.read(`${database}/REFERENCE.csv`)).split(/\r?\n/);
  const labels = new Map(lines.map(line => line.split(',') as [string, string]));
  const labelled: LabelledBeats[] = [];
  for (const record of records) {
    const label = labels.get(record);
    if (label === undefined || label === '~') continue;
    const beats = await readLeadBeats(source, `${database}/${record}`, { beats: 'detector' });
    if (beats.rPeaks.length < 5) continue;
    labelled.push({ group: `${database}/${record}`, beats, isFibrillation: () => label === 'A' });
  }
  if (labelled.length === 0) throw new InputError(`${database}/REFERENCE.csv labels none of the records`);
  return rowsOf(labelled);
}

/** Beats and rhythms of the reference annotations: `(AFIB` and `(AFL` extend to the next rhythm annotation. */
export async function readMarkedRhythms(
  source: Source,
  records: readonly RecordName[],
  lead: string,
): Promise<Dataset> {
  const labelled: LabelledBeats[] = [];
  for (const record of records) {
    const beats = classedBeats(
      await readLeadBeats(source, record.path, { lead, beats: { annotator: 'atr' } }),
    );
    const marks = (await readAnnotations(source, record.path, 'atr')).filter(({ symbol }) => symbol === '+');
    const isFibrillation = (beat: number): boolean => {
      const sample = (beats.start + beats.rPeaks[beat]!) / (beats.samplesPerFrame ?? 1);
      return /^\((AFIB|AFL)\b/.test(marks.findLast(mark => mark.sample <= sample)?.aux ?? '');
    };
    labelled.push({ group: recordText(record), beats, isFibrillation });
  }
  return rowsOf(labelled);
}
