/**
 * `study-uncertainty`: coverage of the stated 95 % intervals of each measurement, from 15 to 40 dB and 250 to 1000 Hz;
 * writes the tables of docs/uncertainty.md.
 */
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, fileEndingIn, list, number } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson } from '../src/cli/output.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import {
  type Condition,
  type Coverage,
  coverageOf,
  type Quantity,
  quantities,
  type WaveQuantity,
  waveCoverageOf,
  waveQuantities,
} from './study-uncertainty/coverage.ts';

const command = defineCommand({
  name: 'study-uncertainty',
  takes: [],
  summary: 'Measures how often the stated 95 % intervals contain the true value on synthetic ECG.',
  options: {
    seconds: defaultsTo(number('S', 'duration of each ECG in seconds', { above: 20 }), 800),
    frequencies: defaultsTo(
      list(number('HZ', 'sampling frequencies', { above: 0 }), 'HZ,…'),
      [250, 500, 1000],
      '250,500,1000',
    ),
    snrs: defaultsTo(list(number('DB', 'signal-to-noise ratios'), 'DB,…'), [15, 20, 30, 40], '15,20,30,40'),
    seed: defaultsTo(shared.seed, 1),
    out: fileEndingIn(['md'], 'Markdown file with the tables'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  async run({ seconds, frequencies, snrs, seed, out, json }, _, files) {
    if (out !== undefined) await files.check(out);
    const conditions = frequencies.flatMap(samplingFrequency =>
      (['white', 'muscle'] as const).flatMap(noise =>
        snrs.map((snrDb): Condition => ({ samplingFrequency, noise, snrDb })),
      ),
    );
    const results = conditions.map(condition => ({
      condition,
      coverage: coverageOf(condition, seconds, seed),
      waves: waveCoverageOf(condition, seconds, seed),
    }));
    if (json) {
      printJson({ seconds, seed, results }, 2);
      return 0;
    }
    const slopes = results.map(({ condition, coverage }) => ({ condition, coverage }));
    const waves = results.map(({ condition, waves }) => ({ condition, coverage: waves }));
    const tables = {
      slopes: tableOf(slopes, quantities, names),
      waves: tableOf(waves, waveQuantities, waveNames),
      held: `${heldText(slopes, quantities)} for slopes, ${heldText(waves, waveQuantities)} for intervals`,
    };
    if (out === undefined) print(`${tables.slopes}\n\n${tables.waves}\n\n${tables.held}`);
    else {
      await files.write(out, pageOf(tables, seconds));
      await files.commit();
      print(`wrote ${out}`);
    }
    return 0;
  },
});

interface Result<Name extends string> {
  readonly condition: Condition;
  readonly coverage: Readonly<Record<Name, Coverage>>;
}

const names: Readonly<Record<Quantity, string>> = {
  upstrokeSlope: 'upstroke',
  upstrokeLineSlope: 'up line',
  upstrokeTime: 'up time',
  downstrokeSlope: 'downstroke',
  downstrokeLineSlope: 'down line',
  downstrokeTime: 'down time',
  rAmplitude: 'R amplitude',
  peakToPeak: 'peak to peak',
  rTime: 'R time',
  qrsOnset: 'QRS onset',
  qrsOffset: 'QRS offset',
  qrsDuration: 'QRS duration',
  rPeakTime: 'R-wave peak time',
  rrBefore: 'RR',
};

const waveNames: Readonly<Record<WaveQuantity, string>> = {
  pOnset: 'P onset',
  pPeak: 'P peak',
  pOffset: 'P offset',
  tOnset: 'T onset',
  tPeak: 'T peak',
  tOffset: 'T offset',
  p: 'P',
  pr: 'PR',
  qrs: 'QRS',
  qt: 'QT',
  jt: 'JT',
  tPeakTEnd: 'Tpeak–Tend',
  rr: 'RR',
  qtcFridericia: 'QTc',
  pAmplitude: 'P amplitude',
  rAmplitude: 'R amplitude',
  sAmplitude: 'S amplitude',
  tAmplitude: 'T amplitude',
  stJ: 'J',
  stJ40: 'J+40',
  stJ60: 'J+60',
  stJ80: 'J+80',
  stSlope: 'ST slope',
};

const percentOf = ({ held, beats }: Coverage): number => (100 * held) / beats;

/** Cells outside 92 to 98 % are in bold. */
function tableOf<Name extends string>(
  results: readonly Result<Name>[],
  columns: readonly Name[],
  headings: Readonly<Record<Name, string>>,
): string {
  const cell = (percent: number): string => {
    const text = percent.toFixed(0);
    return isNear(percent) ? text : `**${text}**`;
  };
  return [
    `| Hz | noise | dB | beats | ${columns.map(column => headings[column]).join(' | ')} |`,
    `|${'---|'.repeat(columns.length + 4)}`,
    ...results.map(({ condition: { samplingFrequency, noise, snrDb }, coverage }) => {
      const cells = columns.map(column => cell(percentOf(coverage[column])));
      const beats = Math.max(...columns.map(column => coverage[column].beats));
      return `| ${samplingFrequency} | ${noise} | ${snrDb} | ${beats} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

const isNear = (percent: number): boolean => percent >= 91.5 && percent < 98.5;

/** The number of cells within 92 to 98 %, and the lowest value. */
function heldText<Name extends string>(results: readonly Result<Name>[], columns: readonly Name[]): string {
  const percents = results.flatMap(({ coverage }) => columns.map(column => percentOf(coverage[column])));
  const near = percents.filter(isNear).length;
  return `${near} of ${percents.length} (lowest ${Math.min(...percents).toFixed(0)} %)`;
}

const pageOf = (
  { slopes, waves, held }: Readonly<Record<'slopes' | 'waves' | 'held', string>>,
  seconds: number,
): string => `# Uncertainty of a measurement

A measurement on a beat is a function m of the voltage V. Noise with covariance Σ propagates through its derivative
g = ∂m/∂V, which the derivative core computes: σ² = gᵀΣg. \`measureUncertainty\` (\`upstroke slopes RECORD --uncertainty\`)
and \`measureIntervalUncertainty\` (\`upstroke intervals RECORD --uncertainty\`) state for each measurement a standard
error and a bias; its 95 % interval is value − bias ± 1.96 · se.

- **Σ** is estimated from segments of a fifth of an RR interval (100 to 160 ms) between T and P of each beat, after
  subtraction of a parabola: variance and autocorrelation up to a quarter of that time; white if no correlation is
  significant. Noise is assumed to be independent between leads.
- **Bootstrap**: the mean of the beats near the median beat, without its residual noise, is measured with 2400 realisations
  (intervals: 1200) of noise with that covariance, at sixteen positions between two samples, from R peaks that are marked as
  those of the record. The 2.5th and 97.5th percentiles of the errors give standard error and bias: the maximum of many
  noisy slopes is larger than the slope.
- **Slopes and amplitudes**: √(gᵀΣg) of the beat, times the ratio of the bootstrap's error to √(gᵀΣg) of the typical beat.
  Where the first-order approximation holds, that ratio is 1.
- **Times**: the time at which dV/dt is largest, or 0, moves by −(∂(dV/dt)/∂V)/(d²V/dt²). An onset or offset is the mean of
  its candidates weighted by their probabilities, which is differentiated. Both are stated as \`firstOrder\`; in noise another
  maximum may be the largest, so the standard error is that of the bootstrap.
- **Rounding**: the amount by which a time was rounded to whole samples is known for each beat, and is part of its bias.

The tables give the percentage of beats whose interval contains the value of the same measurement without noise, in
fractional samples; lead II, ${seconds} s of synthetic ECG with 3 % variation from beat to beat, SNR as defined by the Noise
Stress Test, R peaks at the maximum of the noisy signal. Bold: outside 92–98 %. Within that range are
${held}.
Generated by \`npx tsx scripts/study-uncertainty.ts --out docs/uncertainty.md --overwrite\`.

## Slopes

${slopes}

## Intervals

${waves}

Not included are baseline wander, which a parabola over a tenth of a second does not follow, and noise that is correlated over
more than 40 ms; errors in the definition of a wave; waves that noise hides or simulates; and beats whose shape differs much
from the record's usual one.
`;

await runAsProcess(command);
