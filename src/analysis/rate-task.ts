/** Data on which learning rates are compared: the patients of the included table, or the beats of records. */
import { recordSet } from '../learn/protocol.ts';
import { type Dataset, inverseFrequencyWeights } from '../learn/train/dataset.ts';
import type { Source } from '../wfdb/source.ts';
import { readBeatDataset } from './dataset.ts';
import { lessonFiles } from './lessons/lesson-inputs.ts';
import { rawUnitDataset } from './lessons/step-length.ts';
import { parseClinicalTable } from './risk/clinical-table.ts';
import { riskTask } from './risk/risk-task.ts';

/** A task and its default settings. */
export interface RateTask {
  readonly data: Dataset;
  readonly rows: 'patients' | 'beats';
  readonly epochs: number;
  readonly batchSize: number;
  /** Lowest rate, highest rate and their number, `A:B:N`. */
  readonly rates: string;
  readonly units: 'raw' | 'standardized';
  readonly classWeights: readonly number[];
}

export interface RateTaskChoice {
  readonly db: string | undefined;
  readonly records: string | undefined;
  readonly lead: string;
}

/** Reads the task: the patients if neither a database nor records are given, otherwise beats. */
export async function readRateTask(
  { samples, databases }: { readonly samples: Source; readonly databases: Source },
  { db, records, lead }: RateTaskChoice,
): Promise<RateTask> {
  if (db === undefined && records === undefined) return patientsTask(samples);
  const usual = db === undefined ? 's01,s02,s03,s04,s05' : '106,119,208,215,223';
  const set = recordSet(records ?? usual, db ?? 'synth');
  const data = await readBeatDataset(db === undefined ? samples : databases, set, { lead });
  return {
    ...{ data, rows: 'beats', epochs: 8, batchSize: 128, rates: '1e-5:100:15', units: 'standardized' },
    classWeights: inverseFrequencyWeights(data.labels, data.classes.length, 0.35),
  };
}

async function patientsTask(samples: Source): Promise<RateTask> {
  const file = lessonFiles.table;
  const table = parseClinicalTable(new TextDecoder().decode(await samples.read(file)), { file });
  const data = rawUnitDataset(riskTask(table, { target: 'DEATH_EVENT' }));
  return {
    ...{ data, rows: 'patients', epochs: 60, batchSize: 32, rates: '1e-6:10:15', units: 'raw' },
    classWeights: [1, 1],
  };
}
