/** What the lessons work on: the real table of patients, the real recording, and the beat classifier of `samples/`. */
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

/** The penalty that the inner folds of `validateRisk` choose most often for this table. */
const riskPenalty = 0.1;

/** Reads, detects, measures, classifies and fits: what all lessons start from. */
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

/** Numbers that a lesson's text quotes, as text by name. */
export type Figures = Readonly<Record<string, string>>;

/** A number as the texts quote it: so many decimals, a true minus sign. */
export const shown = (value: number, places: number): string =>
  (Number(value.toFixed(places)) === 0 ? 0 : value).toFixed(places).replace('-', '−');
