/**
 * Options shared by several commands, with the same meaning in each. A command may set its own default; options
 * specific to one command are defined in its file.
 */
import type { BeatsFrom } from '../analysis/lead-beats.ts';
import type { TimeWindow } from '../analysis/opened-recording.ts';
import { modelKinds } from '../analysis/recipe.ts';
import { isFiltered, type VoltageFilter } from '../analysis/voltage-filter.ts';
import { defaultScheme, defaultWindowMs } from '../beat/slopes/measure-slopes.ts';
import { describeScheme, parseScheme, type Scheme, schemeForms } from '../diff/scheme.ts';
import { optimizerNames } from '../learn/train/optimizers.ts';
import {
  choice,
  fileEndingIn,
  flag,
  list,
  number,
  type Option,
  text,
  UsageError,
  type Values,
} from './option.ts';

/** Longest sensible window for the slope of a QRS complex. */
const longestWindowMs = 200;

/** Describes the default scheme, derived from the rule that selects it: `sg:16ms:4, below 188 Hz central4`. */
function defaultSchemeWords(): string {
  const named = (samplingFrequency: number): string => describeScheme(defaultScheme(samplingFrequency));
  const usual = named(1000);
  let lowest = 1000;
  while (lowest > 1 && named(lowest - 1) === usual) lowest--;
  return `${usual}, below ${lowest} Hz ${named(lowest - 1)}`;
}

const scheme: Option<Scheme | undefined> = {
  value: 'SCHEME',
  says: `numerical derivative for dV/dt: ${schemeForms}; default ${defaultSchemeWords()}`,
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
  lead: text('NAME', 'lead by name; default: MLII, II, or the first ECG lead, of those that carry a signal'),
  leads: list(text('NAME', 'leads by name, separated by commas'), 'NAMES'),
  leadCount: number('N', "use this many of the record's first leads", { least: 1, whole: true }),
  annotator: text(
    'NAME',
    'beats from the annotation file RECORD.NAME; default: atr if it exists, otherwise as with --detect',
  ),
  detect: flag('beats from the detector instead of annotations'),
  scheme,
  windowMs: number('MS', `window of the least-squares slope; default ${defaultWindowMs}`, {
    above: 0,
    most: longestWindowMs,
  }),
  lowCut: number('HZ', 'filter the voltage first: zero-phase high-pass, −6 dB at this frequency', {
    above: 0,
  }),
  highCut: number(
    'HZ',
    'filter the voltage first: zero-phase low-pass, −6 dB at this frequency; below 150 Hz it reduces slopes',
    { above: 0 },
  ),
  notch: number('HZ', 'filter the voltage first: remove this mains frequency and its harmonics', {
    above: 0,
  }),
  baseline: flag('filter the voltage first: remove baseline wander, estimated by two moving medians'),
  from: number('S', 'start of the window, in seconds from the start of the record', { least: 0 }),
  to: number('S', 'end of the window (exclusive), in seconds from the start of the record', { above: 0 }),
  stepSeconds: number('S', 'seconds between the starts of successive windows; default: half a window', {
    above: 0,
  }),
  annotatorOut: text('NAME', 'annotator to write: the annotation file is RECORD.NAME'),
  model: text('FILE', 'classifier written by the train command'),
  kind: choice(
    modelKinds,
    'kind of classifier: of beat features (mlp, softmax) or of the waveform (cnn, stencil)',
  ),
  db: text('NAME', 'database: folder of the records on the WFDB search path'),
  records: text('SET', 'DS1, DS2, or comma-separated records and ranges: 100,103,200-210'),
  matchMs: number('MS', 'largest distance between two annotations of the same beat, in ms', { least: 0 }),
  frequency: number('HZ', 'sampling frequency', { above: 0 }),
  format: number('N', 'WFDB signal format', { least: 0, whole: true }),
  snr: number('DB', 'signal-to-noise ratio in dB, as defined by the Noise Stress Test'),
  beat: number('N', 'number of the beat, from 0, as in the table of slopes', { least: 0, whole: true }),
  optimizer: choice(optimizerNames, 'optimiser'),
  epochs: number('N', 'number of passes over the training rows', { least: 1, whole: true }),
  seed: number('N', 'seed of the random numbers', { least: 0, whole: true }),
  out: {
    table: fileEndingIn(['csv', 'parquet'], 'table to write: CSV, or Parquet if FILE ends in .parquet'),
    page: fileEndingIn(['html', 'htm'], 'self-contained HTML page to write'),
    figure: fileEndingIn(['svg', 'png'], 'figure to write: SVG, or PNG if FILE ends in .png'),
  },
  dir: text('DIR', 'folder to write to, created if missing'),
  overwrite: flag('replace existing files; a file that the run reads is never replaced'),
  json: flag('print all results as JSON'),
  summary: flag(
    'print the record as one line of CSV below a header, to join with a table of patients by record',
  ),
} as const;

/** Help text of the argument RECORD. */
export const recordArgument = [
  'RECORD',
  'record on the WFDB search path (environment variable WFDB), e.g. mitdb/100; or the path or URL of a recording',
] as const;

/** Combines `--annotator` and `--detect`; with neither, the reference annotations if they exist. */
export function beatsFrom(annotator: string | undefined, detect: boolean): BeatsFrom {
  if (detect && annotator !== undefined) throw new UsageError('--detect and --annotator exclude each other');
  if (detect) return 'detector';
  return annotator === undefined ? 'annotations or detector' : { annotator };
}

/** Combines `--from` and `--to`. Throws `UsageError` if they are out of order. */
export function timeSpan(from: number | undefined, to: number | undefined): TimeWindow {
  if ((to ?? Number.POSITIVE_INFINITY) <= (from ?? 0)) {
    throw new UsageError(`--from ${from ?? 0} --to ${to ?? 'end'} is an empty window`);
  }
  return {
    ...(from === undefined ? {} : { startSeconds: from }),
    ...(to === undefined ? {} : { endSeconds: to }),
  };
}

/** The options of `filterOf`. */
export const filterOptions = {
  lowCut: shared.lowCut,
  highCut: shared.highCut,
  notch: shared.notch,
  baseline: shared.baseline,
} as const;

/**
 * The values of `--low-cut`, `--high-cut`, `--notch` and `--baseline` as a filter for `filteredRecording`; undefined
 * if none is given.
 */
export function filterOf(values: Values<typeof filterOptions>): VoltageFilter | undefined {
  const { lowCut, highCut, notch, baseline } = values;
  if (lowCut !== undefined && highCut !== undefined && lowCut >= highCut) {
    throw new UsageError(`--low-cut ${lowCut} must be below --high-cut ${highCut}`);
  }
  const filter = {
    ...(lowCut !== undefined && { lowCutHz: lowCut }),
    ...(highCut !== undefined && { highCutHz: highCut }),
    ...(notch !== undefined && { notchHz: notch }),
    ...(baseline && { baseline }),
  };
  return isFiltered(filter) ? filter : undefined;
}

/** The values of `--scheme` and `--window-ms` as options of `measureSlopes`. */
export const slopeOptions = (values: {
  readonly scheme: Scheme | undefined;
  readonly windowMs: number | undefined;
}): { readonly scheme?: Scheme; readonly windowMs?: number } => ({
  ...(values.scheme === undefined ? {} : { scheme: values.scheme }),
  ...(values.windowMs === undefined ? {} : { windowMs: values.windowMs }),
});
