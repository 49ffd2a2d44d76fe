/** A description of each beat feature, for explanations and for `docs/features.md`. */
import { InputError } from '../../input-error.ts';
import type { rhythmFeatureNames } from '../rhythm-estimate/rhythm-features.ts';
import { beatFeatureNames } from './beat-features.ts';
import { descriptors } from './descriptors.ts';
import { featureConstants } from './feature-constants.ts';

const ratio = "natural logarithm of the ratio to the record's typical beat: 0 is typical, 0.69 twice as much";

const meanings: Readonly<Record<string, string>> = {
  upstroke: `Steepest rise of the QRS complex (mV/s); ${ratio}.`,
  downstroke: `Steepest fall of the QRS complex (mV/s); ${ratio}.`,
  upstrokePerAmplitude: `Steepest rise divided by the peak-to-peak amplitude of the QRS complex (1/s), so that size alone does not make a beat steep; ${ratio}.`,
  downstrokePerAmplitude: `Steepest fall divided by the peak-to-peak amplitude of the QRS complex (1/s); ${ratio}.`,
  slopeRmsPerAmplitude: `Root mean square of dV/dt over the QRS complex divided by its peak-to-peak amplitude (1/s); ${ratio}.`,
  slopeWidth: `Duration of steep slopes: the standard deviation in time of (dV/dt)² (s); ${ratio}. Larger in wide complexes.`,
  earlySlopeShare:
    'RMS slope in the first part of the complex (110 to 60 ms before R) divided by that of the whole complex, minus the same for the typical beat: larger when the complex begins early.',
  lateSlopeShare:
    'RMS slope in the last part of the complex (25 to 60 ms after R) divided by that of the whole complex, minus the same for the typical beat: larger when the complex ends late.',
  area: `Mean distance from the isoelectric level over the QRS complex divided by the peak-to-peak amplitude; ${ratio}. Larger in wide complexes.`,
  logArea: 'Natural logarithm of the same area, not relative to the typical beat.',
  slopeCorrelation:
    'Correlation of dV/dt over the QRS complex with that of the typical beat: 1 is the same shape, −1 its mirror image.',
  slopeResidual:
    'Natural logarithm of the RMS difference of dV/dt from the typical beat relative to the RMS of the typical beat, plus 3 %: smaller for more similar beats.',
  slopeGain:
    'Least-squares factor by which the typical beat’s dV/dt must be multiplied to match this beat’s: 1 is the same size and direction.',
  pWaveCorrelation:
    'Correlation of dV/dt in the interval of the P wave (240 to 80 ms before R) with that of the typical beat: low when the P wave is absent or has another shape.',
  pWaveRise:
    'Steepest rise in the interval of the P wave, relative to the RMS slope of the typical beat’s QRS complex.',
  pWaveFall:
    'Steepest fall in the interval of the P wave, relative to the RMS slope of the typical beat’s QRS complex.',
  pWaveHeight:
    'Height of the P wave above the line between its onset and offset, in typical QRS amplitudes, minus the same for the typical beat.',
  stLevel:
    'Mean voltage 90 to 140 ms after R above the isoelectric level, in typical QRS amplitudes, minus the same for the typical beat.',
  tWaveFall:
    'Steepest fall in the interval of the T wave, relative to the RMS slope of the typical beat’s QRS complex, minus the same for the typical beat.',
  rrBeforeToRecordMean:
    'Natural logarithm of the RR interval before the beat divided by the record’s mean RR interval: negative for a premature beat.',
  rrBeforeToRecordLong:
    'Natural logarithm of the RR interval before the beat divided by the 90th percentile of the record: negative for a premature beat, even if premature beats are frequent.',
  rrBeforeToLocalMean:
    'Natural logarithm of the RR interval before the beat divided by the mean of the eleven intervals around it.',
  rrAfterToBefore:
    'Natural logarithm of the RR interval after the beat divided by the one before it: positive when a pause follows a premature beat.',
  rrIrregularity:
    'Natural logarithm of the median change between successive RR intervals around the beat: small in a regular rhythm, large in atrial fibrillation.',
};

/** The inputs of models of the waveform. */
const rhythmMeanings: Readonly<Record<(typeof rhythmFeatureNames)[number], string>> = {
  rrChange:
    'Natural logarithm of the median change between successive RR intervals among the 20 beats on each side.',
  rrChangeLeastLag:
    'The same for the smallest of the changes over one, two and three intervals: small in bigeminy, large in atrial fibrillation.',
  rrRegularShare:
    'Fraction of the changes between successive RR intervals around the beat that are below 3 %.',
  pWaveConsistency:
    'Mean correlation of dV/dt before the neighbouring QRS complexes: near 1 with a constant P wave, near 0 in atrial fibrillation.',
  flutterPeriodicity:
    'Largest autocorrelation of the signal between QRS complexes at the rate of flutter waves, 220 to 350 per minute.',
};

function waveformMeaning(name: string): string | undefined {
  const [, channel, ms] = /^(voltage|deviation) at (-?[\d.]+) ms$/.exec(name) ?? [];
  if (ms === undefined) return undefined;
  const what =
    channel === 'voltage'
      ? 'Voltage relative to the isoelectric level'
      : 'Voltage minus that of the typical beat';
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

const relations = { ratio: 'log ratio', difference: 'difference', none: 'none' } as const;

/** How a beat feature is related to the typical beat, in a word or two; undefined for those of RR and other inputs. */
export function relationToTypical(name: string): string | undefined {
  const descriptor = descriptors.find(of => of.name === name);
  return descriptor && relations[descriptor.against];
}

/** The glossary as Markdown. */
export function featureGlossary(): string {
  const rows = beatFeatureNames.map(
    ({ name }) => `| \`${name}\` | ${relationToTypical(name) ?? 'RR'} | ${featureMeaning(name)} |`,
  );
  const { version, scheme } = featureConstants;
  return `# Beat features

Version ${version}. Generated from \`src/beat/features/feature-glossary.ts\`; a test checks that they agree.

All features are dimensionless. dV/dt is the slope of a least-squares line over ${scheme.windowMs} ms. The typical beat is the median
of the beats that follow the longest quarter of the record's RR intervals, and so of beats that are not premature.

| feature | relative to the typical beat | description |
|---|---|---|
${rows.join('\n')}
`;
}
