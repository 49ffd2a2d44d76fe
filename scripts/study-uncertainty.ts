/**
 * `study-uncertainty`: how often the stated 95 % intervals of each measurement hold what it is without noise, from 15 to 40
 * dB and 250 to 1000 Hz; writes the table of docs/uncertainty.md.
 */
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, list, number } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson } from '../src/cli/output.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { type Condition, coverageOf, type Quantity, quantities } from './study-uncertainty/coverage.ts';

const command = defineCommand({
  name: 'study-uncertainty',
  takes: [],
  summary: 'How often the stated 95 % intervals hold the truth on synthetic ECG: a table in Markdown.',
  options: {
    seconds: defaultsTo(number('S', 'length of each ECG', { above: 20 }), 400),
    frequencies: defaultsTo(
      list(number('HZ', 'sampling frequencies', { above: 0 }), 'HZ,…'),
      [250, 500, 1000],
      '250,500,1000',
    ),
    snrs: defaultsTo(list(number('DB', 'signal-to-noise ratios'), 'DB,…'), [15, 20, 30, 40], '15,20,30,40'),
    seed: defaultsTo(shared.seed, 1),
    out: { ...shared.out, says: 'the table, in Markdown' },
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
    }));
    if (json) {
      printJson({ seconds, seed, results }, 2);
      return 0;
    }
    const text = tableOf(results);
    if (out === undefined) print(text);
    else {
      await files.write(out, pageOf(text, seconds, heldText(results)));
      await files.commit();
      print(`wrote ${out}`);
    }
    return 0;
  },
});

type Result = { readonly condition: Condition; readonly coverage: ReturnType<typeof coverageOf> };

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

const percentOf = ({ held, beats }: { readonly held: number; readonly beats: number }): number =>
  (100 * held) / beats;

/** Cells outside 92 to 98 % are in bold. */
function tableOf(results: readonly Result[]): string {
  const cell = (percent: number): string => {
    const text = percent.toFixed(0);
    return isNear(percent) ? text : `**${text}**`;
  };
  return [
    `| Hz | noise | dB | beats | ${quantities.map(quantity => names[quantity]).join(' | ')} |`,
    `|${'---|'.repeat(quantities.length + 4)}`,
    ...results.map(({ condition: { samplingFrequency, noise, snrDb }, coverage }) => {
      const cells = quantities.map(quantity => cell(percentOf(coverage[quantity])));
      const beats = coverage.rAmplitude.beats;
      return `| ${samplingFrequency} | ${noise} | ${snrDb} | ${beats} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

const isNear = (percent: number): boolean => percent >= 91.5 && percent < 98.5;

/** How many cells are within 92 to 98 %, and the lowest. */
function heldText(results: readonly Result[]): string {
  const percents = results.flatMap(({ coverage }) =>
    quantities.map(quantity => percentOf(coverage[quantity])),
  );
  return `${percents.filter(isNear).length} of ${percents.length} cells are within 92–98 %, the lowest is ${Math.min(...percents).toFixed(0)} %.`;
}

const pageOf = (table: string, seconds: number, held: string): string => `# Uncertainty of a measurement

A measurement on a beat is a function m of the voltage V. Noise of covariance Σ goes through its derivative
g = ∂m/∂V, which the derivative core gives: σ² = gᵀΣg. \`measureUncertainty\` (\`upstroke slopes RECORD --uncertainty\`)
states for each measurement a standard error and a bias; its 95 % interval is value − bias ± 1.96 · se.

- **Σ** is estimated from the quiet parts of the lead, 100 ms between T and P of each beat, after a parabola: variance and
  autocorrelation to 20 ms; white where no correlation stands out.
- **Slopes and amplitudes**: √(gᵀΣg) of the beat, times the ratio of the bootstrap's error to √(gᵀΣg) of the median beat.
  Where the first order holds that ratio is 1.
- **Times**: a place where dV/dt is largest or 0 moves by −(∂(dV/dt)/∂V)/(d²V/dt²); in noise another place may be the
  largest, so the stated error is the bootstrap's, to which \`firstOrder\` stands beside. Onsets and offsets are maxima of a
  score and are bootstrapped. Rounding to a sample is in all of them.
- **Bias**: the steepest of many noisy slopes is steeper than the slope. The bootstrap draws the record's median beat 800
  times in noise of the same covariance, measures it as a record is measured, and takes the 2.5th and 97.5th percentile.

The table: per cent of beats whose interval holds the value that the same measurement has without noise; lead II, ${seconds} s of
synthetic ECG with 3 % variation from beat to beat, SNR as the Noise Stress Test counts. Bold: outside 92–98 %. ${held}
Made by \`npx tsx scripts/study-uncertainty.ts --out docs/uncertainty.md --overwrite\`.

${table}

What is not in it: baseline wander, which a parabola over 100 ms does not see; an error of the definition of a wave; beats
whose shape is far from the record's usual one.
`;

await runAsProcess(command);
