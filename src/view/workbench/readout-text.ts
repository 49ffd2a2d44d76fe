/** The readouts above the trace: values at the cursor, and the measurements of the caliper. */

import { decimals } from '../number-format.ts';
import type { CaliperReading } from '../trace/caliper.ts';
import type { Readout } from '../trace/cursor.ts';
import { word } from '../translations.ts';

/** The readout at the cursor: time, and voltage and slope of each lead. */
export function readoutText({ time, values }: Readout): string {
  const several = new Set(values.map(({ lead }) => lead)).size > 1;
  const parts = values.map(({ kind, lead, units, value }) => {
    const number = `${decimals(value, kind === 'voltage' ? 3 : 1)} ${units}`;
    return several ? `${lead} ${number}` : number;
  });
  return [`${decimals(time, 3)} s`, ...parts].join('   ');
}

/**
 * Time, heart rate, voltage difference and slope between the caliper's lines; also QT and QTc when the lines are at a
 * QT interval.
 */
export function caliperText({ milliseconds, rate, millivolts, slope, qt }: CaliperReading): string {
  return [
    `${decimals(milliseconds, 0)} ms`,
    `${decimals(rate, 0)} ${word('perMinute')}`,
    `${decimals(millivolts, 3)} mV`,
    `${decimals(slope, 1)} mV/s`,
    ...(qt
      ? [
          `QT ${decimals(qt.qt, 0)} ms`,
          `QTc Bazett ${decimals(qt.bazett, 0)}, Fridericia ${decimals(qt.fridericia, 0)} ms`,
        ]
      : []),
  ].join('   ');
}
