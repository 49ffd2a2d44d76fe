/** Correction of the QT interval for heart rate by four formulas. All times are in s. */
import { InputError } from '../../input-error.ts';

/** Corrected QT interval (QTc) by each formula, s. */
export interface CorrectedQt {
  readonly bazett: number;
  readonly fridericia: number;
  readonly framingham: number;
  readonly hodges: number;
}

/**
 * The formulas as text, with times in s: Bazett 1920, Fridericia 1920, Sagie et al. 1992 (Framingham), Hodges et al.
 * 1983.
 *
 * @example qtFormulas.framingham // => 'QT + 0.154 (1 − RR)'
 */
export const qtFormulas: Readonly<Record<keyof CorrectedQt, string>> = {
  bazett: 'QT / RR^(1/2)',
  fridericia: 'QT / RR^(1/3)',
  framingham: 'QT + 0.154 (1 − RR)',
  hodges: 'QT + 0.00175 (60/RR − 60)',
};

/**
 * QTc from QT and the preceding RR interval, both in s. Throws `RangeError` unless RR is positive.
 *
 * @example correctQt(0.4, 1) // => { bazett: 0.4, fridericia: 0.4, framingham: 0.4, hodges: 0.4 }
 */
export function correctQt(qt: number, rr: number): CorrectedQt {
  if (!(rr > 0)) throw new InputError(`QT is corrected by an RR interval, which is not ${rr} s`);
  return {
    bazett: qt / Math.sqrt(rr),
    fridericia: qt / Math.cbrt(rr),
    framingham: qt + 0.154 * (1 - rr),
    hodges: qt + 0.00175 * (60 / rr - 60),
  };
}
