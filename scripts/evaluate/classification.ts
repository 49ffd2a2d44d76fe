/** `evaluate classification`: a beat classifier against records of patients it has not learned from. */

import { readBeatDataset } from '../../src/analysis/dataset.ts';
import { classificationText } from '../../src/cli/classification-text.ts';
import { type Command, UsageError } from '../../src/cli/command.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { evaluateClassifier } from '../../src/learn/evaluation.ts';
import { recordSet } from '../../src/learn/protocol.ts';
import { readModel } from '../../src/node/model-file.ts';
import { searchPathSource } from '../../src/node/search-path.ts';

const help = `
evaluate classification --model MODEL.json [options]: how well beats are told apart, by class and by record

  --model FILE  a classifier as the train script writes it
  --test SET    DS1, DS2 or records separated by commas; default DS2. A patient the model was trained on is refused
  --db NAME     folder of the records on the WFDB search path; default mitdb
  --lead NAME   default MLII
  --json        everything as JSON on standard output

Beats are taken where the annotations are. Classes after ANSI/AAMI EC57; escape beats (e, j) count as N.
Ratios are fractions in JSON and percent in the tables.
`;

const options = {
  model: { type: 'string' },
  test: { type: 'string', default: 'DS2' },
  db: { type: 'string', default: 'mitdb' },
  lead: { type: 'string', default: 'MLII' },
  json: { type: 'boolean', default: false },
} as const;

export const classification: Command<typeof options> = {
  help,
  options,
  async run(values, positionals) {
    if (positionals.length > 1) throw new UsageError(`evaluate classification takes no '${positionals[1]}'`);
    if (values.model === undefined) throw new UsageError('evaluate classification needs --model');
    const records = recordSet(values.test);
    if (records.length === 0) throw new UsageError('--test names no record');
    const model = await readModel(values.model);
    const progress = startProgress('reading', records.length);
    const rows = await readBeatDataset(searchPathSource(), values.db, records, {
      lead: values.lead,
      onRecord: (done, record) => progress.update(done, record),
    });
    progress.stop();
    const evaluation = evaluateClassifier(model, rows);
    if (values.json) {
      console.log(
        JSON.stringify({ model: values.model, trainedOn: model.training.trainedOn, ...evaluation }),
      );
      return;
    }
    console.log(classificationText(evaluation));
    console.log('\nResearch use only, not for diagnosis.');
  },
};
