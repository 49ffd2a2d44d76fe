/**
 * Reads a table of patients, one per row, as exported by registries and spreadsheets; the type of each column is
 * inferred from its cells. Numbers may have a decimal comma, yes and no may be words, and headings may include a
 * unit. Cells that are ambiguous or unreadable are rejected with line and column.
 */
import Papa from 'papaparse';
import type { DecimalMark } from '../../wfdb/csv/number.ts';
import { isMissing, markEvidence, numberOf } from '../../wfdb/csv/number.ts';
import { WfdbError } from '../../wfdb/errors.ts';

/** Type of the cells of a column. A column of 0 and 1, or of yes and no, is binary. */
export type ColumnKind = 'number' | 'binary' | 'category' | 'text';

export interface ClinicalColumn {
  readonly name: string;
  /** Unit given in the heading, `age (years)`; empty if none. */
  readonly unit: string;
  readonly kind: ColumnKind;
  /** Trimmed text of the cells; empty if missing. */
  readonly cells: readonly string[];
  /** Numbers, 0 and 1, or indices into `levels`; NaN if missing, and for every cell of a text column. */
  readonly values: Float64Array;
  /**
   * Meaning of 0, 1, …: the words of a binary column, or the levels of a category in alphabetical order; otherwise
   * empty.
   */
  readonly levels: readonly string[];
}

export interface ClinicalTable {
  readonly file: string;
  readonly columns: readonly ClinicalColumn[];
  readonly rows: number;
  /** Line number of each row in the file, from 1. */
  readonly lines: Int32Array;
}

export interface ClinicalTableOptions {
  /** Name of the file in error messages; default `table`. */
  readonly file?: string;
  /** Decimal mark, if the cells do not determine it. */
  readonly decimal?: DecimalMark;
}

/** Maximum length of the text, characters. */
const largestText = 50_000_000;
/** A column with more distinct words is text rather than a category. */
const mostLevels = 12;

const yes = new Set(
  'yes y true t present positive pos ja j wahr oui vrai sí si はい 有 有り あり 陽性'.split(' '),
);
const no = new Set(
  'no n false f absent negative neg nein falsch nee nej non faux いいえ 無 無し なし 陰性'.split(' '),
);
/** A number followed by a unit, `55 %`. */
const numberWithUnit = /^([-+]?[\d.,]+)\s*([%‰°µμ\p{L}][^\s\d]*)$/u;

/**
 * Reads a table of patients with a heading line. Throws `WfdbError` with line and column for a table without heading
 * or rows, duplicate names, ragged rows, a column of numbers with other content, and numbers in which a comma or
 * point may be either a decimal mark or a thousands separator.
 *
 * @example parseClinicalTable('age (years),dead\n60,Yes\n71,No\n').columns.map(({ name, unit, kind }) => `${name} ${unit} ${kind}`) // => ['age years number', 'dead  binary']
 */
export function parseClinicalTable(text: string, options: ClinicalTableOptions = {}): ClinicalTable {
  const { file = 'table' } = options;
  if (text.length > largestText) {
    throw new WfdbError({
      ...{ code: 'too-large', file, expected: `at most ${largestText} characters` },
      found: `${text.length}`,
    });
  }
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimiter: delimiterOf(text),
  });
  const unclosed = errors.find(({ type }) => type === 'Quotes');
  if (unclosed)
    throw fault(file, (unclosed.row ?? 0) + 1, 'quotes that open and close a cell', unclosed.message);
  const isBlank = (cells: readonly string[]): boolean => cells.every(cell => cell.trim() === '');
  const first = data.findIndex(cells => !isBlank(cells));
  if (first < 0) throw fault(file, 1, 'a heading line and a row a patient', 'nothing');
  const headings = headingsOf(file, first + 1, data[first]!);
  const rows: { readonly line: number; readonly cells: readonly string[] }[] = [];
  data.forEach((cells, index) => {
    if (index <= first || isBlank(cells)) return;
    const line = index + 1;
    if (cells.length !== headings.length) {
      throw fault(file, line, `${headings.length} cells as in the heading`, `${cells.length}`);
    }
    rows.push({ line, cells: cells.map(withoutMissing) });
  });
  if (rows.length === 0) throw fault(file, first + 2, 'a row a patient', 'none');
  const lines = Int32Array.from(rows, ({ line }) => line);
  const columns = headings.map(({ name, unit }, k) =>
    withoutUnit(
      name,
      unit,
      rows.map(({ cells }) => cells[k]!),
    ),
  );
  const decimal = options.decimal ?? decimalMarkOf(file, columns, lines);
  return {
    file,
    rows: rows.length,
    lines,
    columns: columns.map(({ name, unit, cells }) => ({
      ...{ name, unit, cells },
      ...readColumn(file, name, cells, lines, decimal),
    })),
  };
}

/** The column with a name; case is ignored if that leaves one match. Throws `WfdbError` that lists the names. */
export function columnOf(table: ClinicalTable, name: string): ClinicalColumn {
  const exact = table.columns.find(column => column.name === name);
  const alike = table.columns.filter(column => column.name.toLowerCase() === name.toLowerCase());
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined);
  if (found) return found;
  const names = table.columns.map(column => column.name).join(', ');
  throw fault(table.file, 1, `a column ${name}`, names);
}

