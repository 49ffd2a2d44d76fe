/**
 * Options for reading a recording, shared by all commands that open one, including properties that a text table does
 * not state itself.
 */
import type { OpenOptions, OpenRecording } from '../analysis/open-recording.ts';
import type { CsvOptions } from '../wfdb/csv/csv-options.ts';
import { choice, flag, list, number, text, UsageError, type Values } from './option.ts';
import { shared } from './options.ts';
import { printError } from './output.ts';

const delimiters = { comma: ',', semicolon: ';', tab: '\t', bar: '|', blank: ' ' } as const;
const isDelimiterWord = (word: string): word is keyof typeof delimiters => Object.hasOwn(delimiters, word);

const tableOptions = {
  frequency: {
    ...shared.frequency,
    says: 'tables: sampling frequency, if no time column or header line gives it',
  },
  ignoreTimes: flag('tables: ignore time columns; requires --frequency'),
  gaps: choice(['error', 'nan'], 'tables: missing samples are an error (default) or become NaN'),
  columns: list(text('NAME', 'tables: signal columns, by name or position from 1'), 'NAMES'),
  units: text('UNIT', 'tables: units of columns without units, e.g. uV'),
  gain: number('N', 'tables: the numbers are ADC values with this gain, in ADC units per physical unit'),
  transpose: flag('tables: signals are in rows'),
  delimiter: {
    ...text('CHAR', 'tables: delimiter, a character or comma, semicolon, tab, bar, blank'),
    read: (given: string, name: string): string => {
      const character = isDelimiterWord(given) ? delimiters[given] : given;
      if (Object.values(delimiters).some(known => known === character)) return character;
      throw new UsageError(
        `--${name} is a character or one of ${Object.keys(delimiters).join(', ')}, not '${given}'`,
      );
    },
  },
  decimal: choice([',', '.'], 'tables: decimal mark'),
  encoding: text('NAME', 'tables: text encoding, e.g. shift_jis, gb18030, windows-1251'),
  labels: text('NAME', 'tables: text column whose entries become annotations'),
  comments: flag('tables: keep the lines above the table, which may identify a person'),
} as const;

/** The option values in the form that `readCsv` expects. */
function csvOptions(
  values: Values<typeof tableOptions>,
): Omit<CsvOptions, 'file'> & { readonly encoding?: string } {
  const { frequency, ignoreTimes, gaps, columns, units, gain, transpose, decimal, encoding, labels } = values;
  const delimiter = values.delimiter as CsvOptions['delimiter'];
  return {
    ignoreTimes,
    transpose,
    keepComments: values.comments,
    ...(frequency !== undefined && { samplingFrequency: frequency }),
    ...(gaps !== undefined && { gaps }),
    ...(columns !== undefined && { columns: columns.filter(name => name !== undefined) }),
    ...(units !== undefined && { units }),
    ...(gain !== undefined && { adcGain: gain }),
    ...(delimiter !== undefined && { delimiter }),
    ...(decimal !== undefined && { decimal }),
    ...(encoding !== undefined && { encoding }),
    ...(labels !== undefined && { labels }),
  };
}

/** Options of a command that opens a recording in any format. */
export const recordingOptions = {
  lenient: flag('damaged files: read the intact data, with a warning for each loss'),
  ...tableOptions,
} as const;

/** The option values in the form that `openRecording` expects. */
export const openOptions = (
  values: Values<typeof recordingOptions>,
): Pick<OpenOptions, 'lenient' | 'table'> => ({
  ...(values.lenient && { lenient: true }),
  table: csvOptions(values),
});

/** Maximum number of warnings printed; JSON output contains all. */
const mostPrinted = 20;

/** Prints the warnings of a recording on standard error, and returns all messages for JSON output. */
export function reportWarnings({ warnings = [] }: Partial<Pick<OpenRecording, 'warnings'>>): string[] {
  const messages = warnings.map(({ message }) => message);
  for (const message of messages.slice(0, mostPrinted)) printError(`warning: ${message}`);
  const more = messages.length - mostPrinted;
  if (more > 0) printError(`warning: ${more} more warnings, which --json lists`);
  return messages;
}
