/** The explanation of one beat: its waveform shaded by what each sample contributes, the class probabilities, and ∂p/∂feature. */

import type { ReportExplanation, ReportReasons } from '../analysis/report/report-data.ts';
import { besideTitle, button, element, section } from './element.ts';
import {
  featuresSentence,
  kinksSentence,
  oddsSentence,
  voltageSentence,
} from './explain/reason-sentences.ts';
import {
  largestOf,
  legend,
  type Shading,
  shade,
  shadingChoice,
  shadingsOf,
  strongestSample,
} from './explain/sample-shading.ts';
import { featureBars } from './features.ts';
import { decimals, perUnit, signed, significant } from './number-format.ts';
import { type ClassMark, markIcon } from './palette.ts';
import { createPlot, type Plot } from './plot.ts';
import { word } from './translations.ts';

const HEIGHT = 280;

/** Adds the section to the page; `goToBeat` shows the beat in the recording, if there is one. */
export function showExplanation(
  page: HTMLElement,
  explanation: ReportExplanation,
  marks: ReadonlyMap<string, ClassMark>,
  goToBeat: (() => void) | undefined,
): void {
  const { target, units, voltageGradient: gradient, samplingFrequency } = explanation;
  const msOf = (index: number): number =>
    1000 * (explanation.startSeconds - explanation.beatTime + index / samplingFrequency);
  const strongest = strongestSample(gradient);
  const choices = shadingsOf(explanation);
  let shading = choices[0]!;
  const host = element('div', { class: 'plot' });
  const readout = element('output', { class: 'readout', id: 'explanation-readout' });
  const scale = element('div', { class: 'scale' });
  const title = element('h3', {});
  const said = sentences(explanation, strongest, msOf).map(text => element('p', { class: 'says' }, text));
  const showShading = (): void => {
    if (strongest !== undefined) said[0]!.textContent = shading.meaning;
    title.replaceChildren(...waveformTitle(units, shading.name));
    scale.replaceChildren(...legend(shading));
    host.setAttribute('aria-label', word('r_explainedLabel', { shading: shading.name }));
  };
  const part = section(
    'explanation',
    word('r_explained'),
    element(
      'div',
      { class: 'columns' },
      element(
        'div',
        {},
        element('div', { class: 'caption' }, title, readout),
        host,
        scale,
        ...(choices.length > 1
          ? [
              shadingChoice(choices, chosen => {
                shading = chosen;
                showShading();
                plot.redraw();
              }),
            ]
          : []),
        ...said,
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

  const plot = waveformPlot(host, explanation, { readout, msOf, shading: () => shading });
  showShading();
}

/** The voltage of the beat, with the waveform of another class dotted, over the shading. */
function waveformPlot(
  host: HTMLElement,
  { voltage, voltageGradient, contributions, units, reasons, ...window }: ReportExplanation,
  {
    readout,
    msOf,
    shading,
  }: {
    readonly readout: HTMLElement;
    readonly msOf: (index: number) => number;
    readonly shading: () => Shading;
  },
): Plot {
  const changed = reasons?.counterfactual.voltage?.changed;
  return createPlot({
    host,
    description: word('r_explainedLabel', { shading: shading().name }),
    height: HEIGHT,
    lines: [
      // Below the recorded voltage, which covers it where they are the same.
      ...(changed ? [{ colour: 'class-3', width: 2, dash: [2, 2] } as const] : []),
      { colour: 'trace', width: 2 },
    ],
    columns: [voltage.map((_value, index) => msOf(index)), ...(changed ? [changed] : []), voltage],
    xRange: [msOf(-0.5), msOf(voltage.length - 0.5)],
    xLabel: word('r_fromR'),
    yRange: (low, high) => {
      const air = 0.06 * (high - low || 1);
      return [low - air, high + air];
    },
    drawBelow: surface => shade(surface, shading().values, largestOf(shading().values), msOf),
    onCursor: ms => {
      if (ms === undefined) {
        readout.textContent = '';
        return;
      }
      const index = Math.round(
        (ms / 1000 + window.beatTime - window.startSeconds) * window.samplingFrequency,
      );
      const at = Math.max(0, Math.min(voltage.length - 1, index));
      const contribution = contributions ? `   ${signed(contributions[at])}` : '';
      readout.textContent = `${decimals(msOf(at), 1)} ms   ${decimals(voltage[at], 3)} ${units}   ${signed(voltageGradient[at])} ${perUnit(units)}${contribution}`;
    },
  });
}

const waveformTitle = (units: string, shading: string): (Node | string)[] => [
  `${word('r_voltage')} `,
  element('span', { class: 'unit' }, units),
  word('r_shadedBy', { shading }),
];

/** An explanation of the colours in plain language. */
export function sentences(
  { target, voltageGradient: gradient, voltage, contributions, units, reasons }: ReportExplanation,
  strongest: number | undefined,
  msOf: (index: number) => number,
): readonly string[] {
  const others = reasons ? reasonSentences(target, voltage, reasons) : [];
  if (strongest === undefined) return [word('r_certain', { target }), ...others];
  const slope = gradient[strongest]!;
  return [
    contributions ? word('r_contributionMeaning', { target }) : word('r_gradientMeaning', { target }),
    word('r_strongest', {
      ms: significant(Math.abs(msOf(strongest))),
      side: word(msOf(strongest) < 0 ? 'r_before' : 'r_after'),
      units,
      change: signed(slope * 0.01 * 100),
    }),
    ...others,
  ];
}

/** The log-odds, the features that are not differentiable, and the smallest changes that give another class. */
function reasonSentences(
  target: string,
  voltage: readonly (number | null)[],
  reasons: ReportReasons,
): readonly string[] {
  const { features, voltage: change } = reasons.counterfactual;
  const kinked = kinksSentence(reasons.kinks);
  const largest = Math.max(
    ...(change?.changed ?? []).map((value, k) => Math.abs((value ?? 0) - (voltage[k] ?? 0))),
  );
  return [
    oddsSentence(target, reasons),
    ...(kinked === undefined ? [] : [kinked]),
    voltageSentence(change && { ...change, largestMillivolts: largest }),
    featuresSentence(features),
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
