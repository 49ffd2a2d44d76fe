/**
 * Features in the unit of what they measure. The classifier takes numbers without unit, most of them relative to the
 * record's typical beat; here a slope is in mV/s, a voltage in mV and an interval in s, with the derivative of the
 * probability for each, by the chain rule with the typical beat held fixed.
 */
import { type BeatFeatures, beatFeatureNames } from '../../beat/features/beat-features.ts';
import { descriptors } from '../../beat/features/descriptors.ts';
import { intervalsBefore } from '../../beat/features/rr-features.ts';
import type { FeatureInfluence } from '../../learn/explain.ts';

/** What a feature measures at a beat. */
export interface MeasuredFeature {
  readonly unit: string;
  readonly value: number;
  /** That of the record's typical beat, to which the feature is relative; absent for RR intervals and the waveform. */
  readonly typical?: number;
  /** ∂p per unit. The typical beat and, for an RR interval, the other intervals are held fixed. */
  readonly gradient: number;
}

/** The unit of each descriptor's quantity; those relative to the typical QRS complex are multiplied by its size. */
const quantities: Readonly<
  Record<string, { readonly unit: string; readonly times?: 'peakToPeak' | 'slopeRms' }>
> = {
  upstroke: { unit: 'mV/s' },
  downstroke: { unit: 'mV/s' },
  upstrokePerAmplitude: { unit: '1/s' },
  downstrokePerAmplitude: { unit: '1/s' },
  slopeRmsPerAmplitude: { unit: '1/s' },
  slopeWidth: { unit: 's' },
  pWaveRise: { unit: 'mV/s', times: 'slopeRms' },
  pWaveFall: { unit: 'mV/s', times: 'slopeRms' },
  tWaveFall: { unit: 'mV/s', times: 'slopeRms' },
  pWaveHeight: { unit: 'mV', times: 'peakToPeak' },
  stLevel: { unit: 'mV', times: 'peakToPeak' },
};

/** The features that are the logarithm of an RR interval over another one or a mean. */
const intervals: Readonly<Record<string, 'before' | 'after'>> = {
  rrBeforeToRecordMean: 'before',
  rrBeforeToRecordLong: 'before',
  rrBeforeToLocalMean: 'before',
  rrAfterToBefore: 'after',
};

/**
 * The quantity that a feature of beat `beat` measures, and ∂p per its unit; undefined for features that measure a
 * number without unit (a correlation, a share). Slopes and amplitudes include the small numbers that keep the feature
 * finite on a flat line (0.2 mV/s, 0.02 mV); RR intervals are limited to 0.2 to 3 s. `rPeaks` are sample indices.
 *
 * @example measuredFeature({ name: 'upstroke', value: 0, … }, features, rPeaks, 104)?.unit // => 'mV/s'
 */
export function measuredFeature(
  { name, value, gradient }: Pick<FeatureInfluence, 'name' | 'value' | 'gradient'>,
  features: Pick<BeatFeatures, 'medians' | 'typical' | 'window'>,
  rPeaks: ArrayLike<number>,
  beat: number,
): MeasuredFeature | undefined {
  const interval = intervals[name];
  if (interval !== undefined) {
    const rr = intervalsBefore(rPeaks, features.window.samplingFrequency);
    const seconds = rr[interval === 'before' ? beat : Math.min(beat + 1, rr.length - 1)]!;
    return { unit: 's', value: seconds, gradient: gradient / seconds };
  }
  if (/^(voltage|deviation) at /.test(name)) {
    const { peakToPeak } = features.typical;
    return { unit: 'mV', value: value * peakToPeak, gradient: gradient / peakToPeak };
  }
  const quantity = quantities[name];
  if (quantity === undefined) return undefined;
  const median = features.medians[beatFeatureNames.findIndex(of => of.name === name)]!;
  const times = quantity.times === undefined ? 1 : features.typical[quantity.times];
  const typical = median * times;
  switch (descriptors.find(of => of.name === name)!.against) {
    case 'ratio': {
      const measured = typical * Math.exp(value);
      return { unit: quantity.unit, value: measured, typical, gradient: gradient / measured };
    }
    case 'difference':
      return {
        unit: quantity.unit,
        value: typical + value * times,
        typical,
        gradient: gradient / times,
      };
    case 'none':
      return { unit: quantity.unit, value: value * times, typical, gradient: gradient / times };
  }
}

/** The features of an explanation, each with what it measures where that has a unit. */
export const withMeasured = <F extends Pick<FeatureInfluence, 'name' | 'value' | 'gradient'>>(
  influences: readonly F[],
  features: Pick<BeatFeatures, 'medians' | 'typical' | 'window'>,
  rPeaks: ArrayLike<number>,
  beat: number,
): (F & { readonly measured?: MeasuredFeature })[] =>
  influences.map(influence => {
    const measured = measuredFeature(influence, features, rPeaks, beat);
    return measured === undefined ? influence : { ...influence, measured };
  });
