/**
 * The explanation panel: class probabilities of the selected beat, ∂p/∂V and ∂p/∂feature, and the effect of modifying
 * its QRS complex.
 */

import { classMark } from '../annotate/mark-style.ts';
import { beatNear } from '../beats/beat-columns.ts';
import { selectedBeat } from '../beats/beats-panel.ts';
import { element, section } from '../element.ts';
import { errorText } from '../error-text.ts';
import { probabilityText } from '../explanation.ts';
import { featureBars } from '../features.ts';
import { decimals } from '../number-format.ts';
import { markIcon } from '../palette.ts';
import { word } from '../translations.ts';
import { slider, textButton } from '../workbench/controls.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import type { BeatReason, Reshaped } from '../worker/beat-queries.ts';
import { classNotes } from './class-notes.ts';
import { deeperReasons } from './deeper-reasons.ts';
import { featureLabel } from './feature-label.ts';
import { kinksSentence } from './reason-sentences.ts';
import { asRecorded, type Shape } from './reshape-beat.ts';
import { showWaveform, type Waveform } from './shaded-waveform.ts';

const shapeRange = { min: 0.3, max: 2.5, step: 0.01 } as const;

export function showExplanationPanel(host: HTMLElement, workbench: Workbench): Panel {
  const { recording, selection, workers, status } = workbench;
  const content = element('div', { class: 'why' });
  host.append(section('why', word('whyTitle'), content));
  let waveform: Waveform | undefined;
  let explained: number | undefined;
  let asked = 0;
  const deeper = deeperReasons(workbench);

  const explain = async (): Promise<void> => {
    const beat = selectedBeat(workbench);
    const rPeak = beat === undefined ? undefined : recording.rPeaks[beat];
    if (rPeak === explained && rPeak !== undefined) return;
    explained = rPeak;
    const mine = ++asked;
    if (rPeak === undefined) {
      waveform?.destroy();
      waveform = undefined;
      content.replaceChildren(element('p', { class: 'setting' }, word('noBeat')));
      return;
    }
    const reason = await workers.analysis.call.explainAt(rPeak);
    if (mine !== asked) return;
    waveform?.destroy();
    waveform = undefined;
    if (reason === undefined) {
      content.replaceChildren(element('p', { class: 'setting' }, word('noExplanation')));
      return;
    }
    waveform = showReason(content, reason, shape => workers.analysis.call.reshapeAt(rPeak, shape));
    const place = content.querySelector<HTMLElement>('.deeper')!;
    await deeper(place, { rPeak, reason, waveform, isWanted: () => mine === asked });
  };
  const refresh = (): void => {
    explain().catch((error: Error) => status.complain(errorText(error)));
  };
  /** When no beat is selected, selects the one nearest to the centre of the window. */
  const selectNearest = (): void => {
    const { beats, timeline } = recording;
    if (selectedBeat(workbench) !== undefined || beats === undefined) return;
    const { span } = timeline;
    const beat = beatNear(
      beats,
      (span.startSeconds + span.endSeconds) / 2,
      (span.endSeconds - span.startSeconds) / 2,
    );
    const mark = beat === undefined ? undefined : recording.beatMarks()[beat];
    if (mark) selection.change({ mark });
  };
  selectNearest();
  refresh();
  const stop = selection.follow((now, before) => {
    if (now.revision !== before.revision) selectNearest();
    if (now.mark !== before.mark || now.revision !== before.revision) refresh();
  });
  return {
    destroy() {
      stop();
      asked++;
      workers.analysis.call.cancelReasons().catch((error: Error) => status.complain(errorText(error)));
      waveform?.destroy();
    },
  };
}

