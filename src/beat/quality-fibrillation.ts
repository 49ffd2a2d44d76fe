/**
 * Ventricular fibrillation and flutter: an oscillation of 2 to 8 Hz without QRS complexes. Half a period later it is
 * nearly its own negative, so a filter tuned to its mean period lets little through (Kuo & Dillman 1978, *Comput
 * Cardiol*:347); and it has no part much steeper than the rest, so the fourth moment of its slope is low.
 */
import type { LeadBins } from './quality-bins.ts';

/** Length of the interval that is examined, in steps of a second, s. */
const examinedSeconds = 4;
/** Range of the mean frequency, Hz. */
const frequency = { from: 2, to: 8 };
/** Largest ratio of the sum with the signal half a period earlier to the sum of the sizes: 0 for a sine, near 1 for QRS complexes. */
const mostLeakage = 0.6;
/** Largest kurtosis of the slope over 20 ms: 1.5 for a sine, 3 for Gaussian noise, above 10 for narrow complexes. */
const mostKurtosis = 6;
const slopeSeconds = 0.02;

/** By second: 1 where it belongs to an interval of four seconds that is fibrillation or flutter. */
export function fibrillatingSeconds({ values, perSecond }: LeadBins): Uint8Array {
  const seconds = new Uint8Array(Math.ceil(values.length / perSecond));
  for (let second = 0; (second + examinedSeconds) * perSecond <= values.length; second++) {
    const from = second * perSecond;
    if (isFibrillation(values.subarray(from, from + examinedSeconds * perSecond), perSecond)) {
      seconds.fill(1, second, second + examinedSeconds);
    }
  }
  return seconds;
}

/** Whether an interval without its baseline oscillates as in fibrillation. False if a value is not valid. */
function isFibrillation(values: Float64Array, perSecond: number): boolean {
  const lag = Math.max(1, Math.round(slopeSeconds * perSecond));
  let size = 0;
  let change = 0;
  let squares = 0;
  let fourths = 0;
  for (let i = lag; i < values.length; i++) {
    const value = values[i]!;
    size += Math.abs(value);
    change += Math.abs(value - values[i - 1]!);
    const slope = (value - values[i - lag]!) ** 2;
    squares += slope;
    fourths += slope * slope;
  }
  if (!(fourths * (values.length - lag) < mostKurtosis * squares * squares)) return false;
  // The mean period of a sine, from its mean size and mean change.
  const period = (2 * Math.PI * size) / change;
  if (!(period * frequency.to > perSecond && period * frequency.from < perSecond)) return false;
  const half = Math.max(1, Math.round(period / 2));
  let passed = 0;
  let sizes = 0;
  for (let i = half; i < values.length; i++) {
    passed += Math.abs(values[i]! + values[i - half]!);
    sizes += Math.abs(values[i]!) + Math.abs(values[i - half]!);
  }
  return passed < mostLeakage * sizes;
}
