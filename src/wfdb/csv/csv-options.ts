/** The options of reading a text table, and its checks of them. */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { Leniency } from '../warnings.ts';
import type { DecimalMark } from './number.ts';
import type { Delimiter } from './split.ts';

/** Information that the text lacks, and how to interpret it. */
export interface CsvOptions extends Leniency {
  /** Name used in errors, and, without its extension, as record name. Default `table.csv`. */
  readonly file?: string;
  /** Hz; required if the table has neither a time column nor a line that states it. */
  readonly samplingFrequency?: number;
  /** Ignore columns of times instead of deriving the sampling frequency from them. */
  readonly ignoreTimes?: boolean;
  /** Treatment of samples that are missing according to the times or sample numbers: an error (default), or NaN. */
  readonly gaps?: 'error' | 'nan';
  /** Columns to read as signals, by name or by position from 1, in this order; default: all columns of numbers. */
  readonly columns?: readonly (string | number)[];
  /** Physical units if the table names none; default: `mV`, except that integers are ADC values. */
  readonly units?: string;
  /** ADC units per physical unit; if given, the numbers are ADC values with this gain. */
  readonly adcGain?: number;
  /** The ADC value that corresponds to 0 physical units; default 0. */
  readonly baseline?: number;
  /** Delimiter of cells; default: inferred. A space stands for any run of spaces and tabs. */
  readonly delimiter?: Delimiter;
  /** Decimal mark; default: inferred. */
  readonly decimal?: DecimalMark;
  /** Signals are in rows instead of columns. */
  readonly transpose?: boolean;
  /** A column of text, by name or by position from 1, whose entries become annotations. */
  readonly labels?: string | number;
  /** Keep the lines above the table as comments; they may include a name and date of birth. */
  readonly keepComments?: boolean;
}

/** Throws `InputError` for an option out of range. */
export function checkOptions({
  samplingFrequency,
  adcGain,
  baseline = 0,
  gaps = 'error',
  decimal = '.',
}: CsvOptions): void {
  if (samplingFrequency !== undefined) requireSamplingFrequency(samplingFrequency);
  if (adcGain !== undefined && !(Number.isFinite(adcGain) && adcGain !== 0)) {
    throw new InputError(`adcGain must be a finite number other than 0, not ${adcGain}`);
  }
  if (!Number.isFinite(baseline)) throw new InputError(`baseline must be finite, not ${baseline}`);
  if (gaps !== 'error' && gaps !== 'nan')
    throw new InputError(`gaps must be 'error' or 'nan', not '${gaps}'`);
  if (decimal !== '.' && decimal !== ',')
    throw new InputError(`decimal must be '.' or ',', not '${decimal}'`);
}
