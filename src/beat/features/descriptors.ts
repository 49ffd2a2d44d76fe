/**
 * What a beat looks like, in numbers: slopes first, then what they are set against. Each row of the table turns beat
 * windows `[beats, samples]` into one number a beat with differentiable operations, so that a gradient by the number
 * can be carried back to the millivolts. Rows are compared with the same number of the record's typical beat, because
 * what is steep for one patient is flat for another.
 *
 * The scheme of the derivative, the stretches of the beat, and the small numbers that keep logarithms and quotients
 * away from 0 on a flat line are in `featureConstants`.
 */
import { add, div, mul, neg, sub } from '../../diff/arithmetic.ts';
import { abs, log, relu, sqrt } from '../../diff/elementwise.ts';
import { linear } from '../../diff/product.ts';
import { max, mean, min, sum } from '../../diff/reduction.ts';
import { reshape } from '../../diff/reshape.ts';
import { differentiator } from '../../diff/scheme.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type BeatWindow, between, timesBetween } from './beat-window.ts';
import { featureConstants } from './feature-constants.ts';

/** The record's typical beat: medians over the beats that did not come early. */
export interface TypicalBeat {
  /** Median slope at each sample of the window, mV/s. */
  readonly slope: Float64Array;
  /** Median peak-to-peak amplitude (mV) and root-mean-square slope (mV/s) of the QRS complex. */
  readonly peakToPeak: number;
  readonly slopeRms: number;
}

const { scheme, stretches, floors } = featureConstants;
const { qrs, isoelectric, pWave } = stretches;

/** What the rows of the table are made from: tensors over `[beats, samples]` or `[beats]`. */
export interface BeatParts {
  readonly window: BeatWindow;
  readonly typical: TypicalBeat;
  readonly voltage: Tensor;
  readonly slope: Tensor;
  readonly qrsVoltage: Tensor;
  readonly qrsSlope: Tensor;
  /** mV; a floor is added, so that a flat line has a logarithm. */
  readonly peakToPeak: Tensor;
  /** mV/s, each with a floor added. */
  readonly upstroke: Tensor;
  readonly downstroke: Tensor;
  readonly slopeRms: Tensor;
}

/** QRS measures of beat windows that need no typical beat. */
export function qrsParts(voltage: Tensor, window: BeatWindow): Omit<BeatParts, 'typical'> {
  const slope = linear(differentiator(scheme, window.length, window.samplingFrequency), voltage);
  const qrsVoltage = between(voltage, window, ...qrs);
  const qrsSlope = between(slope, window, ...qrs);
  const perBeat = { axis: 1 };
  return {
    window,
    voltage,
    slope,
    qrsVoltage,
    qrsSlope,
    peakToPeak: add(sub(max(qrsVoltage, perBeat), min(qrsVoltage, perBeat)), floors.peakToPeakMillivolts),
    upstroke: add(relu(max(qrsSlope, perBeat)), floors.slopeMillivoltsPerSecond),
    downstroke: add(relu(neg(min(qrsSlope, perBeat))), floors.slopeMillivoltsPerSecond),
    slopeRms: add(rms(qrsSlope), floors.slopeMillivoltsPerSecond),
  };
}

const square = (x: Tensor): Tensor => mul(x, x);
const average = (x: Tensor): Tensor => mean(x, { axis: 1 });
const rms = (x: Tensor): Tensor => sqrt(add(average(square(x)), floors.slopeSquare));
const column = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, 1]);

/** Columns of a typical beat's array between two times. */
const typicalBetween = (data: Float64Array, window: BeatWindow, from: number, to: number): Tensor =>
  reshape(between(tensor(data, [1, data.length]), window, from, to), [timesBetween(window, from, to).length]);

/**
 * Correlation about zero of each row of slopes `x` with `y`. Slopes as small as the floor count as none: a flat stretch
 * agrees with nothing, and no gradient runs away there.
 */
function correlation(x: Tensor, y: Tensor): Tensor {
  const floor = y.shape[0]! * floors.slopeMillivoltsPerSecond ** 2;
  const energies = mul(add(sum(square(x), { axis: 1 }), floor), add(sum(square(y)), floor));
  return div(sum(mul(x, y), { axis: 1 }), sqrt(energies));
}

/** log of (rms of x − y) over (rms of y), with 3 % added: how far from the typical beat. */
function residual(x: Tensor, y: Tensor): Tensor {
  const scale = sqrt(add(mean(square(y)), floors.slopeSquare));
  return log(add(div(rms(sub(x, y)), scale), floors.residual));
}

const typicalQrsSlope = ({ typical, window }: BeatParts): Tensor =>
  typicalBetween(typical.slope, window, ...qrs);

/** The time about which dV/dt² is spread, s from the R peak. */
function slopeCentre({ qrsSlope, window }: BeatParts): Tensor {
  const energy = square(qrsSlope);
  const times = tensor(timesBetween(window, ...qrs));
  return div(sum(mul(energy, times), { axis: 1 }), add(sum(energy, { axis: 1 }), floors.slopeEnergy));
}

