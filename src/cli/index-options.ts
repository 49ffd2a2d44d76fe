/** The options of `slopes` for the table of QRS indices, and the results that they request. */
import Papa from 'papaparse';
import {
  type IndexChange,
  type IndexSummary,
  type IndexTable,
  indexTableRows,
} from '../analysis/qrs-index-summary.ts';
import type { TimeRange } from '../beat/slopes/relative-change.ts';
import { UsageError } from './option.ts';
import { indexChangeText, indexText } from './qrs-index-text.ts';

/** The values of the options. */
interface IndexOptions {
  readonly indices: boolean;
  readonly indexTable: string | undefined;
  readonly control: TimeRange | undefined;
  readonly event: TimeRange | undefined;
}

/** Throws `UsageError` for an option that needs another. */
export function checkIndexOptions({ indices, indexTable, control, event }: IndexOptions): void {
  if (!indices && (indexTable !== undefined || control !== undefined)) {
    throw new UsageError('--index-table and --control need --indices');
  }
  if (event !== undefined && control === undefined) throw new UsageError('--event needs --control');
}

/** The table, with `--indices`, and the changes against a control segment, with `--control`. */
interface IndexResult {
  readonly indexTable?: IndexTable;
  readonly indexChanges?: readonly IndexChange[];
}

/** The results requested from the summary; by default the event is everything after the control segment. */
export const indexResult = (
  summary: IndexSummary,
  { indices, control, event }: Pick<IndexOptions, 'indices' | 'control' | 'event'>,
): IndexResult => ({
  ...(indices && { indexTable: summary.table() }),
  ...(control && {
    indexChanges: summary.changes(
      control,
      event ?? { startSeconds: control.endSeconds, endSeconds: Number.POSITIVE_INFINITY },
    ),
  }),
});

/** The table as comma-separated text. */
export const indexCsv = (record: string, { indexTable, indexChanges }: IndexResult): string =>
  indexTable === undefined
    ? ''
    : `${Papa.unparse(indexTableRows(record, indexTable, indexChanges), { newline: '\n', escapeFormulae: true })}\n`;

/** The table and the changes for a terminal. */
export const indexResultText = ({ indexTable, indexChanges }: IndexResult): string =>
  indexTable === undefined
    ? ''
    : [
        indexText(indexTable),
        ...(indexChanges ? [indexChangeText(indexTable.columns, indexChanges)] : []),
      ].join('\n\n');
