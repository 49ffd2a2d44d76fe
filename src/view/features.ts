/** Bar chart of ∂p/∂feature, in order of magnitude. */

import type { ExplainedFeature } from '../analysis/report/report-data.ts';
import { button, element } from './element.ts';
import { featureLabel, featureSentence } from './explain/feature-label.ts';
import { perUnit, signed, significant, withUnit } from './number-format.ts';
import { word } from './translations.ts';

/** Number of bars shown initially; the others on demand. */
const SHOWN = 12;

/** A feature and the value of its bar. */
export interface RankedFeature {
  readonly feature: ExplainedFeature;
  /** ∂p/∂feature times the feature's standard deviation where each has one, else ∂p/∂feature. */
  readonly effect: number;
}

/**
 * Features in order of the magnitude of their effect. Derivatives with respect to features of different units cannot be
 * compared; where every feature has its standard deviation the effect is the change of p for one standard deviation,
 * otherwise the derivative itself.
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
      element(
        'th',
        { scope: 'row', title: featureSentence(feature.name) ?? feature.name },
        featureLabel(feature.name),
      ),
      element(
        'td',
        { class: 'value', title: measuredText(feature) },
        withUnit(significant(feature.value), feature.unit),
      ),
      element('td', { class: 'bar-cell' }, element('span', { class: 'bar about-zero' }, fill)),
      element(
        'td',
        {
          class: 'value',
          title: derivativeText(feature),
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
      { class: 'wide', tabindex: '0' },
      element('table', { class: 'features' }, element('tbody', {}, ...rows.slice(0, SHOWN)), weaker),
    ),
    ...(rows.length > SHOWN ? [allOrFew(rows.length, weaker)] : []),
  ];
}

/** What a feature measures, in its unit, beside the typical beat; empty without a unit of its own. */
function measuredText({ measured }: ExplainedFeature): string {
  if (measured === undefined) return '';
  const value = withUnit(significant(measured.value), measured.unit);
  return measured.typical === undefined
    ? value
    : word('measuredTitle', { value, typical: withUnit(significant(measured.typical), measured.unit) });
}

/** The derivative by the feature, and by what it measures. */
function derivativeText({ name, unit, gradient, measured }: ExplainedFeature): string {
  const ofFeature = `∂p/∂(${featureLabel(name)}) = ${withUnit(signed(gradient), perUnit(unit))}`;
  return measured === undefined
    ? ofFeature
    : `${ofFeature}; ${withUnit(signed(measured.gradient), perUnit(measured.unit))}`;
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