/** Standard deviation in time of dV/dt², s: how long the complex is steep. */
function slopeWidth(parts: BeatParts): Tensor {
  const energy = square(parts.qrsSlope);
  const times = tensor(timesBetween(parts.window, ...qrs));
  const apart = sub(times, column(slopeCentre(parts)));
  const variance = div(
    sum(mul(energy, square(apart)), { axis: 1 }),
    add(sum(energy, { axis: 1 }), floors.slopeEnergy),
  );
  return sqrt(add(variance, floors.timeVariance));
}

/** Root-mean-square slope within part of the complex over that of the whole. */
const slopeShare =
  (from: number, to: number) =>
  ({ slope, window, slopeRms }: BeatParts): Tensor =>
    div(rms(between(slope, window, from, to)), slopeRms);

const baseline = ({ voltage, window }: BeatParts): Tensor =>
  average(between(voltage, window, ...isoelectric));

const area = (parts: BeatParts): Tensor =>
  div(
    add(average(abs(sub(parts.qrsVoltage, column(baseline(parts))))), floors.areaMillivolts),
    parts.peakToPeak,
  );

/** Mean voltage over a stretch above the isoelectric level, in typical QRS amplitudes. */
const level =
  (from: number, to: number) =>
  (parts: BeatParts): Tensor =>
    div(
      sub(average(between(parts.voltage, parts.window, from, to)), baseline(parts)),
      parts.typical.peakToPeak,
    );

/** How far the P wave stands above the line between its feet, in typical QRS amplitudes. */
function pWaveHeight({ voltage, window, typical }: BeatParts): Tensor {
  const at = (from: number, to: number): Tensor => average(between(voltage, window, from, to));
  const feet = mul(add(at(...stretches.beforeP), at(...stretches.afterP)), 0.5);
  return div(sub(at(...stretches.pPeak), feet), typical.peakToPeak);
}

const steepestFall =
  (from: number, to: number) =>
  ({ slope, window, typical }: BeatParts): Tensor =>
    div(neg(min(between(slope, window, from, to), { axis: 1 })), typical.slopeRms);
const steepestRise =
  (from: number, to: number) =>
  ({ slope, window, typical }: BeatParts): Tensor =>
    div(max(between(slope, window, from, to), { axis: 1 }), typical.slopeRms);

const slopeCorrelation = (parts: BeatParts): Tensor => correlation(parts.qrsSlope, typicalQrsSlope(parts));

/** One number about a beat. */
export interface Descriptor {
  readonly name: string;
  /** Empty for a pure number. */
  readonly unit: string;
  /**
   * How it is set against the typical beat: `ratio` log(x / median x), `difference` x − median x, `none` as it is.
   */
  readonly against: 'ratio' | 'difference' | 'none';
  /** `[beats]` */
  readonly of: (parts: BeatParts) => Tensor;
}

/** The table. */
export const descriptors: readonly Descriptor[] = [
  // The slopes of the QRS complex, in mV/s, and per amplitude, in 1/s.
  { name: 'upstroke', unit: '', against: 'ratio', of: p => p.upstroke },
  { name: 'downstroke', unit: '', against: 'ratio', of: p => p.downstroke },
  { name: 'upstrokePerAmplitude', unit: '', against: 'ratio', of: p => div(p.upstroke, p.peakToPeak) },
  { name: 'downstrokePerAmplitude', unit: '', against: 'ratio', of: p => div(p.downstroke, p.peakToPeak) },
  { name: 'slopeRmsPerAmplitude', unit: '', against: 'ratio', of: p => div(p.slopeRms, p.peakToPeak) },
  // When the slope is.
  { name: 'slopeWidth', unit: '', against: 'ratio', of: slopeWidth },
  { name: 'earlySlopeShare', unit: '', against: 'difference', of: slopeShare(...stretches.earlyQrs) },
  { name: 'lateSlopeShare', unit: '', against: 'difference', of: slopeShare(...stretches.lateQrs) },
  // The shape of the complex.
  { name: 'area', unit: '', against: 'ratio', of: area },
  { name: 'logArea', unit: '', against: 'none', of: p => log(area(p)) },
  { name: 'slopeCorrelation', unit: '', against: 'none', of: slopeCorrelation },
  { name: 'slopeResidual', unit: '', against: 'none', of: p => residual(p.qrsSlope, typicalQrsSlope(p)) },
  {
    name: 'slopeGain',
    unit: '',
    against: 'none',
    of: p => {
      const y = typicalQrsSlope(p);
      return div(sum(mul(p.qrsSlope, y), { axis: 1 }), add(sum(square(y)), floors.slopeEnergy));
    },
  },
  // The P wave before it.
  {
    name: 'pWaveCorrelation',
    unit: '',
    against: 'none',
    of: p =>
      correlation(between(p.slope, p.window, ...pWave), typicalBetween(p.typical.slope, p.window, ...pWave)),
  },
  { name: 'pWaveRise', unit: '', against: 'none', of: steepestRise(...pWave) },
  { name: 'pWaveFall', unit: '', against: 'none', of: steepestFall(...pWave) },
  { name: 'pWaveHeight', unit: '', against: 'difference', of: pWaveHeight },
  // The ST segment and T wave after it.
  { name: 'stLevel', unit: '', against: 'difference', of: level(...stretches.stSegment) },
  { name: 'tWaveFall', unit: '', against: 'difference', of: steepestFall(...stretches.tWave) },
];
