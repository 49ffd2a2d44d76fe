/** `evaluate hearts`: detection and delineation on grids of synthetic hearts whose truth is known. */
import { type Command, UsageError } from '../../src/cli/command.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { formatTable } from '../../src/cli/table.ts';
import type { Figures, GridRow, GridSummary, HeartGrid, Labels } from './hearts/grid.ts';
import { heartGrids } from './hearts/grids.ts';

const help = `
evaluate hearts [options]: how slow, fast, blocked, paced and other unusual hearts are measured, on synthetic ECGs

  --grid NAMES  separated by commas; default all: ${heartGrids.map(grid => grid.name).join(', ')}
  --json        every cell of every grid as JSON on standard output

Without --json: of each grid the figures of all cells together, and the worst cell. Ratios are fractions.
`;

const options = {
  grid: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

interface GridResult {
  readonly grid: string;
  readonly about: string;
  readonly summary: GridSummary;
  readonly rows: readonly GridRow[];
}

export const hearts: Command<typeof options> = {
  help,
  options,
  async run({ grid, json }, positionals) {
    if (positionals.length > 1) throw new UsageError(`evaluate hearts takes no '${positionals[1]}'`);
    const chosen = chooseGrids(grid);
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
    if (json) console.log(JSON.stringify({ grids: results }));
    else print(results);
  },
};

function chooseGrids(names: string | undefined): readonly HeartGrid[] {
  if (names === undefined) return heartGrids;
  return names.split(',').map(name => {
    const found = heartGrids.find(grid => grid.name === name.trim());
    if (found === undefined) {
      throw new UsageError(`--grid is one of ${heartGrids.map(grid => grid.name).join(', ')}, not '${name}'`);
    }
    return found;
  });
}

function print(results: readonly GridResult[]): void {
  for (const { grid, about, summary, rows } of results) {
    console.log(`${grid}: ${about}, ${rows.length} cells\n`);
    const { cell, figures } = summary.worst;
    const names = Object.keys({ ...summary.figures, ...figures });
    console.log(
      formatTable([['', ...names], line('all', summary.figures, names), line('worst', figures, names)]),
    );
    console.log(`worst: ${describe(cell)}\n`);
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
