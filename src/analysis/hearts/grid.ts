/** A grid of synthetic hearts: cells that differ in rhythm, rate, sampling frequency and noise, each measured alone. */

/** What tells a cell from the others of its grid, and what was found in it; numbers are finite. */
export type Labels = Readonly<Record<string, string | number>>;
export type Figures = Readonly<Record<string, number | undefined>>;

export interface GridRow {
  readonly cell: Labels;
  readonly figures: Figures;
}

export interface GridSummary {
  /** Figures of all cells together. */
  readonly figures: Figures;
  readonly worst: GridRow;
}

export interface HeartGrid {
  readonly name: string;
  /** One line: what it holds and what is measured. */
  readonly about: string;
  readonly cells: readonly Labels[];
  /** Synthesises the cell and measures it; the same each time. */
  measure(cell: Labels): Figures;
  summarize(rows: readonly GridRow[]): GridSummary;
}

/** A grid whose cells have labels of a type of their own. */
export function heartGrid<Cell extends Labels>(grid: {
  readonly name: string;
  readonly about: string;
  readonly cells: readonly Cell[];
  readonly measure: (cell: Cell) => Figures;
  readonly summarize: (rows: readonly GridRow[]) => GridSummary;
}): HeartGrid {
  return { ...grid, measure: cell => grid.measure(cell as Cell) };
}

/** Every combination of the given labels, the last varying fastest. */
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
