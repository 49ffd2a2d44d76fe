/** ∂p/∂feature as bars about zero, the strongest first. */

import type { ExplainedFeature } from '../analysis/report/report-data.ts';
import { button, element } from './element.ts';
import { perUnit, signed, significant, withUnit } from './wording.ts';
import { word } from './words.ts';

/** So many are shown at once; the weaker ones on demand. */
const SHOWN = 12;

/** A feature with the length that its bar stands for. */
export interface RankedFeature {
  readonly feature: ExplainedFeature;
  /** ∂p/∂feature times the feature's standard deviation where each has one, else ∂p/∂feature. */
  readonly effect: number;
}

/**
 * Features by the size of their effect, the largest first. Derivatives by features of different units cannot be
 * compared; where every feature has its standard deviation the effect is the change of p that one of them makes,
 * otherwise the bare derivative.
 */
export function rankedFeatures(features: readonly ExplainedFeature[]): readonly RankedFeature[] {
  const comparable = isComparable(features);
  return features
    .map(feature => ({ feature, effect: (comparable ? feature.perDeviation : feature.gradient) ?? 0 }))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}

const isComparable = (features: readonly ExplainedFeature[]): boolean =>
  features.every(feature => feature.perDeviation !== null);

export function featureBars(features: readonly ExplainedFeature[], target: string): readonly HTMLElement[] {
  const ranked = rankedFeatures(features);
  const largest = Math.abs(ranked[0]?.effect ?? 0);
  const comparable = isComparable(features);
  const rows = ranked.map(({ feature, effect }) => {
    const fill = element('span', { class: effect < 0 ? 'fill lower' : 'fill raise' });
    fill.style.width = `${largest === 0 ? 0 : (50 * Math.abs(effect)) / largest}%`;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, feature.name),
      element('td', { class: 'value' }, withUnit(significant(feature.value), feature.unit)),
      element('td', { class: 'bar-cell' }, element('span', { class: 'bar about-zero' }, fill)),
      element(
        'td',
        {
          class: 'value',
          title: `∂p/∂${feature.name} = ${withUnit(signed(feature.gradient), perUnit(feature.unit))}`,
        },
        comparable ? signed(effect) : withUnit(signed(feature.gradient), perUnit(feature.unit)),
      ),
    );
  });
  const weaker = element('tbody', { class: 'weaker', hidden: '' }, ...rows.slice(SHOWN));
  const meaning = comparable ? word('featureMeaning') : word('derivativeMeaning');
  return [
    element('div', { class: 'caption' }, element('h3', {}, word('featureInfluence', { target }))),
    element('p', { class: 'setting' }, meaning),
    element(
      'div',
      { class: 'wide' },
      element('table', { class: 'features' }, element('tbody', {}, ...rows.slice(0, SHOWN)), weaker),
    ),
    ...(rows.length > SHOWN ? [allOrFew(rows.length, weaker)] : []),
  ];
}

function allOrFew(count: number, weaker: HTMLElement): HTMLButtonElement {
  const toggle = button(word('allFeatures', { count }), word('allFeaturesTitle', { count }), () => {
    weaker.hidden = !weaker.hidden;
    toggle.textContent = weaker.hidden
      ? word('allFeatures', { count })
      : word('strongestOnly', { count: SHOWN });
    toggle.setAttribute('aria-expanded', String(!weaker.hidden));
  });
  toggle.classList.add('more');
  toggle.setAttribute('aria-expanded', 'false');
  return toggle;
}
