/** Evaluates the peaks of one kind of wave: how many are found within a tolerance, and their errors. */
import { median } from '../../statistics.ts';
import type { Figures, GridRow, GridSummary } from './grid.ts';

/**
 * Statistics of `errorsMs` (found − true; undefined for a wave reported absent); waves within `toleranceMs` count as
 * found.
 */
export function waveFigures(errorsMs: readonly (number | undefined)[], toleranceMs: number): Figures {
  const found = errorsMs.filter(error => error !== undefined);
  const within = found.filter(error => Math.abs(error) <= toleranceMs).length;
  return {
    waves: errorsMs.length,
    absent: errorsMs.length - found.length,
    within,
    share: errorsMs.length === 0 ? undefined : within / errorsMs.length,
    medianErrorMs: found.length === 0 ? undefined : median(found),
  };
}

/** Totals over all cells, and the cell with the smallest share within the tolerance. */
export function summarizeWaves(rows: readonly GridRow[]): GridSummary {
  const sum = (name: string): number => rows.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
  const shareOf = ({ figures }: GridRow): number => figures.share ?? 1;
  return {
    figures: {
      cells: rows.length,
      waves: sum('waves'),
      absent: sum('absent'),
      within: sum('within'),
      share: sum('within') / sum('waves'),
      cellsBelow99: rows.filter(row => shareOf(row) < 0.99).length,
    },
    worst: rows.reduce((worst, row) => (shareOf(row) < shareOf(worst) ? row : worst)),
  };
}
