/** The search behind the beat classifier's settings: grouped cross-validation inside the training records. */
import { readBeatDataset } from '../src/analysis/dataset.ts';
import { searchClassifier } from '../src/analysis/search-classifier.ts';
import { choiceOption, runCommand, wholeOption } from '../src/cli/command.ts';
import { startProgress } from '../src/cli/progress.ts';
import { formatTable, percent } from '../src/cli/table.ts';
import { protocols, recordSet } from '../src/learn/protocol.ts';
import { searchPathSource } from '../src/node/search-path.ts';

const help = `
search-classifier [options]: models, rhythm gates and operating points, by cross-validation over training records

  --protocol NAME  dechazal (record 201 in) or dechazal-clean (out); default dechazal
  --folds N        default 6
  --json           as JSON on standard output

Test records are not read.
`;

await runCommand({
  help,
  options: {
    protocol: { type: 'string', default: 'dechazal' },
    folds: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
  },
  async run(values) {
    const name = choiceOption('protocol', values.protocol, ['dechazal', 'dechazal-clean']);
    const { training, database, leads } = protocols[name];
    const progress = startProgress('training', 3);
    const rows = await readBeatDataset(searchPathSource(), recordSet(training.join(), database), {
      lead: leads[0]!,
    });
    const results = searchClassifier(rows, wholeOption('folds', values.folds, 2), done =>
      progress.update(done, 'models'),
    );
    progress.stop();
    if (values.json) {
      console.log(JSON.stringify({ protocol: name, results }));
      return;
    }
    const table = results.map(({ candidate: { model, ensemble, decision }, accuracy, kappa, f1 }) => [
      `${model} × ${ensemble}`,
      String(decision.rhythmGate.exponent),
      decision.operatingPoint.strength > 1e9
        ? 'none'
        : `${decision.operatingPoint.share}, ${decision.operatingPoint.strength}`,
      percent(accuracy, 2),
      kappa?.toFixed(3) ?? '–',
      percent(f1.S),
      percent(f1.V),
    ]);
    const head = ['model', 'gate', 'operating point', 'accuracy %', 'kappa', 'S F1 %', 'V F1 %'];
    console.log(formatTable([head, ...table]));
  },
});
