/** Tables of known numbers, written in the ways in which programs and countries write them. */

export interface Dialect {
  readonly delimiter: ',' | ';' | '\t' | '|' | ' ';
  readonly decimal: '.' | ',';
  readonly places: number;
  /** Whether zeros at the end of fractions are left away. */
  readonly stripped: boolean;
  /** Whether thousands are parted. */
  readonly grouped: boolean;
  /** What stands above: nothing, names, or names with units. */
  readonly header: '' | 'names' | 'units';
  readonly quoted: boolean;
  readonly lineEnd: '\n' | '\r\n' | '\r';
}

export interface WrittenTable {
  readonly text: string;
  /** The numbers as they stand in the text, column by column. */
  readonly columns: readonly (readonly number[])[];
  /** Whether only convention tells: each point may part thousands, and no comma speaks for either. */
  readonly isConvention: boolean;
}

/** Writes rows of whole thousandths. */
export function writeDialect(rows: readonly (readonly number[])[], dialect: Dialect): WrittenTable {
  const { delimiter, decimal, places, header, lineEnd } = dialect;
  const cells = rows.map(row => row.map(thousandths => numberIn(thousandths, dialect)));
  const names = rows[0]!.map((_, i) => `${'abcdefgh'[i]}${header === 'units' ? ' (mV)' : ''}`);
  const written = cells.map(row =>
    row.map(cell => (dialect.quoted || cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter),
  );
  const head = header === '' ? [] : [names.join(delimiter === ' ' ? '\t' : delimiter)];
  return {
    text: [...head, ...written].map(line => line + lineEnd).join(''),
    columns: rows[0]!.map((_, i) => rows.map(row => Number((row[i]! / 1000).toFixed(places)) + 0)),
    isConvention: dialect.grouped && decimal === ',' && cells.flat().every(cell => !cell.includes(',')),
  };
}

function numberIn(thousandths: number, { decimal, places, stripped, grouped }: Dialect): string {
  let text = (thousandths / 1000).toFixed(places);
  if (stripped && text.includes('.')) text = text.replace(/\.?0+$/, '');
  const [whole = '', fraction] = text.split('.');
  const parted = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, decimal === '.' ? ',' : '.') : whole;
  if (fraction === undefined) return parted === '-0' ? '0' : parted;
  return `${parted}${decimal}${fraction}`;
}
