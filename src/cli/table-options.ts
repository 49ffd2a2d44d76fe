/** What a text table may not say of itself: options of the commands that read tables (CSV, TSV, TXT). */
import type { CsvOptions } from '../wfdb/csv/read-csv.ts';
import { choice, flag, list, number, text, UsageError, type Values } from './option.ts';
import { shared } from './options.ts';

const delimiters = { comma: ',', semicolon: ';', tab: '\t', bar: '|', blank: ' ' } as const;
const isDelimiterWord = (word: string): word is keyof typeof delimiters => word in delimiters;

export const tableOptions = {
  frequency: {
    ...shared.frequency,
    says: 'tables: sampling frequency, where no time column or line says it',
  },
  ignoreTimes: flag('tables: leave columns of times out unread; --frequency says the sampling frequency'),
  gaps: choice(['error', 'nan'], 'tables: lost samples are an error (default) or become NaN'),
  columns: list(text('NAME', 'tables: columns that are signals, by name or place from 1'), 'NAMES'),
  units: text('UNIT', 'tables: units of columns that name none, e.g. uV'),
  gain: number('N', 'tables: the numbers are ADC values, so many to a unit'),
  transpose: flag('tables: each line holds a signal'),
  delimiter: {
    ...text('CHAR', 'tables: what parts cells, a character or comma, semicolon, tab, bar, blank'),
    read: (given: string, name: string): string => {
      const character = isDelimiterWord(given) ? delimiters[given] : given;
      if (Object.values(delimiters).some(known => known === character)) return character;
      throw new UsageError(
        `--${name} is a character or one of ${Object.keys(delimiters).join(', ')}, not '${given}'`,
      );
    },
  },
  decimal: choice([',', '.'], 'tables: the decimal mark'),
  encoding: text('NAME', 'tables: encoding of the text, e.g. shift_jis, gb18030, windows-1251'),
  labels: text('NAME', 'tables: a column of text whose entries become annotations'),
  comments: flag('tables: keep the lines above the table, which may name the person'),
} as const;

/** The options as `readCsv` takes them. */
export function csvOptions(
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
