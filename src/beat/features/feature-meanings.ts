/** What each beat feature and each input of the rhythm is, in a sentence: the texts of the glossary and of the pages. */
import type { rhythmFeatureNames } from '../rhythm-estimate/rhythm-features.ts';

const ratio = "natural logarithm of the ratio to the record's typical beat: 0 is typical, 0.69 twice as much";

/** A sentence for each beat feature. */
export const featureMeanings = {
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
} as const;

/** A sentence for each input of the rhythm, which models of the waveform take. */
export const rhythmMeanings = {
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
} as const satisfies Readonly<Record<(typeof rhythmFeatureNames)[number], string>>;
