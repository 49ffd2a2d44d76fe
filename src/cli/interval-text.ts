/** Prints the intervals of a record as tables: of the median beat and spread over the beats, and of the leads. */
import type { RecordIntervals } from '../analysis/record-intervals.ts';
import type { BeatIntervals } from '../beat/intervals/beat-intervals.ts';
import type { BeatWaves, MedianWaves } from '../beat/intervals/measure-intervals.ts';
import { qtFormulas } from '../beat/intervals/qt-correction.ts';
import { quantile } from '../statistics.ts';
import { counted, print } from './output.ts';
import { formatTable } from './table.ts';

/** The formulas of QTc, and the RR interval they use. */
export const correctionText = `QTc: ${Object.entries(qtFormulas)
  .map(([name, formula]) => `${name} ${formula}`)
  .join('; ')}; in seconds. RR is the interval before the beat, or the median interval for the median beat.`;

/** The quantities of a beat that are printed in ms. */
const intervalRows: readonly (readonly [string, (of: BeatIntervals) => number | undefined])[] = [
  ['P', of => of.p],
  ['PR', of => of.pr],
  ['QRS', of => of.qrs],
  ['QT', of => of.qt],
  ['JT', of => of.jt],
  ['Tpeak–Tend', of => of.tPeakTEnd],
  ['RR', of => of.rr],
  ['QTc Bazett', of => of.qtc?.bazett],
  ['QTc Fridericia', of => of.qtc?.fridericia],
  ['QTc Framingham', of => of.qtc?.framingham],
  ['QTc Hodges', of => of.qtc?.hodges],
];

/** A duration in ms; a dash if there is none, as for a QTc that a formula makes negative. */
const ms = (seconds: number | undefined): string =>
  seconds === undefined || seconds <= 0 ? '–' : (1000 * seconds).toFixed(0);
const mv = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
const degrees = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(0)}°`);

/** The intervals of the beats over all `leads`; `assumed` marks leads whose unit or gain is assumed. */
export function printIntervals(
  leads: readonly string[],
  assumed: readonly boolean[],
  over: readonly Omit<BeatWaves, 'leads'>[],
  { atrialEvents, median, symbol, qtVariability, qtLead, notes }: RecordIntervals,
): void {
  const spread = (of: (intervals: BeatIntervals) => number | undefined): string[] => {
    const values = over.flatMap(({ intervals }) => of(intervals) ?? []);
    if (values.length === 0) return ['–', '–', '0'];
    const [low, middle, high] = [0.05, 0.5, 0.95].map(q => ms(quantile(values, q)));
    return [middle!, `${low}–${high}`, String(values.length)];
  };
  print('');
  print(
    formatTable([
      ['ms', 'median beat', 'beats', '5–95 %', 'number'],
      ...intervalRows.map(([name, of]) => [name, ms(median && of(median.intervals)), ...spread(of)]),
    ]),
  );
  print(`\n${correctionText}`);
  if (median !== undefined) printMedian(median, symbol, leads, assumed);
  if (qtVariability !== undefined) {
    const { index, meanQt, sdQt, beats: count } = qtVariability;
    print(
      `\nQT variability index (Berger 1997) in ${qtLead}: ${index.toFixed(2)}; QT ${ms(meanQt)} ± ${(1000 * sdQt).toFixed(1)} ms over ${count} beats`,
    );
  }
  if (atrialEvents.length > 0) print(`\nP waves without a QRS complex: ${atrialEvents.length}`);
  for (const note of notes) print(`note: ${note}`);
}

function printMedian(
  median: MedianWaves,
  symbol: string,
  leads: readonly string[],
  assumed: readonly boolean[],
): void {
  const kind = symbol === '' ? '' : `${symbol} `;
  const doubt = assumed.includes(true) ? ', at an assumed unit or gain where the lead has a *' : '';
  print(`\nmedian of ${counted(median.beats, `${kind}beat`)}; mV from the level before QRS${doubt}\n`);
  print(
    formatTable(
      [
        ['lead', 'QRS', 'P', 'Q', 'R', 'S', 'R′', 'T', 'J', 'J+40', 'J+60', 'J+80', 'ST mV/s'],
        ...median.leads.map(({ amplitudes, st }, k) => [
          `${leads[k]}${assumed[k] ? '*' : ''}`,
          amplitudes?.pattern ?? '–',
          ...[
            amplitudes?.p,
            amplitudes?.q,
            amplitudes?.r,
            amplitudes?.s,
            amplitudes?.rPrime,
            amplitudes?.t,
          ].map(mv),
          ...[st.j, st.j40, st.j60, st.j80, st.slope].map(mv),
        ]),
      ],
      2,
    ),
  );
  const { axes } = median;
  if (axes !== undefined) {
    print(`\nfrontal axis: P ${degrees(axes.p)}, QRS ${degrees(axes.qrs)}, T ${degrees(axes.t)}`);
  }
}