/** The most frequent delimiter in the heading; in the rows a comma may be a decimal mark. */
function delimiterOf(text: string): string {
  const heading = (/^.*\S.*$/m.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map(mark => ({ mark, count: heading.split(mark).length }));
  return counts.reduce((most, each) => (each.count > most.count ? each : most)).mark;
}

const fault = (file: string, line: number, expected: string, found: string, hint = ''): WfdbError =>
  new WfdbError({
    ...{
      code: 'syntax',
      file,
      line,
      expected,
      found: found.length > 300 ? `${found.slice(0, 300)}…` : found,
    },
    ...(hint && { hint }),
  });

const onOneLine = (cell: string): string => cell.trim().replace(/\s+/g, ' ');

/** A column whose every cell repeats one unit after its number: the unit moves to the column. */
function withoutUnit(
  name: string,
  unit: string,
  cells: readonly string[],
): Pick<ClinicalColumn, 'name' | 'unit' | 'cells'> {
  const parts = cells.map(cell => (cell === '' ? undefined : numberWithUnit.exec(cell)));
  const units = new Set(parts.flatMap((part, row) => (cells[row] === '' ? [] : (part?.[2] ?? ''))));
  const [only] = units;
  if (units.size !== 1 || !only || (unit !== '' && unit !== only)) return { name, unit, cells };
  return { name, unit: only, cells: parts.map(part => part?.[1] ?? '') };
}

const withoutMissing = (cell: string): string => {
  const trimmed = onOneLine(cell);
  return isMissing(trimmed) || trimmed === '?' ? '' : trimmed;
};

function headingsOf(file: string, line: number, cells: readonly string[]): { name: string; unit: string }[] {
  const headings = cells.map(cell => {
    const [, name, unit] = /^(.*?)\s*[([（]([^)\]）]+)[)\]）]\s*$/.exec(onOneLine(cell)) ?? [];
    return name ? { name, unit: unit!.trim() } : { name: onOneLine(cell), unit: '' };
  });
  const number = headings.find(({ name }) => numberOf(name, '.') !== undefined);
  if (number) throw fault(file, line, "a heading with the columns' names", `the number '${number.name}'`);
  const unnamed = headings.findIndex(({ name }) => name === '');
  if (unnamed >= 0) throw fault(file, line, 'a name for each column', `none for column ${unnamed + 1}`);
  const twice = headings.find(({ name }, k) => headings.findIndex(other => other.name === name) < k);
  if (twice) throw fault(file, line, "columns' names that differ", `'${twice.name}' twice`);
  return headings;
}

/** The decimal mark determined by the cells; a point if no cell contains a mark. */
function decimalMarkOf(
  file: string,
  columns: readonly { readonly name: string; readonly cells: readonly string[] }[],
  lines: Int32Array,
): DecimalMark {
  const seen = new Map<string, { readonly name: string; readonly cell: string; readonly line: number }>();
  for (const { name, cells } of columns) {
    cells.forEach((cell, row) => {
      const evidence = cell === '' ? undefined : markEvidence(cell);
      if (evidence && !seen.has(evidence)) seen.set(evidence, { name, cell, line: lines[row]! });
    });
  }
  const [comma, point] = [seen.get('comma'), seen.get('point')];
  if (comma && point) {
    throw fault(
      file,
      comma.line,
      `one decimal mark; line ${point.line}, column ${point.name} has '${point.cell}'`,
      `'${comma.cell}' in column ${comma.name}`,
      '--decimal settles it',
    );
  }
  if (comma || point) return comma ? ',' : '.';
  const either = seen.get('commaOrThousands') ?? seen.get('pointOrThousands');
  if (either) {
    const mark = either.cell.includes(',') ? ',' : '.';
    throw fault(
      file,
      either.line,
      `a number that can be read in one way in column ${either.name}`,
      `'${either.cell}', whose ${mark === ',' ? 'comma' : 'point'} may be a decimal mark or part thousands`,
      '--decimal settles it',
    );
  }
  return '.';
}

function readColumn(
  file: string,
  name: string,
  cells: readonly string[],
  lines: Int32Array,
  decimal: DecimalMark,
): Pick<ClinicalColumn, 'kind' | 'values' | 'levels'> {
  const numbers = cells.map(cell => (cell === '' ? undefined : numberOf(cell, decimal)));
  const present = cells.filter(cell => cell !== '');
  const numeric = numbers.filter(value => value !== undefined).length;
  const asValues = (value: (cell: string, row: number) => number): Float64Array =>
    Float64Array.from(cells, (cell, row) => (cell === '' ? Number.NaN : value(cell, row)));
  if (numeric === present.length) {
    const isBinary = numeric > 0 && numbers.every(value => value === undefined || value === 0 || value === 1);
    return { kind: isBinary ? 'binary' : 'number', values: asValues((_, row) => numbers[row]!), levels: [] };
  }
  if (2 * numeric >= present.length) {
    const row = cells.findIndex((cell, k) => cell !== '' && numbers[k] === undefined);
    throw fault(file, lines[row]!, `a number in column ${name}`, `'${cells[row]}'`);
  }
  const words = present.map(cell => cell.toLowerCase());
  // Words such as F and M must not be read as "false" and another value: they count as yes and no only if all cells
  // do.
  if (words.every(word => yes.has(word) || no.has(word))) {
    const wordFor = (set: ReadonlySet<string>, usual: string): string =>
      present.find(cell => set.has(cell.toLowerCase())) ?? usual;
    return {
      kind: 'binary',
      values: asValues(cell => (yes.has(cell.toLowerCase()) ? 1 : 0)),
      levels: [wordFor(no, 'no'), wordFor(yes, 'yes')],
    };
  }
  const levels = [...new Set(present)].sort();
  if (levels.length > mostLevels || levels.length > present.length / 2) {
    return { kind: 'text', values: asValues(() => Number.NaN), levels: [] };
  }
  return { kind: 'category', values: asValues(cell => levels.indexOf(cell)), levels };
}
