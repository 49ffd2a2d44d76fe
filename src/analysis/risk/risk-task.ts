/**
 * Sets up a learning task from a table of patients: the event, the covariates, and the patient of each row. Columns
 * that would reveal the outcome are excluded and reported with the reason.
 */
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { auroc } from '../../learn/calibration.ts';
import { type ClinicalColumn, type ClinicalTable, columnOf } from './clinical-table.ts';

/** A model input: a numeric column, or an indicator (1 or 0) of one level of a category. */
export interface Covariate {
  readonly name: string;
  readonly unit: string;
  /** Name of the column in the table. */
  readonly column: string;
  /** Whether the values are only 0 and 1. */
  readonly isBinary: boolean;
}

export interface RiskTask {
  readonly target: string;
  /** The value of the target column that counts as the event, as in the table. */
  readonly event: string;
  readonly covariates: readonly Covariate[];
  /** Covariates in their original units, `[rows, covariates]`; NaN if missing. */
  readonly x: Tensor;
  /** 1 if the event occurred, otherwise 0. */
  readonly outcomes: Int32Array;
  /** Patient of each row. */
  readonly groups: readonly string[];
  /** Line number of each row in the file. */
  readonly lines: Int32Array;
  /** Columns excluded from the model, and the reason. */
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

export interface RiskTaskOptions {
  readonly target: string;
  /** The value that means the event, if it cannot be inferred from the column. */
  readonly event?: string;
  /** Column that identifies patients; by default a column with a typical name, otherwise each row is a patient. */
  readonly group?: string;
  /** Columns to use although they would be excluded. */
  readonly include?: readonly string[];
  /** Columns to exclude. */
  readonly exclude?: readonly string[];
}

const eventWords = /^(died?|dead|death|deceased|event|relapse|readmitted|case|死亡|再入院|イベント)$/i;
const followUpName =
  /^(time|t|days?|follow[-_ ]?up.*|fu[-_ ]?(time|days?)|.*survival.*|time[-_ ]?to.*|days?[-_ ]?to.*|.*(censor).*|追跡.*|観察期間.*|生存.*)$/i;
const identityName =
  /^((patient|subject|person|case|record|participant|study)[-_ ]?(id|no|nr|number|code)?|id|mrn|(patienten|fall)[-_ ]?(nummer|nr|id)|(患者|症例|被験者|登録|研究)[-_ ]?(番号|id|no)?|番号)$/i;
/** A column whose AUROC alone is at least this high is suspected of revealing the outcome. */
const suspiciousAuroc = 0.95;
/** Minimum number of rows for this suspicion; with fewer rows it may occur by chance. */
const leastRowsForSuspicion = 30;

/**
 * Sets up the task. Rows without an outcome are excluded and counted. Throws `InputError` if the target does not have
 * two values, the event cannot be determined, or no covariate remains.
 *
 * @example riskTask(parseClinicalTable('age,dead\n60,Yes\n71,No\n52,No\n'), { target: 'dead' }).outcomes // => Int32Array [1, 0, 0]
 */
export function riskTask(table: ClinicalTable, options: RiskTaskOptions): RiskTask {
  const target = columnOf(table, options.target);
  const { outcome, event } = outcomeOf(target, options.event);
  const group =
    options.group !== undefined
      ? columnOf(table, options.group)
      : table.columns.find(column => column !== target && identityName.test(column.name));
  const kept = Array.from({ length: table.rows }, (_, row) => row).filter(row => outcome(row) !== undefined);
  const outcomes = Int32Array.from(kept, row => outcome(row)!);
  const events = outcomes.reduce((sum, value) => sum + value, 0);
  if (events === 0 || events === kept.length) {
    throw new InputError(
      `${table.file}: column ${target.name} has ${events} events in ${kept.length} rows: a model needs both outcomes`,
    );
  }
  const named = (names: readonly string[] | undefined): Set<string> =>
    new Set((names ?? []).map(name => columnOf(table, name).name));
  const [include, exclude] = [named(options.include), named(options.exclude)];
  const leftOut: { column: string; reason: string }[] = [];
  const notes: string[] = [];
  const used: ClinicalColumn[] = [];
  for (const column of table.columns) {
    if (column === target || column === group) continue;
    const reason = exclude.has(column.name) ? 'as asked' : reasonToLeaveOut(column, kept, outcomes);
    if (reason === undefined || (include.has(column.name) && column.kind !== 'text')) {
      used.push(column);
      if (reason !== undefined) notes.push(`${column.name} is used as requested, although ${reason}`);
    } else leftOut.push({ column: column.name, reason });
  }
  if (group) leftOut.push({ column: group.name, reason: 'it identifies patients' });
  if (used.length === 0) throw new InputError(`${table.file} has no usable column`);
  const columns = used.flatMap(column => covariatesOf(column));
  for (const column of used) {
    const missing = kept.filter(row => Number.isNaN(column.values[row]!)).length;
    if (missing > 0)
      notes.push(`${column.name}: ${missing} missing, taken as the median of the rows trained on`);
  }
  if (kept.length < table.rows) {
    const without = table.rows - kept.length;
    notes.push(
      `${without === 1 ? '1 row has' : `${without} rows have`} no ${target.name} and ${without === 1 ? 'is' : 'are'} left out`,
    );
  }
  return {
    target: target.name,
    event,
    covariates: columns.map(({ covariate }) => covariate),
    x: tensor(Float64Array.from(kept.flatMap(row => columns.map(({ value }) => value(row)))), [
      kept.length,
      columns.length,
    ]),
    outcomes,
    groups: kept.map(row => groupOf(table, group, row)),
    lines: Int32Array.from(kept, row => table.lines[row]!),
    ...{ leftOut, notes },
  };
}

function groupOf(table: ClinicalTable, group: ClinicalColumn | undefined, row: number): string {
  if (group === undefined) return String(row + 1);
  const cell = group.cells[row]!;
  if (cell === '') {
    throw new InputError(`${table.file}, line ${table.lines[row]}: no patient in column ${group.name}`);
  }
  return cell;
}

/** The outcome of each row (1, 0 or undefined), and the value that means the event. */
function outcomeOf(
  { name, kind, cells, values, levels }: ClinicalColumn,
  asked: string | undefined,
): { outcome: (row: number) => number | undefined; event: string } {
  const distinct = [...new Set(cells.filter(cell => cell !== ''))].sort();
  if (distinct.length !== 2) {
    const shown = distinct.slice(0, 6).join(', ');
    throw new InputError(
      `column ${name} has ${distinct.length === 1 ? 'one value' : `${distinct.length} values`}, not two: ${shown}`,
    );
  }
  if (asked !== undefined && !distinct.includes(asked)) {
    throw new InputError(`column ${name} has ${distinct.join(' and ')}, not '${asked}'`);
  }
  if (asked === undefined && kind === 'binary') {
    const of = (row: number): number | undefined => (Number.isNaN(values[row]!) ? undefined : values[row]!);
    return { outcome: of, event: levels[1] ?? '1' };
  }
  const event = asked ?? distinct.find(word => eventWords.test(word));
  if (event === undefined) {
    throw new InputError(
      `column ${name} has ${distinct.join(' and ')}: which of them is the event? Set it (option event, --event-value)`,
    );
  }
  return { outcome: row => (cells[row] === '' ? undefined : Number(cells[row] === event)), event };
}

function reasonToLeaveOut(
  column: ClinicalColumn,
  kept: readonly number[],
  outcomes: Int32Array,
): string | undefined {
  if (column.kind === 'text') return 'it holds text';
  const values = kept.map(row => column.values[row]!);
  const present = values.filter(value => !Number.isNaN(value));
  if (new Set(present).size < 2) return 'all its values are the same';
  const alone = column.kind === 'category' ? undefined : aurocAlone(values, outcomes);
  if (followUpName.test(column.name)) {
    const told = alone === undefined ? '' : ` (alone it gives an AUROC of ${alone.toFixed(3)})`;
    return `follow-up time is known only afterwards: it ends with the event and so reveals the outcome${told}`;
  }
  if (alone !== undefined && alone >= suspiciousAuroc && present.length >= leastRowsForSuspicion) {
    return `alone it gives an AUROC of ${alone.toFixed(3)}: it may be known only afterwards`;
  }
  return undefined;
}

/** The AUROC of a single column, in the direction with the higher value. */
function aurocAlone(values: readonly number[], outcomes: Int32Array): number | undefined {
  const rows = values.flatMap((value, row) => (Number.isNaN(value) ? [] : [row]));
  const found = auroc(
    rows.map(row => values[row]!),
    k => outcomes[rows[k]!] === 1,
  );
  return found === undefined ? undefined : Math.max(found, 1 - found);
}

/** The covariates derived from a column: the column itself, or an indicator for each level except the first. */
function covariatesOf({
  name,
  unit,
  kind,
  values,
  levels,
}: ClinicalColumn): { covariate: Covariate; value: (row: number) => number }[] {
  if (kind !== 'category') {
    const covariate = { name, unit, column: name, isBinary: kind === 'binary' };
    return [{ covariate, value: row => values[row]! }];
  }
  return levels.slice(1).map((level, k) => ({
    covariate: { name: `${name} ${level}`, unit: '', column: name, isBinary: true },
    value: row => (Number.isNaN(values[row]!) ? Number.NaN : Number(values[row] === k + 1)),
  }));
}
