/**
 * Grids of synthetic ECGs: cells that differ in rhythm, rate, sampling frequency and noise, each evaluated
 * separately.
 */

/** The parameters that identify a cell within its grid, and the figures measured in it; numbers are finite. */
export type Labels = Readonly<Record<string, string | number>>;
export type Figures = Readonly<Record<string, number | undefined>>;

export interface GridRow {
  readonly cell: Labels;
  readonly figures: Figures;
}

export interface GridSummary {
  /** Figures over all cells. */
  readonly figures: Figures;
  readonly worst: GridRow;
}

export interface HeartGrid {
  readonly name: string;
  /** One-line description of the cells and of what is measured. */
  readonly about: string;
  readonly cells: readonly Labels[];
  /** Synthesises the cell and measures it; deterministic. */
  measure(cell: Labels): Figures;
  summarize(rows: readonly GridRow[]): GridSummary;
}

/** Defines a grid with a specific type of cell labels. */
export function heartGrid<Cell extends Labels>(grid: {
  readonly name: string;
  readonly about: string;
  readonly cells: readonly Cell[];
  readonly measure: (cell: Cell) => Figures;
  readonly summarize: (rows: readonly GridRow[]) => GridSummary;
}): HeartGrid {
  return { ...grid, measure: cell => grid.measure(cell as Cell) };
}

/** All combinations of the given label values, with the last label varying fastest. */
export function combinations<T extends Record<string, readonly (string | number)[]>>(
  labels: T,
): { readonly [K in keyof T]: T[K][number] }[] {
  type Combination = { readonly [K in keyof T]: T[K][number] };
  let made: Record<string, string | number>[] = [{}];
  for (const [name, values] of Object.entries(labels)) {
    made = made.flatMap(row => values.map(value => ({ ...row, [name]: value })));
  }
  return made as Combination[];
}
