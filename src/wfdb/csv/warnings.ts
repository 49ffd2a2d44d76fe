/** Warnings about what was assumed, ignored or filled in when reading a table. */
import { printable } from '../../printable.ts';
import type { Signal } from '../record.ts';
import type { ReadWarning } from '../warnings.ts';
import type { CsvBody } from './columns.ts';
import type { CsvLayout } from './layout.ts';
import type { Gap } from './sampling-frequency.ts';
import type { Axis } from './time-axis.ts';

/** The parts of a parsed table and the options it was read with. */
export interface Made {
  readonly file: string;
  readonly layout: CsvLayout;
  readonly body: CsvBody;
  readonly axis: Axis;
  readonly gaps: readonly Gap[];
  readonly signals: readonly Signal[];
  readonly asked: {
    readonly ignoreTimes?: boolean;
    readonly keepComments?: boolean;
    readonly transpose?: boolean;
    readonly columns?: readonly unknown[];
    readonly labels?: string | number;
  };
}

/** Creates a warning about a file, or a line of it. */
export function warning(
  code: ReadWarning['code'],
  file: string,
  [count, what]: readonly [number, string],
  text: string,
  line?: number,
): ReadWarning {
  const place = line === undefined ? '' : `, line ${line}`;
  return { code, file, line, byte: undefined, count, what, message: printable(`${file}${place}: ${text}`) };
}

/** Limits on the number of names in a message, and on the length of each. */
const mostNames = 12;
const mostLetters = 40;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(name => name.slice(0, mostLetters));
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export function warningsOf(made: Made): ReadWarning[] {
  return [...unitWarnings(made), ...columnWarnings(made), ...rowWarnings(made)];
}

function unitWarnings({ file, signals }: Made): ReadWarning[] {
  const assumed = signals.filter(({ unitsAssumed }) => unitsAssumed);
  if (assumed.length === 0) return [];
  const names = listed(assumed.map(({ name }) => name));
  const text = assumed.some(({ calibrated }) => !calibrated)
    ? `neither unit nor gain is given for ${names}: integers were assumed to be ADC values at 200 per mV (set option units, --units, or adcGain, --gain)`
    : `no unit is given for ${names}: mV was assumed (set option units, --units)`;
  return [warning('assumed', file, [assumed.length, 'signals'], text)];
}

function columnWarnings({ file, layout, body, axis, asked }: Made): ReadWarning[] {
  const named = (indices: readonly number[]): string =>
    listed(indices.map(i => layout.names?.[i] || `column ${i + 1}`));
  const omitted = (indices: readonly number[], why: string): ReadWarning[] =>
    indices.length === 0
      ? []
      : [warning('omitted', file, [indices.length, 'columns'], `${named(indices)} left out: ${why}`)];
  const text = body.columns.flatMap(({ isText }, i) => (isText ? [i] : []));
  const isAsked = asked.columns !== undefined || asked.labels !== undefined;
  const { time, otherTimes } = axis;
  return [
    ...omitted(
      isAsked ? [] : text,
      'text, no numbers (option labels, --labels, makes annotations of one column)',
    ),
    ...(time === undefined ? [] : omitted(otherTimes, `times, as ${named([time])} is`)),
    ...omitted(axis.counters, 'counters that do not count all rows'),
    ...(time === undefined || !asked.ignoreTimes
      ? []
      : omitted([time], 'its times are ignored, as requested')),
  ];
}

/** A table with more columns than rows, and more than this many, may hold one signal per line. */
const manyColumns = 8;

function rowWarnings({ file, layout, body, gaps, asked }: Made): ReadWarning[] {
  const warnings: ReadWarning[] = [];
  const lost = gaps.reduce((sum, gap) => sum + gap.lost, 0);
  if (lost > 0) {
    const text = `${lost} samples are missing, the first here, and are NaN`;
    warnings.push(warning('omitted', file, [lost, 'samples a signal'], text, body.lines[gaps[0]!.row]));
  }
  const above = layout.comments.length;
  if (above > 0 && !asked.keepComments) {
    const lines = above === 1 ? 'one line above the table was' : `${above} lines above the table were`;
    const text = `${lines} discarded because they may identify a person (option keepComments, --comments, keeps them)`;
    warnings.push(warning('omitted', file, [above, 'lines'], text));
  }
  if (!asked.transpose && layout.columns >= manyColumns && body.length < layout.columns / 4) {
    const rows = body.length === 1 ? 'one row' : `${body.length} rows`;
    const text = `${rows}, ${layout.columns} columns: if each line is a signal, option transpose, --transpose, reads it so`;
    warnings.push(warning('assumed', file, [layout.columns, 'columns'], text));
  }
  return warnings;
}
