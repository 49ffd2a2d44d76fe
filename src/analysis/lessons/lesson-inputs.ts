/** Inputs of the lessons: a published table of patients, a recording, and the beat classifier, all in `samples/`. */
import { measureSlopes, type SlopeMeasurement } from '../../beat/slopes/measure-slopes.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { parseModel } from '../../learn/model/model-json.ts';
import type { Source } from '../../wfdb/source.ts';
import { type ClassifiedBeats, classifyBeats } from '../classify.ts';
import { type LeadBeats, readLeadBeats } from '../lead-beats.ts';
import { parseClinicalTable } from '../risk/clinical-table.ts';
import { fitRisk, type RiskModel } from '../risk/risk-model.ts';
import { type RiskTask, riskTask } from '../risk/risk-task.ts';

export const lessonFiles = {
  record: 'mitdb-208-excerpt',
  model: 'model-ds1-without-208.json',
  table: 'heart_failure_clinical_records_dataset.csv',
} as const;

export interface LessonInputs {
  /** 299 patients with heart failure; the event is death during follow-up. */
  readonly task: RiskTask;
  /** Logistic regression of that event on eleven covariates. */
  readonly riskModel: RiskModel;
  readonly beats: LeadBeats;
  readonly slopes: SlopeMeasurement;
  readonly classifier: Classifier;
  readonly classified: ClassifiedBeats;
}

/** L2 penalty that the inner folds of `validateRisk` select most often for this table. */
const riskPenalty = 0.1;

/**
 * Reads the samples, detects, measures and classifies the beats, and fits the risk model. Throws `WfdbError` or
 * `InputError` for samples that are missing or malformed.
 */
export async function readLessonInputs(source: Source): Promise<LessonInputs> {
  const text = async (name: string): Promise<string> => new TextDecoder().decode(await source.read(name));
  const table = parseClinicalTable(await text(lessonFiles.table), { file: lessonFiles.table });
  const task = riskTask(table, { target: 'DEATH_EVENT' });
  const beats = await readLeadBeats(source, lessonFiles.record, { beats: 'detector' });
  const classifier = parseModel(await text(lessonFiles.model));
  return {
    task,
    riskModel: fitRisk(task, [...task.outcomes.keys()], { kind: 'logistic', l2: riskPenalty, seed: 1 }),
    beats,
    slopes: measureSlopes(beats.voltage, beats.samplingFrequency, beats.rPeaks),
    ...{ classifier, classified: classifyBeats(classifier, beats) },
  };
}

/** Numbers quoted in the text of a lesson, formatted, by name. */
export type Figures = Readonly<Record<string, string>>;

/** Formats a number with `places` decimals and a minus sign (U+2212). */
export const shown = (value: number, places: number): string =>
  (Number(value.toFixed(places)) === 0 ? 0 : value).toFixed(places).replace('-', '−');
