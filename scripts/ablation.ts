/** Ablation study: what each group of features adds to the classifier, and how well single features separate V from N. */
import {
  type AblationStep,
  ablate,
  readAblationRows,
  setsOf,
  withinRecords,
} from '../src/analysis/ablation.ts';
import type { ModelKind } from '../src/analysis/recipe.ts';
import { defineCommand } from '../src/cli/command.ts';
import { choice, defaultsTo, fileEndingIn, number } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson, researchNotice } from '../src/cli/output.ts';
import { startProgress } from '../src/cli/progress.ts';
import { withInterval } from '../src/cli/protocol-text.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { formatTable } from '../src/cli/table.ts';
import type { SeedCounts } from '../src/learn/metric-intervals.ts';
import { protocols, recordSet } from '../src/learn/protocol.ts';
import { ablationPlot } from './ablation/plot.ts';

const command = defineCommand({
  name: 'ablation',
  formerOptions: [{ former: 'out', present: 'plot' }],
  takes: [],
  summary:
    'Measures what RR, amplitude and slopes each add to the classifier, with paired intervals over records.',
  options: {
    kind: choice(['softmax', 'mlp', 'stencil'], 'evaluate only this kind of model; default: all'),
    seeds: defaultsTo(
      number('N', 'number of training runs with different seeds', { least: 1, whole: true }),
      1,
    ),
    folds: defaultsTo(number('N', 'number of cross-validation folds', { least: 2, whole: true }), 6),
    plot: fileEndingIn(['svg'], 'SVG plot of the F1 of V and S of each set'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Cross-validation over the training records of de Chazal 2004 without record 201. Test records are not read.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    if (values.plot !== undefined) await files.check(values.plot);
    const { training, database, leads } = protocols['dechazal-clean'];
    const rows = await readAblationRows(files.source(), recordSet(training.join(), database), leads[0]!);
    const kinds: readonly ModelKind[] =
      values.kind === undefined ? ['softmax', 'mlp', 'stencil'] : [values.kind];
    const total = kinds.reduce((sum, kind) => sum + setsOf(kind).length, 0);
    const progress = startProgress('feature sets', total);
    const known = new Map<string, SeedCounts>();
    const seeds = Array.from({ length: values.seeds }, (_, k) => k + 1);
    const steps = kinds.flatMap(kind => {
      const before = known.size;
      return ablate(rows, kind, {
        ...{ folds: values.folds, seeds, known },
        onSet: done => progress.update(before + done, kind),
      });
    });
    progress.stop();
    const within = withinRecords(rows);
    if (values.plot !== undefined) {
      await files.write(values.plot, ablationPlot(steps));
      await files.commit();
    }
    if (values.json) {
      printJson({ folds: values.folds, seeds, steps, within });
      return 0;
    }
    print(stepTable(steps));
    const head = ['V against N within a record', 'records', 'median AUROC', 'least', 'the other way in'];
    const lines = within.map(({ feature, records, median, least, reversed }) => [
      feature,
      String(records),
      median.toFixed(3),
      least.toFixed(3),
      reversed.join(' ') || '–',
    ]);
    print(`\n${formatTable([head, ...lines])}\n\n${researchNotice}`);
    return 0;
  },
});

function stepTable(steps: readonly AblationStep[]): string {
  const head = ['model', 'features', 'accuracy %', 'S F1 %', 'V F1 %', 'against', 'S F1 adds', 'V F1 adds'];
  return formatTable([
    head,
    ...steps.map(({ model, set, figures, against, differences }) => [
      model,
      set,
      ...['accuracy', 'S F1', 'V F1'].map(name => withInterval(figures[name]!)),
      against ?? '–',
      ...['S F1', 'V F1'].map(name => (differences === undefined ? '–' : withInterval(differences[name]!))),
    ]),
  ]);
}

await runAsProcess(command);
