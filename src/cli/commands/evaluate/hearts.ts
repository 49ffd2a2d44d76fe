/** `evaluate hearts`: detection and delineation on grids of synthetic ECG with known ground truth. */
import type { Figures, GridRow, GridSummary, Labels } from '../../../analysis/hearts/grid.ts';
import { heartGrids } from '../../../analysis/hearts/grids.ts';
import { defineCommand } from '../../command.ts';
import { choice, list } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { formatTable } from '../../table.ts';

interface GridResult {
  readonly grid: string;
  readonly about: string;
  readonly summary: GridSummary;
  readonly rows: readonly GridRow[];
}

const names = heartGrids.map(({ name }) => name);

export const command = defineCommand({
  name: 'evaluate hearts',
  takes: [],
  summary:
    'Evaluates detection and delineation on synthetic ECG: slow, fast, blocked, paced and other rhythms.',
  options: {
    grid: list(choice(names, `grids to run, of ${names.join(', ')}; default: all`), 'NAMES'),
    json: {
      ...shared.json,
      says: 'print every cell of every grid as JSON, and a summary with the worst cell of each',
    },
  },
  notes: ['Without --json: pooled figures and the worst cell of each grid. Ratios are fractions.'],
  async run({ grid, json }) {
    const chosen = grid === undefined ? heartGrids : heartGrids.filter(({ name }) => grid.includes(name));
    const progress = startProgress(
      'measuring',
      chosen.reduce((sum, { cells }) => sum + cells.length, 0),
    );
    let done = 0;
    const results = chosen.map((one): GridResult => {
      const rows = one.cells.map((cell): GridRow => {
        const row = { cell, figures: one.measure(cell) };
        progress.update(++done, one.name);
        return row;
      });
      return { grid: one.name, about: one.about, summary: one.summarize(rows), rows };
    });
    progress.stop();
    const summary = Object.fromEntries(results.map(({ grid, summary: one }) => [grid, one]));
    if (json) printJson({ summary, grids: results.map(({ grid, about, rows }) => ({ grid, about, rows })) });
    else printResults(results);
    return 0;
  },
});

function printResults(results: readonly GridResult[]): void {
  for (const { grid, about, summary, rows } of results) {
    print(`${grid}: ${about}, ${rows.length} cells\n`);
    const { cell, figures } = summary.worst;
    const names = Object.keys({ ...summary.figures, ...figures });
    print(formatTable([['', ...names], line('all', summary.figures, names), line('worst', figures, names)]));
    print(`worst: ${describe(cell)}\n`);
  }
}

const line = (name: string, figures: Figures, names: readonly string[]): string[] => [
  name,
  ...names.map(figure => {
    const value = figures[figure];
    if (value === undefined) return '–';
    return Number.isInteger(value) && value !== 1 ? String(value) : value.toFixed(4);
  }),
];

const describe = (cell: Labels): string =>
  Object.entries(cell)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
