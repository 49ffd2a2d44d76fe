/**
 * The parts of an explanation that take about a second to compute: the contribution of each sample (integrated
 * gradients), and the smallest changes of the beat for which the model predicts another class (counterfactuals).
 */
import { element } from '../element.ts';
import { decimals, significant } from '../number-format.ts';
import { word } from '../translations.ts';
import { select, textButton } from '../workbench/controls.ts';
import type { BeatReason, DeeperReasons } from '../worker/beat-queries.ts';
import { featureLabel } from './feature-label.ts';
import type { Waveform } from './shaded-waveform.ts';

const shadings = ['gradient', 'smoothed', 'integrated'] as const;
export type Shading = (typeof shadings)[number];

/** The value of each sample for the chosen shading. */
function shadingValues(reason: BeatReason, deeper: DeeperReasons, shading: Shading): Float64Array {
  if (shading === 'gradient') return reason.gradient;
  return shading === 'smoothed' ? deeper.smoothedGradient : deeper.smoothedContributions;
}

/** Shows that the deeper reasons are being computed, with a button that cancels; returns the progress bar. */
export function showReasonsProgress(host: HTMLElement, onCancel: () => void): HTMLProgressElement {
  const bar = element('progress', { max: '1', value: '0', 'aria-label': word('computing') });
  const cancel = textButton(word('cancel'), onCancel);
  cancel.setAttribute('aria-label', `${word('cancel')}: ${word('computing')}`);
  host.replaceChildren(element('div', { class: 'task' }, word('computing'), bar, cancel));
  return bar;
}

/**
 * Adds the choice of shading, and the counterfactual waveform with its description. `shading` holds the choice made for
 * the previous beat, so that it is kept from beat to beat.
 */
export function showDeeperReasons(
  host: HTMLElement,
  reason: BeatReason,
  deeper: DeeperReasons,
  waveform: Waveform,
  shading: { value: Shading },
): void {
  const meaning = element('p', { class: 'setting', id: 'shading-meaning' });
  const show = (): void => {
    waveform.shadeBy(shadingValues(reason, deeper, shading.value));
    meaning.textContent = word(`shading_${shading.value}_meaning`, {
      target: reason.target,
      total: significant(deeper.integrated.contributions.reduce((sum, value) => sum + value, 0)),
    });
  };
  const { voltage, features } = deeper.counterfactual;
  waveform.showCounterfactual(voltage && reason.voltage.map((value, k) => value + voltage.change[k]!));
  host.replaceChildren(
    select(
      word('shadeBy'),
      shadings.map(value => ({ value, label: word(`shading_${value}`, { target: reason.target }) })),
      shading.value,
      value => {
        shading.value = value as Shading;
        show();
      },
    ),
    meaning,
    element('h3', {}, word('smallestChange')),
    element(
      'p',
      { class: 'says', id: 'counterfactual-voltage' },
      voltage
        ? word('voltageChange', {
            to: voltage.to,
            rms: decimals(1000 * voltage.rmsMillivolts, 0),
            most: decimals(1000 * Math.max(...voltage.change.map(Math.abs)), 0),
          })
        : word('noVoltageChange'),
    ),
    element(
      'p',
      { class: 'says', id: 'counterfactual-features' },
      features
        ? word('featureChange', {
            to: features.to,
            changes: features.changes
              .map(({ name, from, to }) => `${featureLabel(name)} ${significant(from)} → ${significant(to)}`)
              .join('; '),
          })
        : word('noFeatureChange'),
    ),
  );
  show();
}
