/**
 * The feature vector of each beat for the classifier: descriptors of its waveform and of its RR intervals.
 * Differentiable in the voltage of the beat's window, with everything else held fixed: the positions of the beats, the
 * RR intervals, and the record's typical beat.
 */

import { div, sub } from '../../diff/arithmetic.ts';
import { concat } from '../../diff/concat.ts';
import { log } from '../../diff/elementwise.ts';
import { reshape } from '../../diff/reshape.ts';
import { differentiator } from '../../diff/scheme.ts';
import { slice } from '../../diff/slice.ts';
import { full, type Tensor, tensor } from '../../diff/tensor.ts';
import { requireRPeaks } from '../delineate/qrs-bounds.ts';
import { beatsOfPart, type PlacedPart, wholeLead } from '../lead-part.ts';
import { createAlignment } from './alignment.ts';
import { type BeatWindow, beatWindow, cutWindows } from './beat-window.ts';
import { type BeatParts, descriptors, qrsParts, type TypicalBeat } from './descriptors.ts';
import { featureConstants } from './feature-constants.ts';
import { intervalsBefore, nonPrematureBeats, rrFeatures } from './rr-features.ts';
import { type TypicalReference, typicalBeatOf } from './typical-beat.ts';

/**
 * Names and units of the features, in order.
 *
 * @example beatFeatureNames[0] // => { name: 'upstroke', unit: '' }
 */
export const beatFeatureNames: readonly { readonly name: string; readonly unit: string }[] = [
  ...descriptors.map(({ name, unit }) => ({ name, unit })),
  ...rrFeatures.map(({ name }) => ({ name, unit: '' })),
];

/**
 * The features of a record's beats, and what is needed to differentiate those of one beat with respect to its voltage.
 */
export interface BeatFeatures {
  /** `[beats, features]`, in the order of `beatFeatureNames`; NaN where the window contains invalid samples. */
  readonly x: Tensor;
  /** The aligned R peaks, sample indices, around which the windows lie. */
  readonly aligned: Int32Array;
  readonly window: BeatWindow;
  /** Indices of the beats that the typical beat is the median of, ascending. */
  readonly typicalBeats: Int32Array;
  readonly typical: TypicalBeat;
  /** Median voltage at each sample of the window, mV, over the beats of the typical beat. */
  readonly typicalVoltage: Float64Array;
  /** The typical beat's value of each descriptor. */
  readonly medians: Float64Array;
  /** `[beats, RR features]` */
  readonly rr: Tensor;
}

/** Beats per batch: few enough that the tensors of one stay in the CPU cache. */
const batch = 64;

/**
 * Largest number of beats, evenly spaced, that the typical beat is the median of. The beats of a day would not fit in
 * memory, and the median of ten thousand is as good. Records of half an hour have fewer beats, so no trained model
 * depends on this limit.
 */
const mostTypical = 10_000;

const evenly = (places: Int32Array, most: number): Int32Array =>
  places.length <= most
    ? places
    : Int32Array.from({ length: most }, (_, k) => places[Math.floor((k * places.length) / most)]!);

/**
 * The features of every beat of one lead. `voltage` is in mV, NaN where invalid; `rPeaks` are ascending sample indices.
 * Throws `RangeError` for fewer than two beats, or R peaks outside the signal or out of order.
 *
 * @example beatFeatures(voltage, samplingFrequency, rPeaks).x.shape // => [501, 24]
 */
export function beatFeatures(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): BeatFeatures {
  const features = createBeatFeatures(samplingFrequency, rPeaks);
  requireRPeaks(rPeaks, voltage.length);
  const lead = wholeLead(voltage);
  features.take(lead);
  features.align(lead);
  features.describe(lead);
  return features.result();
}

/** Computes the features of a lead in three passes over its parts: `take`, `align` and `describe`. */
export interface FeaturesInParts {
  /** The aligned R peaks, for the parts that `align` has processed. */
  readonly aligned: Int32Array;
  readonly window: BeatWindow;
  take(part: PlacedPart): void;
  align(part: PlacedPart): void;
  describe(part: PlacedPart): void;
  result(): BeatFeatures;
}

/**
 * The features of `beatFeatures` for a lead in parts, which need margins of a second. Throws `RangeError` for fewer
 * than two beats.
 */
