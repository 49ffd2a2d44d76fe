/** How far each way of taking a slope is from the exact slope, over sampling rates, noise, low-passes and QRS widths. */
import Papa from 'papaparse';
import { numberOption, runCommand, UsageError } from '../src/cli/command.ts';
import { startProgress } from '../src/cli/progress.ts';
import { InputError } from '../src/input-error.ts';
import { writeOut } from '../src/node/write-file.ts';
import { chosenScheme, rule, schemeMerits } from './study-estimators/choice.ts';
import {
  type Condition,
  type EstimatorError,
  estimators,
  studyCondition,
} from './study-estimators/measure.ts';
import { studyPlot } from './study-estimators/plot.ts';

const help = `
study-estimators [options]: bias and SD of slope estimators against the closed form

Synthetic beats of two leads, 15 % of them ventricular, with muscle and white noise, measured with every estimator;
the error is relative to the exact steepest slope. Estimators: derivative schemes, and least-squares lines.

  --fs LIST         sampling rates, Hz; default 100,128,250,360,500,1000,2000
  --snr LIST        signal-to-noise ratios, dB, as the Noise Stress Test defines them, or none;
                    default none,40,30,20,12,6
  --low-pass LIST   zero-phase second-order low-pass before measuring, Hz, or none; default none,150,100,75,40,25
  --stretch LIST    QRS widths relative to the usual; default 0.6,1,1.5
  --seconds S       of signal for each condition; default 15
  --seed N          default 1
  --out FILE        all conditions as CSV
  --plot FILE       root-mean-square error as SVG
  --json            all conditions as JSON on standard output
`;

await runCommand({
  help,
  options: {
    fs: { type: 'string', default: '100,128,250,360,500,1000,2000' },
    snr: { type: 'string', default: 'none,40,30,20,12,6' },
    'low-pass': { type: 'string', default: 'none,150,100,75,40,25' },
    stretch: { type: 'string', default: '0.6,1,1.5' },
    seconds: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    plot: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length > 0)
      throw new UsageError(`study-estimators takes options only, not '${positionals[0]}'`);
    const seconds = numberOption('seconds', values.seconds);
    const seed = numberOption('seed', values.seed);
    if (seconds < 5) throw new UsageError(`--seconds is 5 or more, not ${seconds}`);
    const conditions = allConditions(
      listOption('fs', values.fs, 50),
      listOrNone('snr', values.snr),
      listOrNone('low-pass', values['low-pass']),
      listOption('stretch', values.stretch, 0),
    );
    const progress = startProgress('measuring', conditions.length);
    const errors = conditions.flatMap((condition, k) => {
      progress.update(k, `${condition.samplingFrequency} Hz`);
      return studyCondition(condition, seconds, seed);
    });
    progress.stop();
    if (errors.length === 0)
      throw new InputError('no condition could be measured: every low-pass is beyond Nyquist');
    if (values.out !== undefined) await write(values.out, csvOf(errors));
    if (values.plot !== undefined) await write(values.plot, studyPlot(errors));
    if (values.json) console.log(JSON.stringify(errors));
    else {
      print(errors);
      printChoice(errors);
    }
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

function listOption(name: string, text: string, above: number): number[] {
  return text.split(',').map(part => {
    const value = numberOption(name, part);
    if (!(value > above)) throw new UsageError(`--${name} takes numbers above ${above}, not ${value}`);
    return value;
  });
}

function listOrNone(name: string, text: string): (number | undefined)[] {
  return text.split(',').map(part => (part === 'none' ? undefined : listOption(name, part, 0)[0]!));
}

async function write(file: string, text: string): Promise<void> {
  await writeOut(file, text);
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

/** Bias ± SD without a low-pass at the usual QRS width (or the first there is): estimators down, conditions across. */
function print(errors: readonly EstimatorError[]): void {
  const stretch = errors.some(error => error.stretch === 1) ? 1 : errors[0]!.stretch;
  const lowPassHz = errors.some(error => error.lowPassHz === undefined) ? undefined : errors[0]!.lowPassHz;
  const shown = errors.filter(error => error.stretch === stretch && error.lowPassHz === lowPassHz);
  const cut = lowPassHz === undefined ? 'no low-pass' : `low-pass ${lowPassHz} Hz`;
  console.log(`bias ± SD of the steepest slope, % of the exact one; QRS stretch ${stretch}, ${cut}`);
  for (const snrDb of new Set(shown.map(error => error.snrDb))) {
    const at = shown.filter(error => error.snrDb === snrDb);
    const rates = [...new Set(at.map(error => error.samplingFrequency))];
    console.log(
      `\n${(snrDb === undefined ? 'no noise' : `SNR ${snrDb} dB`).padEnd(14)}${rates.map(rate => `${rate} Hz`.padStart(18)).join('')}`,
    );
    for (const estimator of estimators) {
      const cells = rates.map(rate => {
        const error = at.find(
          ({ samplingFrequency, ...rest }) => samplingFrequency === rate && rest.estimator === estimator,
        );
        return error === undefined ? '–' : `${error.biasPercent.toFixed(1)} ± ${error.sdPercent.toFixed(1)}`;
      });
      console.log(`${estimator.padEnd(14)}${cells.map(cell => cell.padStart(18)).join('')}`);
    }
  }
}

function printChoice(errors: readonly EstimatorError[]): void {
  const merits = schemeMerits(errors);
  const chosen = chosenScheme(merits);
  if (chosen === undefined) return;
  console.log(`\nDefault scheme by the conditions studied, without a low-pass: ${rule.text}`);
  console.log(`${''.padEnd(14)}${'clean bias, %'.padStart(18)}${'in noise, %'.padStart(18)}`);
  for (const { scheme, worstCleanBias, noiseError } of merits) {
    const cells = [worstCleanBias.toFixed(2), noiseError?.toFixed(1) ?? '–'];
    console.log(`${scheme.padEnd(14)}${cells.map(cell => cell.padStart(18)).join('')}`);
  }
  console.log(`chosen: ${chosen}`);
}
