/** The explanation of a beat's class as text. */
import type { BeatReasons } from '../analysis/beat-reasons.ts';
import type { ClassifiedBeats } from '../analysis/classify.ts';
import { type MeasuredFeature, withMeasured } from '../analysis/explanations/natural-units.ts';
import type { LeadBeats } from '../analysis/lead-beats.ts';
import type { RPeakGradient } from '../analysis/r-peak-gradient.ts';
import type { TypicalBeatGradient } from '../analysis/typical-beat-gradient.ts';
import { featureMeaning, relationToTypical } from '../beat/features/feature-glossary.ts';
import { InputError } from '../input-error.ts';
import { counted, print, researchNotice } from './output.ts';
import { formatTable } from './table.ts';

/** A beat with its explanation. */
export interface DescribedBeat {
  readonly beat: number;
  readonly beats: LeadBeats;
  readonly classified: ClassifiedBeats;
  readonly reasons: BeatReasons;
  readonly warnings: readonly string[];
  readonly throughRPeak?: RPeakGradient;
  readonly throughTypicalBeat?: TypicalBeatGradient;
}

/** Time of the R peak in s from the start of the record. */
export const timeOf = ({ beat, beats }: DescribedBeat): number =>
  (beats.start + beats.rPeaks[beat]!) / beats.samplingFrequency;

/** Number of features that are described in the text; with --json all are. */
const describedFeatures = 3;

/** Prints an explanation. Throws `InputError` if the beat has no class. */
export function printReasons(described: DescribedBeat): void {
  const { beat, beats, classified, reasons } = described;
  const called = classified.classes[beat];
  if (called === undefined) throw new InputError(`beat ${beat} has no class`);
  const symbol = beats.symbols[beat] === '' ? '' : `, annotated ${beats.symbols[beat]}`;
  const time = timeOf(described).toFixed(3);
  print(`${beats.record}, lead ${beats.lead}, beat ${beat} at ${time} s: called ${called}${symbol}\n`);
  print(reasons.classes.map((name, k) => `p(${name}) ${reasons.probabilities[k]!.toFixed(4)}`).join('   '));
  for (const note of [...beats.notes, ...classified.notes]) print(`note: ${note}`);
  print(`\nwhat moves p(${reasons.target}), most influential first:\n`);
  const rows = withMeasured(reasons.features, classified.features, beats.rPeaks, beat).map(
    ({ name, unit, value, gradient, perDeviation, measured }) => [
      name,
      value.toFixed(3),
      unit === '' ? (relationToTypical(name) ?? '-') : unit,
      gradient.toExponential(2),
      perDeviation.toExponential(2),
      ...measuredColumns(measured),
    ],
  );
  const head = ['feature', 'value', 'normalised', 'dp/dfeature', 'per deviation', 'measured', 'dp per unit'];
  print(formatTable([head, ...rows]));
  print(
    "\nlog ratio and difference: to the record's typical beat (0.69 is twice as much); measured: in the unit of what is measured," +
      '\nwith dp per unit while the typical beat and the other intervals stay; of the first three:',
  );
  for (const { name } of reasons.features.slice(0, describedFeatures))
    print(`  ${name}: ${featureMeaning(name)}`);
  const { voltageGradient } = reasons;
  const top = largestMagnitude(voltageGradient);
  print(
    `\nthe voltage matters most ${placeOf(described, top)}: ` +
      `dp/dV = ${voltageGradient[top]!.toExponential(2)} per mV`,
  );
  for (const line of [...throughLines(described), ...reasonLines(described)]) {
    print(line);
  }
  print(`\n${researchNotice}`);
}

/** What a feature measures, in its unit, and the derivative by it. */
const measuredColumns = (measured: MeasuredFeature | undefined): string[] =>
  measured === undefined
    ? ['', '']
    : [`${measured.value.toPrecision(3)} ${measured.unit}`, measured.gradient.toExponential(2)];

/** The place of a sample of the window, relative to the R peak. */
function placeOf({ beat, beats, reasons }: DescribedBeat, sample: number): string {
  const ms = (1000 * (reasons.windowStart + sample - beats.rPeaks[beat]!)) / beats.samplingFrequency;
  return `${Math.abs(ms).toFixed(0)} ms ${ms < 0 ? 'before' : 'after'} the R peak`;
}

/** Index of the value of largest magnitude, the first of equals. */
function largestMagnitude(values: Float64Array): number {
  let top = 0;
  values.forEach((value, k) => {
    if (Math.abs(value) > Math.abs(values[top]!)) top = k;
  });
  return top;
}

/** Describes the parts of the gradient through the R peak and through the typical beat. */
function throughLines({ beat, beats, reasons, throughRPeak, throughTypicalBeat }: DescribedBeat): string[] {
  const largest = (values: Float64Array): string =>
    Math.abs(values[largestMagnitude(values)]!).toExponential(2);
  const lines: string[] = [];
  if (throughRPeak) {
    const { perSecond, perSecondOfRr, voltageGradient } = throughRPeak;
    lines.push(
      `an R peak 1 ms later changes p(${reasons.target}) by ${(perSecond / 1000).toExponential(2)}, of which ` +
        `${(perSecondOfRr / 1000).toExponential(2)} by the RR intervals; per mV at most ${largest(voltageGradient)}`,
    );
  }
  if (throughTypicalBeat) {
    const { beats: of, voltageGradient, leadGradient, kinks } = throughTypicalBeat;
    const time = (beats.start + largestMagnitude(leadGradient)) / beats.samplingFrequency;
    lines.push(
      `through the typical beat, the median of ${counted(of.length, 'beat')} ${of.includes(beat) ? 'with' : 'without'} this one, ` +
        `dp/dV is at most ${largest(voltageGradient)} per mV in this window, and ${largest(leadGradient)} at ${time.toFixed(3)} s`,
      ...(kinks.length === 0
        ? []
        : [`not differentiable in the typical beat here (medians of equal samples): ${kinks.join(', ')}`]),
    );
  }
  return lines;
}

/** Describes the log-odds, kinks and smallest changes of class. */
function reasonLines(described: DescribedBeat): string[] {
  const { integrated, counterfactual, kinks, target } = described.reasons;
  const { contributions, score, baselineScore, completenessError } = integrated;
  const top = largestMagnitude(contributions);
  const { features, voltage } = counterfactual;
  return [
    `log-odds of ${target}: ${score.toFixed(2)}, for the record's typical beat instead ${baselineScore.toFixed(2)}; ` +
      `the samples' contributions sum to the difference within ${(100 * completenessError).toFixed(1)} %, the largest (${contributions[top]!.toFixed(2)}) ${placeOf(described, top)}`,
    ...(kinks.length === 0
      ? []
      : [
          `not differentiable here (a tie of samples, or a maximum about to move to another sample): ${kinks.join(', ')}`,
        ]),
    features === undefined
      ? 'no change of six features within five standard deviations that changes the class was found'
      : `it would be ${features.to} with ${features.changes
          .map(({ name, from, to }) => `${name} ${to.toFixed(3)} instead of ${from.toFixed(3)}`)
          .join(', ')}`,
    voltage === undefined
      ? 'no change of the voltage below 40 Hz and within 0.5 mV that changes the class was found'
      : `or with the voltage changed by ${(1000 * voltage.rmsMillivolts).toFixed(0)} µV (root mean square), then ${voltage.to}`,
    ...(features && voltage && features.to !== voltage.to
      ? [
          'the two differ because each is the smallest of its kind: of features in standard deviations, of voltage in mV',
        ]
      : []),
  ];
}
