/** Study of learned stencils: the first layer of the stencil network compared with the derivatives it started as. */
import { readBeatDataset } from '../src/analysis/dataset.ts';
import { modelInputs } from '../src/analysis/recipe.ts';
import {
  compareWithFixed,
  learnStencils,
  type SeedInterval,
  studiedHz,
  thinned,
} from '../src/analysis/stencil-study.ts';
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, fileEndingIn, number } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson, researchNotice } from '../src/cli/output.ts';
import { startProgress } from '../src/cli/progress.ts';
import { withInterval } from '../src/cli/protocol-text.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { formatTable } from '../src/cli/table.ts';
import { protocols, recordSet } from '../src/learn/protocol.ts';
import { stencilPlot } from './study-stencils/plot.ts';

const command = defineCommand({
  name: 'study-stencils',
  formerOptions: [{ former: 'out', present: 'plot' }],
  takes: [],
  summary:
    'Measures the frequency response and noise gain of learned stencils, and whether learning them improves classification.',
  options: {
    seeds: defaultsTo(
      number('N', 'number of training runs with different seeds', { least: 2, whole: true }),
      5,
    ),
    folds: defaultsTo(number('N', 'number of cross-validation folds', { least: 2, whole: true }), 3),
    thin: defaultsTo(number('N', 'train on one in N normal beats', { least: 1, whole: true }), 4),
    plot: fileEndingIn(['svg'], 'SVG plot of the frequency responses'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Uses the training records of de Chazal 2004 without record 201. Test records are not read. Intervals over seeds are by Student’s t, those over records by the bootstrap.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    if (values.plot !== undefined) await files.check(values.plot);
    const { training, database, leads } = protocols['dechazal-clean'];
    const rows = await readBeatDataset(files.source(), recordSet(training.join(), database), {
      ...{ lead: leads[0]!, inputs: modelInputs('stencil') },
    });
    const seeds = Array.from({ length: values.seeds }, (_, k) => k + 1);
    const progress = startProgress('trainings', seeds.length * (1 + values.folds));
    const learned = learnStencils(thinned(rows, values.thin), seeds, done => progress.update(done, ''));
    const compared = compareWithFixed(rows, {
      ...{ seeds, folds: values.folds, thin: part => thinned(part, values.thin) },
      onFold: done => progress.update(seeds.length + done, ''),
    });
    progress.stop();
    if (values.plot !== undefined) {
      await files.write(values.plot, stencilPlot(learned));
      await files.commit();
    }
    if (values.json) {
      printJson({ seeds, folds: values.folds, frequencies: studiedHz, ...learned, compared });
      return 0;
    }
    const at = (hz: number): number => studiedHz.indexOf(hz);
    const shownHz = [20, 40, 60];
    const table = learned.stencils.flatMap(({ order, start, gain, noiseGain, change, fromSavitzkyGolay }) => [
      [
        `central, order ${order}`,
        start.noiseGain.toFixed(0),
        ...shownHz.map(hz => start.gain[at(hz)]!.toFixed(2)),
      ],
      [
        '  as learned',
        seedText(noiseGain, 0),
        ...shownHz.map(hz => seedText(gain[at(hz)]!, 2)),
        seedText(change, 2),
        seedText(fromSavitzkyGolay, 2),
      ],
    ]);
    const others = Object.entries(learned.savitzkyGolay).map(([name, { gain, noiseGain }]) => [
      `Savitzky–Golay, ${name}`,
      noiseGain.toFixed(0),
      ...shownHz.map(hz => gain[at(hz)]!.toFixed(2)),
    ]);
    const head = [
      ...['stencil', 'noise gain, 1/s', ...shownHz.map(hz => `gain at ${hz} Hz`)],
      ...['change', 'from Savitzky–Golay'],
    ];
    const width = head.length;
    const full = [head, ...table, ...others].map(line => [
      ...line,
      ...new Array<string>(width - line.length).fill(''),
    ]);
    const figures = (['accuracy', 'S F1', 'V F1'] as const).map(name => [
      name,
      ...(['learned', 'fixed', 'difference'] as const).map(kind => withInterval(compared[kind][name]!)),
    ]);
    print(formatTable(full));
    print(`\n${formatTable([['%, cross-validated', 'learned', 'fixed', 'difference'], ...figures])}`);
    const { value, low, high } = compared.differenceOverSeeds;
    print(
      `difference of V F1 over seeds: ${[value, low, high].map(v => (100 * v).toFixed(1)).join(' ')} points (mean, 95 % interval)`,
    );
    print(`\n${researchNotice}`);
    return 0;
  },
});

const seedText = ({ value, low, high }: SeedInterval, digits: number): string =>
  `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

await runAsProcess(command);
