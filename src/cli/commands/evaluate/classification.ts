/** `evaluate classification`: a beat classifier against records of patients it has not learned from. */
import { readBeatDataset } from '../../../analysis/dataset.ts';
import { evaluateClassifier, requireNewPatients } from '../../../learn/evaluation.ts';
import { recordSet } from '../../../learn/protocol.ts';
import { recordText } from '../../../learn/record-name.ts';
import { parseModelFile } from '../../../node/model-file.ts';
import { classificationText } from '../../classification-text.ts';
import { defineCommand } from '../../command.ts';
import { defaultsTo, required, UsageError } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson, researchNotice } from '../../output.ts';
import { startProgress } from '../../progress.ts';

export const command = defineCommand({
  name: 'evaluate classification',
  takes: [],
  summary: 'How well beats are told apart, by class and by record.',
  options: {
    model: required(shared.model),
    test: defaultsTo(
      { ...shared.records, says: `${shared.records.says}. A patient the model was trained on is refused` },
      'DS2',
    ),
    db: defaultsTo(shared.db, 'mitdb'),
    lead: defaultsTo({ ...shared.lead, says: 'the lead' }, 'MLII'),
    json: shared.json,
  },
  notes: [
    'Beats are taken where the annotations are. Classes after ANSI/AAMI EC57; escape beats (e, j) count as N. Ratios are fractions in JSON and percent in the tables.',
  ],
  async run(values, _positionals, files) {
    const records = recordSet(values.test, values.db);
    if (records.length === 0) throw new UsageError('--test names no record');
    const model = parseModelFile(values.model, await files.readText(values.model));
    requireNewPatients(model, records.map(recordText));
    const progress = startProgress('reading', records.length);
    const rows = await readBeatDataset(files.source(), records, {
      lead: values.lead,
      onRecord: (done, record) => progress.update(done, record),
    });
    progress.stop();
    const evaluation = evaluateClassifier(model, rows);
    if (values.json) {
      printJson({ model: values.model, trainedOn: model.training.trainedOn, ...evaluation });
      return 0;
    }
    print(classificationText(evaluation));
    print(`\n${researchNotice}`);
    return 0;
  },
});
