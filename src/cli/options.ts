/**
 * The options that several commands share, each with one meaning wherever it occurs. A command takes them from here
 * and may say what its default is; options of one command alone are in that command's file.
 */
import type { BeatsFrom } from '../analysis/lead-beats.ts';
import { isFiltered, type VoltageFilter } from '../analysis/voltage-filter.ts';
import { defaultScheme, defaultWindowMs } from '../beat/slopes/measure-slopes.ts';
import { describeScheme, parseScheme, type Scheme, schemeForms } from '../diff/scheme.ts';
import { optimizerNames } from '../learn/train/optimizers.ts';
import { choice, flag, list, number, type Option, text, UsageError, type Values } from './option.ts';

/** No slope of a QRS complex is taken over more than this. */
const longestWindowMs = 200;

/** The default scheme in words, from the rule itself: `sg:16ms:4, below 188 Hz central4`. */
function defaultSchemeWords(): string {
  const named = (samplingFrequency: number): string => describeScheme(defaultScheme(samplingFrequency));
  const usual = named(1000);
  let lowest = 1000;
  while (lowest > 1 && named(lowest - 1) === usual) lowest--;
  return `${usual}, below ${lowest} Hz ${named(lowest - 1)}`;
}

const scheme: Option<Scheme | undefined> = {
  value: 'SCHEME',
  says: `how dV/dt is taken: ${schemeForms}; default ${defaultSchemeWords()}`,
  absent: undefined,
  read: (given, name) => {
    try {
      return parseScheme(given);
    } catch (error) {
      throw new UsageError(`--${name}: ${(error as RangeError).message}`);
    }
  },
};

export const shared = {
  lead: text('NAME', 'the lead; default MLII or II where there is one, else the first in volts'),
  leads: list(text('NAME', 'leads by name, separated by commas'), 'NAMES'),
  leadCount: number('N', "how many of a record's first leads are used", { least: 1, whole: true }),
  annotator: text('NAME', 'beats from RECORD.NAME; default atr where there is one, else as --detect'),
  detect: flag('beats from the detector instead'),
  scheme,
  windowMs: number('MS', `window of the least-squares slope; default ${defaultWindowMs}`, {
    above: 0,
    most: longestWindowMs,
  }),
  lowCut: number('HZ', 'filter the voltage first: high-pass, 6 dB down here, zero phase', { above: 0 }),
  highCut: number('HZ', 'filter the voltage first: low-pass, 6 dB down here; under 150 it flattens slopes', {
    above: 0,
  }),
  notch: number('HZ', 'filter the voltage first: mains frequency and its harmonics out', { above: 0 }),
  baseline: flag('filter the voltage first: baseline wander out, by two moving medians'),
  from: number('S', 'begin at this time of the record, in seconds', { least: 0 }),
  to: number('S', 'end before this time of the record, in seconds', { above: 0 }),
  model: text('FILE', 'a classifier as the train command writes it'),
  kind: choice(['mlp', 'softmax'], 'kind of classifier'),
  db: text('NAME', 'folder of the records on the WFDB search path'),
  records: text('SET', 'DS1, DS2, or records and ranges of them separated by commas: 100,103,200-210'),
  matchMs: number('MS', 'how far apart two marks of one beat may lie', { least: 0 }),
  frequency: number('HZ', 'sampling frequency', { above: 0 }),
  format: number('N', 'WFDB signal format', { least: 0, whole: true }),
  snr: number('DB', 'signal-to-noise ratio, as the Noise Stress Test defines it'),
  beat: number('N', 'number of the beat, from 0, as the slopes table counts them', { least: 0, whole: true }),
  optimizer: choice(optimizerNames, 'optimiser'),
  epochs: number('N', 'passes over the rows', { least: 1, whole: true }),
  seed: number('N', 'seed of everything random', { least: 0, whole: true }),
  out: text('PATH', 'where the result goes'),
  dir: text('DIR', 'folder to write to; it is made when it is missing'),
  overwrite: flag('replace files that are there; a file that the run reads is never replaced'),
  json: flag('everything as JSON on standard output'),
} as const;

/** The arguments' line for a record. */
export const recordArgument = [
  'RECORD',
  'on the WFDB search path (environment variable WFDB), e.g. mitdb/100',
] as const;

/** `--annotator` and `--detect`; with neither, annotations where there are some. */
export function beatsFrom(annotator: string | undefined, detect: boolean): BeatsFrom {
  if (detect && annotator !== undefined) throw new UsageError('--detect and --annotator exclude each other');
  if (detect) return 'detector';
  return annotator === undefined ? 'annotations or detector' : { annotator };
}

/** `--from` and `--to` as a reader takes them; throws `UsageError` when they are out of order. */
export function timeSpan(
  from: number | undefined,
  to: number | undefined,
): { readonly from?: number; readonly to?: number } {
  if ((to ?? Number.POSITIVE_INFINITY) <= (from ?? 0)) {
    throw new UsageError(`--from ${from ?? 0} --to ${to ?? 'end'} is no span of time`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** The options of `filterOf`. */
export const filterOptions = {
  lowCut: shared.lowCut,
  highCut: shared.highCut,
  notch: shared.notch,
  baseline: shared.baseline,
} as const;

/** `--low-cut`, `--high-cut`, `--notch` and `--baseline` as `filteredRecording` takes them; undefined with none. */
export function filterOf(values: Values<typeof filterOptions>): VoltageFilter | undefined {
  const { lowCut, highCut, notch, baseline } = values;
  if (lowCut !== undefined && highCut !== undefined && lowCut >= highCut) {
    throw new UsageError(`--low-cut ${lowCut} --high-cut ${highCut} is no band`);
  }
  const filter = {
    ...(lowCut !== undefined && { lowCutHz: lowCut }),
    ...(highCut !== undefined && { highCutHz: highCut }),
    ...(notch !== undefined && { notchHz: notch }),
    ...(baseline && { baseline }),
  };
  return isFiltered(filter) ? filter : undefined;
}

/** `--scheme` and `--window-ms` as `measureSlopes` takes them. */
export const slopeOptions = (values: {
  readonly scheme: Scheme | undefined;
  readonly windowMs: number | undefined;
}): { readonly scheme?: Scheme; readonly windowMs?: number } => ({
  ...(values.scheme === undefined ? {} : { scheme: values.scheme }),
  ...(values.windowMs === undefined ? {} : { windowMs: values.windowMs }),
});
