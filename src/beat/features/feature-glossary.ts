/** A description of each beat feature, for explanations and for `docs/features.md`. */
import { InputError } from '../../input-error.ts';
import type { rhythmFeatureNames } from '../rhythm-estimate/rhythm-features.ts';
import { beatFeatureNames } from './beat-features.ts';
import { descriptors } from './descriptors.ts';
import { featureConstants } from './feature-constants.ts';

const ratio = "log of the beat's value over the record's typical one: 0 is typical, 0.69 twice as much";

const meanings: Readonly<Record<string, string>> = {
  upstroke: `How steeply the QRS complex rises at most (mV/s); ${ratio}.`,
  downstroke: `How steeply the QRS complex falls at most (mV/s); ${ratio}.`,
  upstrokePerAmplitude: `Steepest rise over the peak-to-peak amplitude of the QRS complex (1/s), so that a large beat is not steep for its size alone; ${ratio}.`,
  downstrokePerAmplitude: `Steepest fall over the peak-to-peak amplitude of the QRS complex (1/s); ${ratio}.`,
  slopeRmsPerAmplitude: `Root mean square of dV/dt over the QRS complex per peak-to-peak amplitude (1/s); ${ratio}.`,
  slopeWidth: `How long the complex is steep: the standard deviation in time of (dV/dt)² (s); ${ratio}. Wide complexes have more.`,
  earlySlopeShare:
    'Slope in the first part of the complex (110 to 60 ms before R) over that of the whole, minus the typical beat’s: more where the complex begins early.',
  lateSlopeShare:
    'Slope in the last part of the complex (25 to 60 ms after R) over that of the whole, minus the typical beat’s: more where the complex ends late.',
  area: `Mean distance from the isoelectric level over the QRS complex per peak-to-peak amplitude; ${ratio}. Wide complexes have more.`,
  logArea: 'The same area as it is (logarithm), not set against the typical beat.',
  slopeCorrelation:
    'Correlation of dV/dt over the QRS complex with that of the typical beat: 1 is the same shape, −1 its mirror image.',
  slopeResidual:
    'Logarithm of what is left of dV/dt after taking the typical beat’s away, over the size of the typical one: the smaller, the more alike.',
  slopeGain:
    'How many times the typical beat’s dV/dt fits into this beat’s: 1 is the same size and direction.',
  pWaveCorrelation:
    'Correlation of dV/dt where the P wave is (240 to 80 ms before R) with the typical beat’s: low where the P wave is missing or another.',
  pWaveRise: 'Steepest rise where the P wave is, over the typical beat’s QRS slope.',
  pWaveFall: 'Steepest fall where the P wave is, over the typical beat’s QRS slope.',
  pWaveHeight:
    'How far the P wave stands above the line between its feet, in typical QRS amplitudes, minus the typical beat’s.',
  stLevel:
    'Mean voltage 90 to 140 ms after R above the isoelectric level, in typical QRS amplitudes, minus the typical beat’s.',
  tWaveFall:
    'Steepest fall where the T wave is, over the typical beat’s QRS slope, minus the typical beat’s.',
  rrBeforeToRecordMean:
    'Logarithm of the RR interval before the beat over the record’s mean: negative in an early beat.',
  rrBeforeToRecordLong:
    'Logarithm of the RR interval before the beat over the record’s 90 % quantile: negative in an early beat, also where early beats are many.',
  rrBeforeToLocalMean:
    'Logarithm of the RR interval before the beat over the mean of the eleven intervals around.',
  rrAfterToBefore:
    'Logarithm of the RR interval after the beat over that before it: positive where a pause follows an early beat.',
  rrIrregularity:
    'Logarithm of the median change from RR interval to RR interval around: small in a regular rhythm, large in atrial fibrillation.',
};

/** The inputs of models of the waveform. */
const rhythmMeanings: Readonly<Record<(typeof rhythmFeatureNames)[number], string>> = {
  rrChange: 'Logarithm of the median change between neighbouring RR intervals around (20 beats each side).',
  rrChangeLeastLag:
    'The same for the least of the changes over one, two and three intervals: small in bigeminy, large in fibrillation.',
  rrRegularShare: 'Share of the changes between neighbouring RR intervals around that are below 3 %.',
  pWaveConsistency:
    'Mean correlation of dV/dt before the QRS complexes around: near 1 with a constant P wave, near 0 in fibrillation.',
  flutterPeriodicity:
    'Largest autocorrelation of the signal between QRS complexes at the rate of flutter waves, 220 to 350 a minute.',
};

function waveformMeaning(name: string): string | undefined {
  const [, channel, ms] = /^(voltage|deviation) at (-?[\d.]+) ms$/.exec(name) ?? [];
  if (ms === undefined) return undefined;
  const what =
    channel === 'voltage' ? 'Voltage from the isoelectric level' : 'Voltage minus the typical beat’s';
  return `${what}, ${ms.replace('-', '')} ms ${ms.startsWith('-') ? 'before' : 'after'} R, in typical QRS amplitudes.`;
}

/** The description of a feature or another input of `beatInputNames`. Throws `RangeError` for an unknown name. */
export function featureMeaning(name: string): string {
  const other = Object.hasOwn(rhythmMeanings, name)
    ? rhythmMeanings[name as keyof typeof rhythmMeanings]
    : waveformMeaning(name);
  if (other !== undefined) return other;
  if (!Object.hasOwn(meanings, name)) throw new InputError(`there is no beat feature ${name}`);
  return meanings[name]!;
}

/** The glossary as Markdown. */
export function featureGlossary(): string {
  const against = new Map(descriptors.map(descriptor => [descriptor.name, descriptor.against]));
  const words = { ratio: 'log ratio', difference: 'difference', none: 'as it is' } as const;
  const rows = beatFeatureNames.map(({ name }) => {
    const how = against.get(name);
    return `| \`${name}\` | ${how === undefined ? 'RR' : words[how]} | ${featureMeaning(name)} |`;
  });
  const { version, scheme } = featureConstants;
  return `# Beat features

Version ${version}. Made from \`src/beat/features/feature-glossary.ts\`; a test holds both together.

All are pure numbers. dV/dt is a least-squares line over ${scheme.windowMs} ms. The typical beat is the median of the beats after the
record's longest quarter of RR intervals, so of beats that did not come early.

| feature | against the typical beat | what it says |
|---|---|---|
${rows.join('\n')}
`;
}
