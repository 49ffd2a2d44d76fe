/** `evaluate explanations`: deletion test, finite differences and randomised weights on annotated beats. */
import {
  type ExplanationEvaluation,
  evaluateExplanations,
} from '../../../analysis/explanations/evaluate-explanations.ts';
import { recordSet } from '../../../learn/protocol.ts';
import { parseModelFile } from '../../../node/model-file.ts';
import { defineCommand } from '../../command.ts';
import { defaultsTo, number, required, UsageError } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson, researchNotice } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { formatTable, percent } from '../../table.ts';

export const command = defineCommand({
  name: 'evaluate explanations',
  takes: [],
  summary: 'Tests whether explanations of beats show what the predicted class depends on.',
  options: {
    model: required(shared.model),
    records: defaultsTo(shared.records, 'DS1'),
    db: defaultsTo(shared.db, 'mitdb'),
    lead: defaultsTo({ ...shared.lead, says: 'lead by name' }, 'MLII'),
    count: defaultsTo(number('N', 'beats, drawn evenly over the records', { least: 1, whole: true }), 500),
    seed: defaultsTo(shared.seed, 1),
    json: shared.json,
  },
  notes: [
    'Deletion: samples are replaced by those of the record’s typical beat, most important first; the area under the remaining probability is smaller for a better explanation.',
    'Beats are those of a class other than the first whose probability falls by half or more when all samples are replaced.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    const records = recordSet(values.records, values.db);
    if (records.length === 0) throw new UsageError('--records names no record');
    const model = parseModelFile(values.model, await files.readText(values.model));
    const progress = startProgress('explaining', values.count);
    const result = await evaluateExplanations(files.source(), records, model, {
      lead: values.lead,
      beats: values.count,
      seed: values.seed,
      onBeat: progress.update,
    }).finally(progress.stop);
    if (values.json) printJson({ notice: researchNotice, ...result });
    else printEvaluation(result);
    return 0;
  },
});

function printEvaluation({ deletion, completeness, differences, randomised }: ExplanationEvaluation): void {
  print(
    `deletion test over ${deletion.beats} beats: area under the remaining probability, 95 % interval over records\n`,
  );
  const at = (share: number): number => deletion.shares.findIndex(value => Math.abs(value - share) < 1e-9);
  const rows = deletion.rankings.map(({ ranking, area, curve }) => [
    ranking,
    fixed(area.value),
    `[${fixed(area.low)}, ${fixed(area.high)}]`,
    ...[0.05, 0.1, 0.2].map(share => percent(curve[at(share)])),
  ]);
  const head = ['ranking', 'area', 'interval', '% left after 5 %', 'after 10 %', 'after 20 %'];
  print(formatTable([head, ...rows]));
  const { beats, worst, kinked } = differences;
  print(
    [
      `\nintegrated gradients complete within 1 % in ${percent(completeness.withinOnePercent)} % of beats, at worst ${(100 * completeness.worst).toFixed(2)} %`,
      `gradient against central differences of every sample, ${beats} beats: at most ${worst.toExponential(1)} of the largest gradient`,
      `  where a maximum, minimum or absolute value is not differentiable (${kinked.length} beats): at most ${Math.max(0, ...kinked.map(({ error }) => error)).toExponential(1)}`,
      `rank correlation of explanations with those by random weights, ${randomised.beats} beats: contributions ${fixed(randomised.contributions)}, gradients ${fixed(randomised.gradient)}`,
      `\n${researchNotice}`,
    ].join('\n'),
  );
}

const fixed = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3));
