/** `evaluate classification`: tests a beat classifier on patients it was not trained on. */
import { readBeatDataset } from '../../../analysis/dataset.ts';
import { modelKinds } from '../../../analysis/recipe.ts';
import { evaluateClassifier, requireNewPatients } from '../../../learn/evaluation.ts';
import { recordSet } from '../../../learn/protocol.ts';
import { recordText } from '../../../learn/record-name.ts';
import { parseModelFile } from '../../../node/model-file.ts';
import { classificationText } from '../../classification-text.ts';
import { defineCommand } from '../../command.ts';
import { choice, defaultsTo, flag, number, text, UsageError } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson, researchNotice } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { runProtocol } from './protocol.ts';

export const command = defineCommand({
  name: 'evaluate classification',
  takes: [],
  summary: 'Evaluates a beat classifier, by class and by record.',
  options: {
    model: shared.model,
    test: defaultsTo(
      { ...shared.records, says: `${shared.records.says}. A patient the model was trained on is refused` },
      'DS2',
    ),
    db: defaultsTo(shared.db, 'mitdb'),
    lead: defaultsTo({ ...shared.lead, says: 'lead by name' }, 'MLII'),
    protocol: choice(
      ['dechazal', 'dechazal-clean'],
      'instead of --model: train and test as in de Chazal 2004, or the same without record 201, whose patient is in the test set',
    ),
    kind: defaultsTo(
      choice(
        [...modelKinds, 'ensemble'],
        'with --protocol, kind of classifier: of beat features (softmax, mlp: three perceptrons), of the waveform, RR and rhythm (cnn, stencil), or three perceptrons and a stencil network (ensemble)',
      ),
      'mlp',
    ),
    beats: defaultsTo(
      choice(['annotations', 'detected'], 'with --protocol, source of the beats of the test records'),
      'annotations',
    ),
    classMap: defaultsTo(
      choice(
        ['machine-learning', 'ec57'],
        'with --protocol, classes of annotation symbols: as in studies since de Chazal 2004 (e, j are N; B, n, r, ? are left out), or of ANSI/AAMI EC57 as bxb applies it (e, j, n are S)',
      ),
      'machine-learning',
    ),
    causal: flag(
      'with --protocol, features and decisions from the five minutes before a beat, with a delay of at most 30 s, instead of the whole record',
    ),
    seeds: defaultsTo(
      number('N', 'with --protocol, number of training runs with different seeds', { least: 1, whole: true }),
      5,
    ),
    log: defaultsTo(
      text('FILE', 'with --protocol, log file: every evaluation on the test records appends a dated line'),
      'docs/ds2-log.md',
    ),
    labelled: flag(
      'with --protocol, also adapt to labelled beats of each test record, and test on the rest after its first five minutes',
    ),
    card: text('FILE', 'with --protocol, file for the model card'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Beats are those of the annotations. Classes follow ANSI/AAMI EC57; escape beats (e, j) count as N. Ratios are fractions in JSON and percentages in the tables. With --protocol, figures are medians over the seeds with 95 % bootstrap intervals over records; with detected beats, missed beats and false detections count as errors.',
  ],
  async run(values, _positionals, files) {
    if (values.protocol !== undefined) {
      if (values.model !== undefined)
        throw new UsageError('--protocol trains its own models and excludes --model');
      await runProtocol({ ...values, protocol: values.protocol }, files);
      return 0;
    }
    if (values.model === undefined) throw new UsageError('--model or --protocol is needed');
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
