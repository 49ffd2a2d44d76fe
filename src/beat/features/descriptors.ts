/**
 * Waveform descriptors of beats: slopes first, then their context. Each row of the table maps beat windows `[beats,
 * samples]` to one number per beat by differentiable operations, so that a gradient with respect to the number can be
 * propagated back to the voltage. Most are normalised by the same number of the record's typical beat, because slopes
 * vary more between patients than between beats.
 *
 * The derivative scheme, the intervals, and the small numbers that keep logarithms and quotients finite on a flat line
 * are in `featureConstants`.
 */
import { add, div, mul, neg, sub } from '../../diff/arithmetic.ts';
import { abs, log, relu, sqrt } from '../../diff/elementwise.ts';
import type { LinearOperator } from '../../diff/operator.ts';
import { linear } from '../../diff/product.ts';
import { max, mean, min, sum } from '../../diff/reduction.ts';
import { reshape } from '../../diff/reshape.ts';
import { differentiator } from '../../diff/scheme.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type BeatWindow, between, timesBetween } from './beat-window.ts';
import { featureConstants } from './feature-constants.ts';

/** The record's typical beat: medians over the beats that are not premature. */
export interface TypicalBeat {
  /** Median dV/dt at each sample of the window, mV/s. */
  readonly slope: Float64Array;
  /** Median peak-to-peak amplitude (mV) and root-mean-square slope (mV/s) of the QRS complex. */
  readonly peakToPeak: number;
  readonly slopeRms: number;
}

/** The typical beat as tensors, so that it can be differentiated: the slope `[samples]`, the others `[1]`. */
export interface TypicalTensors {
  readonly slope: Tensor;
  readonly peakToPeak: Tensor;
  readonly slopeRms: Tensor;
}

const { scheme, intervals, floors } = featureConstants;
const { qrs, isoelectric, pWave } = intervals;

/** The quantities that the descriptors are computed from: tensors `[beats, samples]` or `[beats]`. */
export interface BeatParts {
  readonly window: BeatWindow;
  readonly typical: TypicalTensors;
  readonly voltage: Tensor;
  readonly slope: Tensor;
  readonly qrsVoltage: Tensor;
  readonly qrsSlope: Tensor;
  /** (dV/dt)² over the QRS complex, and its sum. */
  readonly qrsEnergy: Tensor;
  readonly qrsEnergySum: Tensor;
  readonly pWaveSlope: Tensor;
  /** Isoelectric level, mV. */
  readonly baseline: Tensor;
  /** Mean size of the voltage of the QRS complex, relative to its peak-to-peak amplitude. */
  readonly area: Tensor;
  /** Peak-to-peak amplitude, mV; a small number is added, so that a flat line has a logarithm. */
  readonly peakToPeak: Tensor;
  /** Steepest rise and fall, mV/s, with a small number added. */
  readonly upstroke: Tensor;
  readonly downstroke: Tensor;
  readonly slopeRms: Tensor;
}

/** The last one is kept, because the windows of all beats of a lead have one length. */
let latest: { readonly samplingFrequency: number; readonly operator: LinearOperator } | undefined;

/** dV/dt of beat windows by the scheme of the features, mV/s. */
export function slopeOf(voltage: Tensor, { length, samplingFrequency }: BeatWindow): Tensor {
  if (latest?.samplingFrequency !== samplingFrequency || latest.operator.inputLength !== length) {
    latest = { samplingFrequency, operator: differentiator(scheme, length, samplingFrequency) };
  }
  return linear(latest.operator, voltage);
}

/** QRS measurements of beat windows that do not need the typical beat. */
export function qrsParts(voltage: Tensor, window: BeatWindow): Omit<BeatParts, 'typical'> {
  const slope = slopeOf(voltage, window);
  const qrsVoltage = between(voltage, window, ...qrs);
  const qrsSlope = between(slope, window, ...qrs);
  const qrsEnergy = square(qrsSlope);
  const perBeat = { axis: 1 };
  const peakToPeak = add(
    sub(max(qrsVoltage, perBeat), min(qrsVoltage, perBeat)),
    floors.peakToPeakMillivolts,
  );
  const baseline = average(between(voltage, window, ...isoelectric));
  const size = average(abs(sub(qrsVoltage, column(baseline))));
  return {
    window,
    voltage,
    slope,
    qrsVoltage,
    qrsSlope,
    qrsEnergy,
    qrsEnergySum: sum(qrsEnergy, perBeat),
    pWaveSlope: between(slope, window, ...pWave),
    baseline,
    area: div(add(size, floors.areaMillivolts), peakToPeak),
    peakToPeak,
    upstroke: add(relu(max(qrsSlope, perBeat)), floors.slopeMillivoltsPerSecond),
    downstroke: add(relu(neg(min(qrsSlope, perBeat))), floors.slopeMillivoltsPerSecond),
    slopeRms: add(rmsOf(qrsEnergy), floors.slopeMillivoltsPerSecond),
  };
}

const square = (x: Tensor): Tensor => mul(x, x);
const average = (x: Tensor): Tensor => mean(x, { axis: 1 });
const rmsOf = (squares: Tensor): Tensor => sqrt(add(average(squares), floors.slopeSquare));
const rms = (x: Tensor): Tensor => rmsOf(square(x));
const column = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, 1]);

/** The slope of the typical beat between two times. */
const typicalBetween = ({ typical, window }: BeatParts, from: number, to: number): Tensor =>
  reshape(between(reshape(typical.slope, [1, window.length]), window, from, to), [
    timesBetween(window, from, to).length,
  ]);