export function createBeatFeatures(samplingFrequency: number, rPeaks: ArrayLike<number>): FeaturesInParts {
  const window = beatWindow(samplingFrequency);
  const intervals = intervalsBefore(rPeaks, samplingFrequency);
  const basis = evenly(nonPrematureBeats(intervals), mostTypical);
  const alignment = createAlignment(samplingFrequency, rPeaks, basis);
  const aligned = Int32Array.from(rPeaks);
  const rr = columns(rrFeatures.map(({ of }) => tensor(of(intervals))));
  const x = full([rPeaks.length, beatFeatureNames.length], 0);
  const typicalWindows = full([basis.length, window.length], 0);
  /** The slope of the latest part; that of a lead of one part is computed once. */
  let latest: { readonly voltage: Float64Array; readonly slope: Float64Array } | undefined;
  const slopeOf = ({ voltage, offset }: PlacedPart): Float64Array => {
    if (latest?.voltage === voltage && offset === 0) return latest.slope;
    const slope = differentiator(featureConstants.scheme, voltage.length, samplingFrequency).apply(voltage);
    latest = { voltage, slope };
    return slope;
  };
  const inPart = ({ offset }: PlacedPart, beats: ArrayLike<number>): Int32Array =>
    Int32Array.from(beats, beat => aligned[beat]! - offset);
  let context: TypicalReference | undefined;
  const typical = () => (context ??= typicalBeatOf(typicalWindows, window));
  return {
    aligned,
    window,
    take: part => alignment.take(part, slopeOf(part)),
    align(part) {
      alignment.align(part, slopeOf(part), aligned);
      const { first, last } = beatsOfPart(part, rPeaks);
      for (const [row, beat] of basis.entries()) {
        if (beat < first || beat >= last) continue;
        typicalWindows.data.set(
          cutWindows(part.voltage, inPart(part, [beat]), window).data,
          row * window.length,
        );
      }
    },
    describe(part) {
      latest = undefined;
      const beats = beatsOfPart(part, rPeaks);
      for (let first = beats.first; first < beats.last; first += batch) {
        const end = Math.min(first + batch, beats.last);
        const places = aligned.subarray(first, end).map(place => place - part.offset);
        const windows = cutWindows(part.voltage, places, window);
        const described = describe(windows, { window, typical: typical() }, rowsOf(rr, first, end));
        x.data.set(described.data, first * beatFeatureNames.length);
      }
    },
    result: () => ({ x, aligned, window, rr, typicalBeats: basis, ...asNumbers(typical()) }),
  };
}

const asNumbers = ({
  slope,
  peakToPeak,
  slopeRms,
  voltage,
  medians,
}: TypicalReference): Pick<BeatFeatures, 'typical' | 'typicalVoltage' | 'medians'> => ({
  typical: { slope: slope.data, peakToPeak: peakToPeak.data[0]!, slopeRms: slopeRms.data[0]! },
  typicalVoltage: voltage.data,
  medians: medians.data,
});

/** The typical beat of a record's features, as constants. */
export const typicalReference = ({
  typical,
  typicalVoltage,
  medians,
}: Pick<BeatFeatures, 'typical' | 'typicalVoltage' | 'medians'>): TypicalReference => ({
  slope: tensor(typical.slope),
  peakToPeak: tensor([typical.peakToPeak]),
  slopeRms: tensor([typical.slopeRms]),
  voltage: tensor(typicalVoltage),
  medians: tensor(medians),
});

/**
 * The voltage of one beat's window, mV, `[length]`: the input of `describeBeat`.
 *
 * @example windowOf(voltage, beatFeatures(voltage, samplingFrequency, rPeaks), 104).shape // => [311]
 */
export function windowOf(voltage: Float64Array, features: BeatFeatures, beat: number): Tensor {
  const cut = cutWindows(voltage, [features.aligned[beat]!], features.window);
  return { shape: [features.window.length], data: cut.data };
}

/**
 * A function from the voltage of a beat's window, `[length]`, to the features of that beat, `[features]`.
 * Differentiable.
 *
 * @example
 * const features = beatFeatures(voltage, samplingFrequency, rPeaks);
 * describeBeat(features, 104)(windowOf(voltage, features, 104)).shape // => [24]
 */
export function describeBeat(features: BeatFeatures, beat: number): (window: Tensor) => Tensor {
  const typical = typicalReference(features);
  const describe = describeAgainst(features, beat);
  return window => describe(window, typical);
}

/** As `describeBeat`, a function of the window and of the record's typical beat. Differentiable in both. */
export function describeAgainst(
  features: Pick<BeatFeatures, 'rr' | 'window'>,
  beat: number,
): (window: Tensor, typical: TypicalReference) => Tensor {
  const rr = rowsOf(features.rr, beat, beat + 1);
  return (voltage, typical) => {
    const windows = reshape(voltage, [1, features.window.length]);
    const described = describe(windows, { window: features.window, typical }, rr);
    return reshape(described, [beatFeatureNames.length]);
  };
}

interface Context {
  readonly window: BeatWindow;
  readonly typical: TypicalReference;
}

/** `[beats, length]` and `[beats, RR features]` → `[beats, features]`. */
function describe(windows: Tensor, { window, typical }: Context, rr: Tensor): Tensor {
  const parts: BeatParts = { ...qrsParts(windows, window), typical };
  const described = descriptors.map(({ of, against }, k) => {
    const value = of(parts);
    if (against === 'none') return value;
    const median = slice(typical.medians, [k], [k + 1]);
    return against === 'ratio' ? log(div(value, median)) : sub(value, median);
  });
  return concat([columns(described), rr], 1);
}

/** Joins vectors `[rows]` to a matrix `[rows, vectors]`. */
function columns(vectors: readonly Tensor[]): Tensor {
  return concat(
    vectors.map(v => reshape(v, [v.shape[0]!, 1])),
    1,
  );
}

function rowsOf(x: Tensor, first: number, end: number): Tensor {
  const width = x.shape[1]!;
  return { shape: [end - first, width], data: x.data.subarray(first * width, end * width) };
}
