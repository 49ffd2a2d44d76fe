/** Errors of slope estimators over sampling frequencies, noise levels, low-pass filters and QRS widths. */
import Papa from 'papaparse';
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, fileEndingIn, number, type Option, UsageError } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson } from '../src/cli/output.ts';
import { startProgress } from '../src/cli/progress.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { InputError } from '../src/input-error.ts';
import { chosenScheme, rule, schemeMerits } from './study-estimators/default-scheme.ts';
import {
  type Condition,
  type EstimatorError,
  estimators,
  studyCondition,
} from './study-estimators/measure.ts';
import { studyPlot } from './study-estimators/plot.ts';

/** An option that takes numbers above a bound, separated by commas. */
function numbers(value: string, says: string, usual: string, above: number): Option<readonly number[]> {
  const read = (given: string, name: string): readonly number[] =>
    given.split(',').map(part => {
      const value = part.trim() === '' ? Number.NaN : Number(part);
      if (!(value > above)) throw new UsageError(`--${name} takes numbers above ${above}, not '${part}'`);
      return value;
    });
  return { value, says: `${says}; default ${usual}`, absent: read(usual, ''), read };
}

/** The same, where the word `none` stands for undefined. */
function numbersOrNone(value: string, says: string, usual: string): Option<readonly (number | undefined)[]> {
  const one = numbers(value, says, '1', 0);
  const read = (given: string, name: string): readonly (number | undefined)[] =>
    given.split(',').map(part => (part.trim() === 'none' ? undefined : one.read(part, name)[0]!));
  return { value, says: `${says}, or none; default ${usual}`, absent: read(usual, ''), read };
}

const command = defineCommand({
  name: 'study-estimators',
  takes: [],
  summary: 'Measures the bias and standard deviation of slope estimators on synthetic ECG with exact slopes.',
  options: {
    frequencies: numbers('HZ,…', 'sampling frequencies', '100,128,250,360,500,1000,2000', 50),
    snrs: numbersOrNone(
      'DB,…',
      'signal-to-noise ratios in dB, as defined by the Noise Stress Test',
      'none,40,30,20,12,6',
    ),
    lowPass: numbersOrNone(
      'HZ,…',
      'cut-off frequencies of a zero-phase second-order low-pass applied first',
      'none,150,100,75,40,25',
    ),
    qrsWidths: numbers('K,…', 'QRS widths relative to the normal width', '0.6,1,1.5', 0),
    seconds: defaultsTo(number('S', 'seconds of signal per condition', { least: 5 }), 15),
    seed: defaultsTo(shared.seed, 1),
    out: fileEndingIn(['csv'], 'CSV file with all conditions'),
    plot: fileEndingIn(['svg'], 'SVG plot of the root-mean-square errors'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Synthetic beats of two leads, 15 % of them ventricular, with muscle and white noise, measured with every estimator; the error is relative to the exact steepest slope. Estimators: derivative schemes, and least-squares lines.',
  ],
  async run(values, _positionals, files) {
    for (const path of [values.out, values.plot]) if (path !== undefined) await files.check(path);
    const conditions = allConditions(values.frequencies, values.snrs, values.lowPass, values.qrsWidths);
    const progress = startProgress('measuring', conditions.length);
    const errors = conditions.flatMap((condition, k) => {
      progress.update(k, `${condition.samplingFrequency} Hz`);
      return studyCondition(condition, values.seconds, values.seed);
    });
    progress.stop();
    if (errors.length === 0)
      throw new InputError(
        'no condition could be measured: every low-pass frequency exceeds the Nyquist frequency',
      );
    if (values.out !== undefined) await files.write(values.out, csvOf(errors));
    if (values.plot !== undefined) await files.write(values.plot, studyPlot(errors));
    await files.commit();
    if (values.json) printJson(errors);
    else {
      printErrors(errors);
      printChoice(errors);
    }
    return 0;
  },
});

function allConditions(
  rates: readonly number[],
  ratios: readonly (number | undefined)[],
  lowPasses: readonly (number | undefined)[],
  stretches: readonly number[],
): Condition[] {
  return rates.flatMap(samplingFrequency =>
    ratios.flatMap(snrDb =>
      lowPasses
        .filter(lowPassHz => lowPassHz === undefined || lowPassHz < samplingFrequency / 2)
        .flatMap(lowPassHz => stretches.map(stretch => ({ samplingFrequency, snrDb, lowPassHz, stretch }))),
    ),
  );
}

function csvOf(errors: readonly EstimatorError[]): string {
  const rows = errors.map(error => ({
    estimator: error.estimator,
    sampling_frequency_Hz: error.samplingFrequency,
    snr_dB: error.snrDb,
    low_pass_Hz: error.lowPassHz,
    qrs_stretch: error.stretch,
    slopes: error.count,
    missing: error.missing,
    bias_percent: Number(error.biasPercent.toFixed(3)),
    sd_percent: Number(error.sdPercent.toFixed(3)),
  }));
  return `${Papa.unparse(rows, { newline: '\n' })}\n`;
}

/** Prints bias ± SD without a low-pass at the normal QRS width (or the first): a row per estimator, a column per condition. */
function printErrors(errors: readonly EstimatorError[]): void {
  const stretch = errors.some(error => error.stretch === 1) ? 1 : errors[0]!.stretch;
  const lowPassHz = errors.some(error => error.lowPassHz === undefined) ? undefined : errors[0]!.lowPassHz;
  const shown = errors.filter(error => error.stretch === stretch && error.lowPassHz === lowPassHz);
  const cut = lowPassHz === undefined ? 'no low-pass' : `low-pass ${lowPassHz} Hz`;
  print(`bias ± SD of the steepest slope, % of the exact one; QRS width × ${stretch}, ${cut}`);
  for (const snrDb of new Set(shown.map(error => error.snrDb))) {
    const at = shown.filter(error => error.snrDb === snrDb);
    const rates = [...new Set(at.map(error => error.samplingFrequency))];
    print(
      `\n${(snrDb === undefined ? 'no noise' : `SNR ${snrDb} dB`).padEnd(14)}${rates.map(rate => `${rate} Hz`.padStart(18)).join('')}`,
    );
    for (const estimator of estimators) {
      const cells = rates.map(rate => {
        const error = at.find(
          ({ samplingFrequency, ...rest }) => samplingFrequency === rate && rest.estimator === estimator,
        );
        return error === undefined ? '–' : `${error.biasPercent.toFixed(1)} ± ${error.sdPercent.toFixed(1)}`;
      });
      print(`${estimator.padEnd(14)}${cells.map(cell => cell.padStart(18)).join('')}`);
    }
  }
}

function printChoice(errors: readonly EstimatorError[]): void {
  const merits = schemeMerits(errors);
  const chosen = chosenScheme(merits);
  if (chosen === undefined) return;
  print(`\nDefault scheme by the conditions studied, without a low-pass: ${rule.text}`);
  print(`${''.padEnd(14)}${'clean bias, %'.padStart(18)}${'in noise, %'.padStart(18)}`);
  for (const { scheme, worstCleanBias, noiseError } of merits) {
    const cells = [worstCleanBias.toFixed(2), noiseError?.toFixed(1) ?? '–'];
    print(`${scheme.padEnd(14)}${cells.map(cell => cell.padStart(18)).join('')}`);
  }
  print(`chosen: ${chosen}`);
}

await runAsProcess(command);
