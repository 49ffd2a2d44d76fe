/** Formats the report of `evaluate classification --protocol`. */
import type { ClassificationReport } from '../analysis/evaluate-classification.ts';
import type { evaluateLocally } from '../analysis/local-learning.ts';
import type { Interval95 } from '../learn/bootstrap.ts';
import { formatTable, percent } from './table.ts';

/** A metric with its interval, in percent: `95.2 [91.0, 97.7]`. */
export const withInterval = ({ value, low, high }: Interval95): string =>
  low === undefined ? percent(value) : `${percent(value)} [${percent(low)}, ${percent(high)}]`;

/** Formats the effect of adapting to labelled beats of the test record. */
export function localText(local: readonly ReturnType<typeof evaluateLocally>[]): string {
  const names = ['accuracy', 'kappa', 'N F1', 'S F1', 'V F1', 'F F1'];
  const rows = local.map(({ labelled, figures }) => [
    String(labelled),
    ...names.map(name => withInterval(figures[name]!)),
  ]);
  return `beats after the first five minutes, by number of labelled beats used for adaptation:\n${formatTable([['labelled', ...names], ...rows])}`;
}

/** The report as text. */
export function protocolText(report: ClassificationReport): string {
  const { protocol, intervals, without, macro, seeds, confusion, classes, calibration, records } = report;
  const left = Object.entries(without);
  const figures = [
    ['%', 'all', ...left.map(([record]) => `without ${record}`), 'mean over records'],
    ...Object.keys(intervals)
      .filter(name => !name.startsWith('O'))
      .map(name => [
        name,
        withInterval(intervals[name]!),
        ...left.map(([, of]) => withInterval(of[name]!)),
        withInterval(macro[name]!),
      ]),
  ];
  const bySeed = [
    ['seed', 'accuracy %', 'kappa', ...classes.map(name => `${name} F1 %`)],
    ...seeds.map(({ seed, accuracy, kappa, f1 }) => [
      String(seed),
      percent(accuracy, 2),
      kappa?.toFixed(3) ?? '–',
      ...classes.map(name => percent(f1[name])),
    ]),
  ];
  const table = [
    ['truth \\ called', ...classes],
    ...confusion.map((row, k) => [classes[k]!, ...row.map(String)]),
  ];
  const byRecord = [
    ['record', 'beats', 'accuracy %', 'share of errors %', 'ECE', 'Brier'],
    ...records.map(({ record, beats, accuracy, shareOfErrors, ece, brier }) => [
      record,
      String(beats),
      percent(accuracy),
      percent(shareOfErrors),
      ece?.toFixed(3) ?? '–',
      brier?.toFixed(3) ?? '–',
    ]),
  ];
  const { trustedS } = calibration;
  return [
    `protocol ${protocol.name}: ${protocol.training.length} training records, ${report.trainingRows} beats; ${records.length} test records; ${report.model}; beats ${report.beats}`,
    formatTable(figures),
    formatTable(bySeed),
    `confusion, seed ${seeds[0]!.seed}:\n${formatTable(table)}`,
    `calibration, seed ${seeds[0]!.seed}: ECE ${calibration.ece?.toFixed(3) ?? '–'}, Brier score ${calibration.brier?.toFixed(3) ?? '–'}; of ${trustedS.count} beats with p(S) ≥ 0.9, ${percent(trustedS.share)} % are S`,
    formatTable(byRecord),
  ].join('\n\n');
}
