/** Mean electrical axes of P, QRS and T in the frontal plane. */
import { levelBeforeQrs } from '../delineate/isoelectric-level.ts';
import type { WaveBorders } from './beat-intervals.ts';

/**
 * Axes in degrees, −180 to 180: 0 points to the left arm, 90 downwards. Undefined when a lead or the wave is missing.
 */
export interface FrontalAxes {
  readonly p: number | undefined;
  readonly qrs: number | undefined;
  readonly t: number | undefined;
}

/** Smallest magnitude of the area vector, mV·s; the axis of a smaller one is undefined. */
const leastArea = 1e-5;

/**
 * Electrical axes of one beat from leads I and II, or I and aVF: the direction of the vector whose projections onto the
 * two leads are the net areas of the wave. Voltages are in mV, `samplingFrequency` in Hz, and `borders` are sample
 * indices. From lead II, aVF is computed as II − I/2 (Einthoven's law). Areas in aVF are multiplied by 2/√3, because an
 * augmented lead is smaller than a bipolar one by that factor. The areas of QRS and T are relative to the level before
 * the QRS complex, that of P to the line between its onset and offset.
 *
 * @example
 * const up = Float64Array.of(0, 0, 1, 0, 0);
 * const borders = { qrsOnset: 1, qrsOffset: 3, pOnset: undefined, pPeak: undefined, pOffset: undefined, tOnset: undefined, tPeak: undefined, tOffset: undefined };
 * frontalAxes({ i: up, ii: up }, 250, borders).qrs // => 29.9…
 */
export function frontalAxes(
  leads: {
    readonly i: Float64Array;
    readonly ii?: Float64Array | undefined;
    readonly avf?: Float64Array | undefined;
  },
  samplingFrequency: number,
  borders: WaveBorders,
): FrontalAxes {
  const { i, ii, avf } = leads;
  const areasOf = (voltage: Float64Array) => waveAreas(voltage, samplingFrequency, borders);
  const [inI, inIi, inAvf] = [areasOf(i), ii && areasOf(ii), avf && areasOf(avf)];
  const axis = (wave: 'p' | 'qrs' | 't'): number | undefined => {
    const x = inI[wave];
    const y = inIi?.[wave] === undefined ? inAvf?.[wave] : x === undefined ? undefined : inIi[wave]! - x / 2;
    if (x === undefined || y === undefined || Math.hypot(x, y) < leastArea) return undefined;
    return (Math.atan2((2 / Math.sqrt(3)) * y, x) * 180) / Math.PI;
  };
  return { p: axis('p'), qrs: axis('qrs'), t: axis('t') };
}

/** Net areas of P, QRS and T in one lead, mV·s. */
function waveAreas(
  voltage: Float64Array,
  samplingFrequency: number,
  { pOnset, pOffset, qrsOnset, qrsOffset, tOffset }: WaveBorders,
): FrontalAxes {
  const level = levelBeforeQrs(voltage, samplingFrequency, qrsOnset);
  const area = (
    from: number | undefined,
    to: number | undefined,
    base: (at: number) => number | undefined,
  ): number | undefined => {
    if (from === undefined || to === undefined || to <= from) return undefined;
    let sum = 0;
    for (let k = from; k <= to; k++) sum += voltage[k]! - (base(k) ?? Number.NaN);
    return Number.isFinite(sum) ? sum / samplingFrequency : undefined;
  };
  const pLine = (at: number): number | undefined =>
    pOnset === undefined || pOffset === undefined
      ? undefined
      : voltage[pOnset]! + ((voltage[pOffset]! - voltage[pOnset]!) * (at - pOnset)) / (pOffset - pOnset);
  return {
    p: area(pOnset, pOffset, pLine),
    qrs: area(qrsOnset, qrsOffset, () => level),
    t: area(qrsOffset, tOffset, () => level),
  };
}
