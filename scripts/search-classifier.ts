/** Selects the beat classifier's settings by grouped cross-validation over the training records. */
import { readBeatDataset } from '../src/analysis/dataset.ts';
import { modelKinds } from '../src/analysis/recipe.ts';
import { membersOf, searchClassifier } from '../src/analysis/search-classifier.ts';
import { beatInputNames } from '../src/beat/beat-inputs.ts';
import { defineCommand } from '../src/cli/command.ts';
import { choice, defaultsTo, list, number } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson } from '../src/cli/output.ts';
import { startProgress } from '../src/cli/progress.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { formatTable, percent } from '../src/cli/table.ts';
import { protocols, recordSet } from '../src/learn/protocol.ts';

const command = defineCommand({
  name: 'search-classifier',
  takes: [],
  summary:
    'Compares models, rhythm gates and operating points by cross-validation over the training records.',
  options: {
    protocol: defaultsTo(
      choice(
        ['dechazal', 'dechazal-clean'],
        'training records with (dechazal) or without (dechazal-clean) record 201',
      ),
      'dechazal',
    ),
    folds: defaultsTo(number('N', 'number of cross-validation folds', { least: 2, whole: true }), 6),
    kinds: defaultsTo(
      list(
        choice(modelKinds, 'only models of these kinds, and ensembles of them; softmax and mlp take minutes'),
        'KINDS',
      ),
      modelKinds,
    ),
    json: shared.json,
  },
  notes: [
    'Test records are not read. Softmax regression with two folds takes half a minute of processor time on the MIT-BIH database.',
  ],
  async run({ protocol, folds, kinds, json }, _positionals, files) {
    const { training, database, leads } = protocols[protocol];
    const rows = await readBeatDataset(files.source(), recordSet(training.join(), database), {
      lead: leads[0]!,
      inputs: beatInputNames,
    });
    const progress = startProgress('models', membersOf(kinds).length);
    const results = searchClassifier(rows, folds, kinds, (done, name) => progress.update(done, name));
    progress.stop();
    if (json) {
      printJson({ protocol, results });
      return 0;
    }
    const table = results.map(({ candidate: { model, decision }, accuracy, kappa, f1 }) => [
      model,
      String(decision.rhythmGate.exponent),
      decision.operatingPoint.strength > 1e9
        ? 'none'
        : `${decision.operatingPoint.share}, ${decision.operatingPoint.strength}`,
      decision.similarBeats === undefined
        ? 'none'
        : `${decision.similarBeats.width}, ${decision.similarBeats.share}`,
      percent(accuracy, 2),
      kappa?.toFixed(3) ?? '–',
      percent(f1.S),
      percent(f1.V),
    ]);
    const head = ['model', 'gate', 'operating point', 'smoothing', 'accuracy %', 'kappa', 'S F1 %', 'V F1 %'];
    print(formatTable([head, ...table]));
    return 0;
  },
});

await runAsProcess(command);
