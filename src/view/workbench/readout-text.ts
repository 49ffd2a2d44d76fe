/** The readouts above the trace: values at the cursor, and the measurements of the caliper. */

import { errorText } from '../beats/quantity-format.ts';
import { decimals } from '../number-format.ts';
import type { CaliperReading } from '../trace/caliper.ts';
import type { Readout } from '../trace/cursor.ts';
import { word } from '../translations.ts';

/** The readout at the cursor: time, and voltage and slope of each lead. */
export function readoutText({ time, values }: Readout): string {
  const several = new Set(values.map(({ lead }) => lead)).size > 1;
  const parts = values.map(({ kind, lead, units, value, error }) => {
    const number = withError(value, error, kind === 'voltage' ? 3 : 1, units);
    return several ? `${lead} ${number}` : number;
  });
  return [`${decimals(time, 3)} s`, ...parts].join('   ');
}

/**
 * Time, heart rate, voltage difference and slope between the caliper's lines; also QT and QTc when the lines are at a
 * QT interval.
 */
export function caliperText({ milliseconds, rate, millivolts, slope, errors, qt }: CaliperReading): string {
  return [
    withError(milliseconds, errors.milliseconds, 0, 'ms'),
    withError(rate, errors.rate, 0, word('perMinute')),
    withError(millivolts, errors.millivolts, 3, 'mV'),
    withError(slope, errors.slope, 1, 'mV/s'),
    ...(qt
      ? [
          `QT ${decimals(qt.qt, 0)} ms`,
          `QTc Bazett ${decimals(qt.bazett, 0)}, Fridericia ${decimals(qt.fridericia, 0)} ms`,
        ]
      : []),
  ].join('   ');
}

/** A value with its standard error, where one is known, and its unit. */
const withError = (value: number, error: number | undefined, digits: number, unit: string): string =>
  `${decimals(value, digits)}${error === undefined || !Number.isFinite(error) ? '' : ` ± ${errorText(error, digits)}`} ${unit}`;
