/** The explanation of one beat: its waveform shaded by what each sample contributes, the class probabilities, and ∂p/∂feature. */

import type { ReportExplanation } from '../analysis/report/report-data.ts';
import { besideTitle, button, element, section } from './element.ts';
import { featureBars } from './features.ts';
import { decimals, perUnit, signed, significant } from './number-format.ts';
import { type ClassMark, colour, markIcon } from './palette.ts';
import { createPlot, type Surface } from './plot.ts';
import { word } from './translations.ts';

const HEIGHT = 280;

/** Adds the section to the page; `goToBeat` shows the beat in the recording, if there is one. */
export function showExplanation(
  page: HTMLElement,
  explanation: ReportExplanation,
  marks: ReadonlyMap<string, ClassMark>,
  goToBeat: (() => void) | undefined,
): void {
  const { target, units, voltage, voltageGradient: gradient, contributions, samplingFrequency } = explanation;
  const msOf = (index: number): number =>
    1000 * (explanation.startSeconds - explanation.beatTime + index / samplingFrequency);
  const strongest = strongestSample(gradient);
  const shading = contributions ?? gradient;
  const mostShaded = strongestSample(shading);
  const largest = mostShaded === undefined ? 0 : Math.abs(shading[mostShaded]!);

  const host = element('div', { class: 'plot' });
  const readout = element('output', { class: 'readout', id: 'explanation-readout' });
  const gradientUnit = perUnit(units);
  const shadedBy = contributions ? word('r_contribution', { target }) : `∂p(${target})/∂V`;
  const part = section(
    'explanation',
    word('r_explained'),
    element(
      'div',
      { class: 'columns' },
      element(
        'div',
        {},
        element('div', { class: 'caption' }, waveformTitle(units, shadedBy), readout),
        host,
        contributions
          ? legend(largest, '', word('r_against'), word('r_for'))
          : legend(largest, gradientUnit, word('r_lowers'), word('r_raises')),
        ...sentences(explanation, strongest, msOf).map(text => element('p', { class: 'says' }, text)),
      ),
      element('div', {}, probabilityBars(explanation, marks), ...featureBars(explanation.features, target)),
    ),
  );
  besideTitle(
    part,
    element(
      'p',
      { class: 'setting' },
      word('r_explainedAt', { time: decimals(explanation.beatTime, 3), target }),
    ),
    ...(goToBeat ? [button(word('r_showInRecording'), word('r_showInRecordingTitle'), goToBeat)] : []),
  );
  page.append(part);

  createPlot({
    host,
    description: word('r_explainedLabel', { shading: shadedBy }),
    height: HEIGHT,
    lines: [{ colour: 'trace', width: 2 }],
    columns: [voltage.map((_value, index) => msOf(index)), voltage],
    xRange: [msOf(-0.5), msOf(voltage.length - 0.5)],
    xLabel: word('r_fromR'),
    yRange: (low, high) => {
      const air = 0.06 * (high - low || 1);
      return [low - air, high + air];
    },
    drawBelow: surface => shade(surface, shading, largest, msOf),
    onCursor: ms => {
      if (ms === undefined) {
        readout.textContent = '';
        return;
      }
      const index = Math.round(
        (ms / 1000 + explanation.beatTime - explanation.startSeconds) * samplingFrequency,
      );
      const at = Math.max(0, Math.min(voltage.length - 1, index));
      readout.textContent = `${decimals(msOf(at), 1)} ms   ${decimals(voltage[at], 3)} ${units}   ${signed(gradient[at])} ${gradientUnit}${contributions ? `   ${signed(contributions[at])}` : ''}`;
    },
  });
}

/**
 * Paints a column of colour behind each sample: the hue shows the sign of its value, the opacity the magnitude.
 */
export function shade(
  surface: Surface,
  values: ArrayLike<number | null>,
  largest: number,
  msOf: (index: number) => number,
): void {
  if (largest === 0) return;
  const { context, top, height } = surface;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value === null) continue;
    // Whole pixels, so that adjacent columns have neither gaps nor overlaps.
    const left = Math.round(surface.x(msOf(index - 0.5)));
    const right = Math.round(surface.x(msOf(index + 0.5)));
    context.fillStyle = colour(value > 0 ? 'raise' : 'lower');
    context.globalAlpha = Math.abs(value) / largest;
    context.fillRect(left, top, right - left, height);
  }
  context.globalAlpha = 1;
}

const waveformTitle = (units: string, shading: string): HTMLElement =>
  element(
    'h3',
    {},
    `${word('r_voltage')} `,
    element('span', { class: 'unit' }, units),
    word('r_shadedBy', { shading }),
  );

function legend(largest: number, unit: string, below: string, above: string): HTMLElement {
  return element(
    'div',
    { class: 'scale' },
    element('span', {}, signed(-largest)),
    element('span', { class: 'ramp', role: 'img', 'aria-label': word('r_ramp', { below, above }) }),
    element('span', {}, `${signed(largest)} ${unit}`.trim()),
  );
}

/** Index of the sample with the largest magnitude; `undefined` when all are 0 or absent. */
export function strongestSample(values: readonly (number | null)[]): number | undefined {
  let strongest: number | undefined;
  let largest = 0;
  values.forEach((value, index) => {
    if (value !== null && Math.abs(value) > largest) {
      largest = Math.abs(value);
      strongest = index;
    }
  });
  return strongest;
}

/** An explanation of the colours in plain language. */
export function sentences(
  { target, voltageGradient: gradient, contributions, units }: ReportExplanation,
  strongest: number | undefined,
  msOf: (index: number) => number,
): readonly string[] {
  if (strongest === undefined) {
    return [word('r_certain', { target })];
  }
  const slope = gradient[strongest]!;
  return [
    contributions ? word('r_contributionMeaning', { target }) : word('r_gradientMeaning', { target }),
    word('r_strongest', {
      ms: significant(Math.abs(msOf(strongest))),
      side: word(msOf(strongest) < 0 ? 'r_before' : 'r_after'),
      units,
      change: signed(slope * 0.01 * 100),
    }),
  ];
}

function probabilityBars(explanation: ReportExplanation, marks: ReadonlyMap<string, ClassMark>): HTMLElement {
  const rows = explanation.classes.map((name, i) => {
    const fill = element('span', { class: 'fill' });
    const share = explanation.probabilities[i]!;
    fill.style.width = `${100 * share}%`;
    const mark = marks.get(name)!;
    fill.style.background = `var(--${mark.colour})`;
    return element(
      'li',
      name === explanation.target ? { class: 'target' } : {},
      element('span', { class: 'name' }, markIcon(mark), name),
      element('span', { class: 'bar' }, fill),
      element('span', { class: 'value' }, probabilityText(share)),
    );
  });
  return element(
    'div',
    { class: 'probabilities' },
    element('div', { class: 'caption' }, element('h3', {}, word('classProbability'))),
    element('ul', { class: 'bars' }, ...rows),
  );
}

/** A probability with three decimals, never rounded to exactly 0 or 1. */
export function probabilityText(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.001';
  if (share < 1 && share > 0.9995) return '> 0.999';
  return decimals(share, 3);
}
