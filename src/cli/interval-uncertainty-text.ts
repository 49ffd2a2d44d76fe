/** Formats the uncertainty of intervals, amplitudes and the ST segment as tables. */
import type { IntervalQuantity } from '../beat/uncertainty/interval-quantities.ts';
import type { BeatWaveUncertainty, WaveUncertainty } from '../beat/uncertainty/interval-uncertainty.ts';
import type { Uncertainty } from '../beat/uncertainty/noisy-copies.ts';
import { median } from '../statistics.ts';
import { formatTable } from './table.ts';

type Shown = readonly (readonly [
  heading: string,
  quantity: IntervalQuantity,
  scale: number,
  digits: number,
])[];

const times: Shown = [
  ['P ms', 'p', 1000, 1],
  ['PR ms', 'pr', 1000, 1],
  ['QRS ms', 'qrs', 1000, 1],
  ['QT ms', 'qt', 1000, 1],
  ['JT ms', 'jt', 1000, 1],
  ['Tpeak–Tend ms', 'tPeakTEnd', 1000, 1],
  ['QTc Fridericia ms', 'qtcFridericia', 1000, 1],
];
const overLeads: Shown = [...times, ['RR ms', 'rr', 1000, 2], ['QRS axis °', 'qrsAxis', 1, 1]];
const inLead: Shown = [
  ['PR ms', 'pr', 1000, 1],
  ['QRS ms', 'qrs', 1000, 1],
  ['QT ms', 'qt', 1000, 1],
  ['R mV', 'rAmplitude', 1, 3],
  ['T mV', 'tAmplitude', 1, 3],
  ['J mV', 'stJ', 1, 3],
  ['J+60 mV', 'stJ60', 1, 3],
  ['ST mV/s', 'stSlope', 1, 2],
];

/** The median standard error and bias of the beats, over the leads and in each, and those of the median beat. */
export function intervalUncertaintyText(
  leads: readonly string[],
  beats: readonly (BeatWaveUncertainty | undefined)[],
  medianBeat: BeatWaveUncertainty | undefined,
): string {
  const known = beats.filter(beat => beat !== undefined);
  if (known.length === 0) return 'uncertainty: the noise of the leads could not be estimated';
  const over = known.map(beat => beat.over);
  const rows = [
    ['a beat', ...overLeads.map(([, ...of]) => middle(over, ...of))],
    ...(medianBeat === undefined
      ? []
      : [['median beat', ...overLeads.map(([, ...of]) => middle([medianBeat.over], ...of))]]),
  ];
  const perLead = leads.map((lead, k) => [
    lead,
    ...inLead.map(([, ...of]) =>
      middle(
        known.map(beat => beat.leads[k]!),
        ...of,
      ),
    ),
  ]);
  const headings = (shown: Shown): string[] => shown.map(([heading]) => heading);
  return [
    'standard error by the noise, median over the beats (and bias: how far noise moves the value on average)',
    formatTable([['over the leads', ...headings(overLeads)], ...rows]),
    formatTable([['a beat in lead', ...headings(inLead)], ...perLead]),
  ].join('\n\n');
}

function middle(
  all: readonly WaveUncertainty[],
  quantity: IntervalQuantity,
  scale: number,
  digits: number,
): string {
  const told: Uncertainty[] = all.flatMap(of => of[quantity] ?? []);
  if (told.length === 0) return '–';
  const se = median(told.map(of => of.se)) * scale;
  const bias = median(told.map(of => of.bias)) * scale;
  return `± ${se.toFixed(digits)} (${bias >= 0 ? '+' : '−'}${Math.abs(bias).toFixed(digits)})`;
}