/** Fills the panel for one beat; `reshape` requests the model's prediction for a modified beat. */
function showReason(
  host: HTMLElement,
  reason: BeatReason,
  reshape: (shape: Shape) => Promise<Reshaped | undefined>,
): Waveform {
  const { target, classes } = reason;
  const index = classes.indexOf(target);
  const before = reason.probabilities[index]!;
  const bars = element('ul', { class: 'bars', id: 'probabilities' });
  const whatIf = element('p', { class: 'says', id: 'what-if', 'aria-live': 'polite' });
  const plotHost = element('div', { class: 'plot' });
  const sliders = element('div', { class: 'sliders' });
  showProbabilities(bars, reason, undefined);
  host.replaceChildren(...reasonParts(reason, { bars, plotHost, sliders, whatIf }));

  let shape = asRecorded;
  let isAsking = false;
  const ask = async (): Promise<void> => {
    // One request at a time; the latest shape is requested last.
    if (isAsking) return;
    isAsking = true;
    for (let asked: Shape | undefined; asked !== shape; ) {
      asked = shape;
      const reshaped = await reshape(asked);
      if (reshaped === undefined) break;
      waveform.showReshaped(asked === asRecorded ? undefined : reshaped.voltage);
      showProbabilities(bars, reason, reshaped.probabilities);
      whatIf.textContent = word('whatIf', {
        slope: decimals(asked.slope, 2),
        width: decimals(asked.width, 2),
        amplitude: decimals(asked.amplitude, 2),
        target,
        before: probabilityText(before),
        after: probabilityText(reshaped.probabilities[index]!),
      });
    }
    isAsking = false;
  };
  const change = (now: Shape): void => {
    shape = now;
    void ask();
  };
  const waveform = showWaveform(plotHost, reason, {
    shape: () => shape,
    onChange: now => {
      change(now);
      showSliders();
    },
  });
  const showSliders = (): void => {
    const one = (key: keyof Shape, label: string): HTMLElement =>
      slider(
        label,
        { ...shapeRange, value: shape[key] },
        value => `× ${decimals(value, 2)}`,
        value => change({ ...shape, [key]: value }),
      );
    sliders.replaceChildren(
      one('slope', word('shapeSlope')),
      one('width', word('shapeWidth')),
      one('amplitude', word('shapeAmplitude')),
      textButton(word('reset'), () => {
        change(asRecorded);
        showSliders();
      }),
    );
  };
  if (reason.complex) showSliders();
  return waveform;
}

/** The elements of the panel, in order. */
function reasonParts(
  { target, classes, features, probabilities, kinks, notes }: BeatReason,
  {
    bars,
    plotHost,
    sliders,
    whatIf,
  }: Readonly<Record<'bars' | 'plotHost' | 'sliders' | 'whatIf', HTMLElement>>,
): HTMLElement[] {
  const before = probabilities[classes.indexOf(target)]!;
  const kinked = kinksSentence(kinks);
  return [
    element('h3', {}, word('classProbability')),
    bars,
    element(
      'p',
      { class: 'says' },
      word('whyWords', {
        target,
        p: probabilityText(before),
        first: featureLabel(features[0]?.name ?? ''),
        second: featureLabel(features[1]?.name ?? ''),
      }),
    ),
    ...classNotes(notes),
    element('h3', {}, word('waveformTitle')),
    plotHost,
    ...(kinked === undefined ? [] : [element('p', { class: 'setting', id: 'kinks' }, kinked)]),
    element('div', { class: 'deeper' }),
    element('h3', {}, word('reshape')),
    element('p', { class: 'setting' }, word('handleHint')),
    sliders,
    whatIf,
    ...featureBars(features, target),
  ];
}

/**
 * Draws bars of the probabilities; for a modified beat the probabilities of the recorded one are shown as a line on
 * each bar.
 */
function showProbabilities(host: HTMLElement, reason: BeatReason, now: readonly number[] | undefined): void {
  host.replaceChildren(
    ...reason.classes.map((name, k) => {
      const share = (now ?? reason.probabilities)[k]!;
      const fill = element('span', { class: 'fill' });
      fill.style.width = `${100 * share}%`;
      fill.style.background = `var(--${classMark(name).colour})`;
      const was = element('span', { class: 'was', title: word('asRecorded') });
      was.style.left = `${100 * reason.probabilities[k]!}%`;
      return element(
        'li',
        name === reason.target ? { class: 'target' } : {},
        element('span', { class: 'name' }, markIcon(classMark(name)), name),
        element('span', { class: 'bar' }, fill, ...(now ? [was] : [])),
        element('span', { class: 'value' }, probabilityText(share)),
      );
    }),
  );
}