/**
 * Correlation about zero of each row of slopes `x`, of which `squares` are the sums of squares, with `y`. Slopes as small
 * as the floor count as 0, so that a flat segment correlates with nothing and has no large gradient.
 */
function correlation(x: Tensor, squares: Tensor, y: Tensor): Tensor {
  const floor = y.shape[0]! * floors.slopeMillivoltsPerSecond ** 2;
  const energies = mul(add(squares, floor), add(sum(square(y)), floor));
  return div(sum(mul(x, y), { axis: 1 }), sqrt(energies));
}

/** log((rms(x − y) / rms(y)) + 3 %): the logarithm of the relative deviation from the typical beat. */
function residual(x: Tensor, y: Tensor): Tensor {
  const scale = sqrt(add(mean(square(y)), floors.slopeSquare));
  return log(add(div(rms(sub(x, y)), scale), floors.residual));
}

const typicalQrsSlope = (parts: BeatParts): Tensor => typicalBetween(parts, ...qrs);

/** Standard deviation of (dV/dt)² in time, s: the duration of steep slopes. */
function slopeWidth({ qrsEnergy, qrsEnergySum, window }: BeatParts): Tensor {
  const times = tensor(timesBetween(window, ...qrs));
  const energy = add(qrsEnergySum, floors.slopeEnergy);
  const centre = div(sum(mul(qrsEnergy, times), { axis: 1 }), energy);
  const apart = sub(times, column(centre));
  const variance = div(sum(mul(qrsEnergy, square(apart)), { axis: 1 }), energy);
  return sqrt(add(variance, floors.timeVariance));
}

/** Root-mean-square slope of a part of the complex relative to that of the whole complex. */
const slopeShare =
  (from: number, to: number) =>
  ({ slope, window, slopeRms }: BeatParts): Tensor =>
    div(rms(between(slope, window, from, to)), slopeRms);

/** Mean voltage over an interval relative to the isoelectric level, in typical QRS amplitudes. */
const level =
  (from: number, to: number) =>
  (parts: BeatParts): Tensor =>
    div(
      sub(average(between(parts.voltage, parts.window, from, to)), parts.baseline),
      parts.typical.peakToPeak,
    );

/** Height of the P wave relative to the line between its onset and offset, in typical QRS amplitudes. */
function pWaveHeight({ voltage, window, typical }: BeatParts): Tensor {
  const at = (from: number, to: number): Tensor => average(between(voltage, window, from, to));
  const feet = mul(add(at(...intervals.beforeP), at(...intervals.afterP)), 0.5);
  return div(sub(at(...intervals.pPeak), feet), typical.peakToPeak);
}

const steepestFall = (slope: Tensor, { typical }: BeatParts): Tensor =>
  div(neg(min(slope, { axis: 1 })), typical.slopeRms);

/** A scalar descriptor of a beat. */
export interface Descriptor {
  readonly name: string;
  /** Unit; an empty string for a dimensionless number. */
  readonly unit: string;
  /**
   * Normalisation by the typical beat: `ratio` is log(x / median x), `difference` is x − median x, `none` is no
   * normalisation.
   */
  readonly against: 'ratio' | 'difference' | 'none';
  /** One value per beat, `[beats]`. */
  readonly of: (parts: BeatParts) => Tensor;
}

/** All descriptors, in order. */
export const descriptors: readonly Descriptor[] = [
  // The slopes of the QRS complex, in mV/s, and per amplitude, in 1/s.
  { name: 'upstroke', unit: '', against: 'ratio', of: p => p.upstroke },
  { name: 'downstroke', unit: '', against: 'ratio', of: p => p.downstroke },
  { name: 'upstrokePerAmplitude', unit: '', against: 'ratio', of: p => div(p.upstroke, p.peakToPeak) },
  { name: 'downstrokePerAmplitude', unit: '', against: 'ratio', of: p => div(p.downstroke, p.peakToPeak) },
  { name: 'slopeRmsPerAmplitude', unit: '', against: 'ratio', of: p => div(p.slopeRms, p.peakToPeak) },
  // The timing of the slopes.
  { name: 'slopeWidth', unit: '', against: 'ratio', of: slopeWidth },
  { name: 'earlySlopeShare', unit: '', against: 'difference', of: slopeShare(...intervals.earlyQrs) },
  { name: 'lateSlopeShare', unit: '', against: 'difference', of: slopeShare(...intervals.lateQrs) },
  // The shape of the complex.
  { name: 'area', unit: '', against: 'ratio', of: p => p.area },
  { name: 'logArea', unit: '', against: 'none', of: p => log(p.area) },
  {
    name: 'slopeCorrelation',
    unit: '',
    against: 'none',
    of: p => correlation(p.qrsSlope, p.qrsEnergySum, typicalQrsSlope(p)),
  },
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
    of: p => correlation(p.pWaveSlope, sum(square(p.pWaveSlope), { axis: 1 }), typicalBetween(p, ...pWave)),
  },
  {
    name: 'pWaveRise',
    unit: '',
    against: 'none',
    of: p => div(max(p.pWaveSlope, { axis: 1 }), p.typical.slopeRms),
  },
  { name: 'pWaveFall', unit: '', against: 'none', of: p => steepestFall(p.pWaveSlope, p) },
  { name: 'pWaveHeight', unit: '', against: 'difference', of: pWaveHeight },
  // The ST segment and T wave after it.
  { name: 'stLevel', unit: '', against: 'difference', of: level(...intervals.stSegment) },
  {
    name: 'tWaveFall',
    unit: '',
    against: 'difference',
    of: p => steepestFall(between(p.slope, p.window, ...intervals.tWave), p),
  },
];
