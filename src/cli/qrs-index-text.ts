/** Formats the QRS indices of a record as tables. */
import type { IndexChange, IndexTable } from '../analysis/qrs-index-summary.ts';
import { formatTable } from './table.ts';

const headingOf = ({ name, unit }: IndexTable['columns'][number]): string =>
  unit === '' ? name : `${name} ${unit}`;

/** The medians of each lead and their mean; then each type of beat relative to the record's usual beat. */
export function indexText({ columns, leads, mean, usual, types }: IndexTable): string {
  const cells = (values: readonly (number | null)[]): string[] =>
    values.map((value, k) => (value === null ? '–' : value.toFixed(columns[k]!.decimals)));
  const lines = leads.map(({ lead, medians }) => [lead, ...cells(medians)]);
  const isMany = leads.length > 1;
  if (isMany) lines.push(['mean', ...cells(mean)]);
  const shown = columns.flatMap(({ isRatio }, k) => (isRatio ? [k] : []));
  const relative = types.map(({ symbol, beats, relative: of }) => [
    symbol === '' ? '-' : symbol,
    String(beats),
    ...shown.map(k => {
      const spread = of[k];
      return spread ? `${spread.median.toFixed(2)} [${spread.p5.toFixed(2)} ${spread.p95.toFixed(2)}]` : '–';
    }),
  ]);
  return [
    `QRS indices, median over the beats${isMany ? '; mean: of their sizes over the leads' : ''}`,
    formatTable([['lead', ...columns.map(headingOf)], ...lines]),
    `relative to the record's usual beat${usual === '' ? '' : ` of type ${usual}`} (1 = its median)${isMany ? ', mean over the leads' : ''}: median [5–95 %]`,
    formatTable([['type', 'beats', ...shown.map(k => columns[k]!.name)], ...relative], 1),
  ].join('\n\n');
}

/** The relative factor of change of each index in each lead. */
export function indexChangeText(columns: IndexTable['columns'], changes: readonly IndexChange[]): string {
  const lineOf = (lead: string, of: IndexChange['changes']): string[] => [
    lead,
    ...of.map(change => (change === null ? '–' : change.factor.toFixed(1))),
  ];
  const lines = changes.map(({ lead, changes: of }) => lineOf(lead, of));
  const slopes = columns.flatMap(({ unit }, k) => (unit === 'mV/s' ? [k] : []));
  const normalized = changes.map(({ lead, normalized: of }) =>
    lineOf(
      lead,
      slopes.map(k => of[k]!),
    ),
  );
  return [
    'relative factor of change R = Δ/σ (Romero 2011): change along a line over the event, over the standard deviation in the control segment',
    formatTable([['lead', ...columns.map(({ name }) => name)], ...lines]),
    'the same of beats normalised to the QRS amplitude of the control segment',
    formatTable([['lead', ...slopes.map(k => columns[k]!.name)], ...normalized]),
  ].join('\n\n');
}
