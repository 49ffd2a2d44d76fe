/** Formats an evaluation for `train` and `evaluate classification`. */
import type { Evaluation, RecordEvaluation } from '../learn/evaluation.ts';
import { formatTable, percent } from './table.ts';

/** Confusion matrix, metrics by class, metrics by record, as text. */
export function classificationText(
  evaluation: Evaluation & { readonly records: readonly RecordEvaluation[] },
): string {
  const names = Object.keys(evaluation.classes);
  const confusion = [
    ['truth \\ called', ...names],
    ...evaluation.confusion.map((row, k) => [names[k]!, ...row.map(String)]),
  ];
  const classes = [
    ['class', 'beats', 'Se %', '+P %', 'F1 %', 'FPR %'],
    ...names.map(name => {
      const { support, sensitivity, positivePredictivity, f1, falsePositiveRate } = evaluation.classes[name]!;
      return [
        name,
        String(support),
        ...[sensitivity, positivePredictivity, f1, falsePositiveRate].map(x => percent(x)),
      ];
    }),
  ];
  const shown = ['N', 'S', 'V'].filter(name => names.includes(name));
  const records = [
    ['record', 'beats', 'accuracy %', ...shown.flatMap(name => [`${name} Se %`, `${name} +P %`])],
    ...evaluation.records.map(record => [
      record.record,
      String(record.rows),
      percent(record.accuracy),
      ...shown.flatMap(name => {
        const { sensitivity, positivePredictivity } = record.classes[name]!;
        return [percent(sensitivity), percent(positivePredictivity)];
      }),
    ]),
  ];
  const whole = `${evaluation.rows} beats, accuracy ${percent(evaluation.accuracy, 2)} %, kappa ${evaluation.kappa?.toFixed(3) ?? '–'}`;
  return [whole, formatTable(confusion), formatTable(classes), formatTable(records)].join('\n\n');
}
