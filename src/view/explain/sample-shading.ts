/** Shading of a beat's waveform by a value of each sample: what may be shown, its scale, and how it is painted. */
import type { ReportExplanation } from '../../analysis/report/report-data.ts';
import { element } from '../element.ts';
import { perUnit, signed } from '../number-format.ts';
import { colour } from '../palette.ts';
import type { Surface } from '../plot.ts';
import { word } from '../translations.ts';

/** A value of each sample that shades the waveform. */
export interface Shading {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly unit: string;
  readonly below: string;
  readonly above: string;
  /** What the colours mean, in a sentence. */
  readonly meaning: string;
}

/** The shadings of an explanation, the one shown first at first. */
export function shadingsOf({
  target,
  units,
  voltageGradient,
  contributions,
  reasons,
}: ReportExplanation): readonly Shading[] {
  const gradient = {
    ...{ unit: perUnit(units), below: word('r_lowers'), above: word('r_raises') },
    meaning: word('r_gradientMeaning', { target }),
  };
  return [
    ...(contributions
      ? [
          {
            name: word('r_contribution', { target }),
            values: contributions,
            ...{ unit: '', below: word('r_against'), above: word('r_for') },
            meaning: word('r_contributionMeaning', { target }),
          },
        ]
      : []),
    ...(reasons
      ? [{ name: word('shading_smoothed', { target }), values: reasons.smoothedGradient, ...gradient }]
      : []),
    { name: `∂p(${target})/∂V`, values: voltageGradient, ...gradient },
  ];
}

/** The list of shadings, with the first chosen. */
export function shadingChoice(
  choices: readonly Shading[],
  onChange: (shading: Shading) => void,
): HTMLElement {
  const list = element('select', { id: 'explanation-shading' });
  choices.forEach(({ name }, k) => {
    list.append(element('option', { value: String(k) }, name));
  });
  list.addEventListener('change', () => onChange(choices[Number(list.value)]!));
  return element('label', { class: 'says' }, `${word('shadeBy')} `, list);
}

export function largestOf(values: readonly (number | null)[]): number {
  const most = strongestSample(values);
  return most === undefined ? 0 : Math.abs(values[most]!);
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

/** The scale of the colours: both ends, with a ramp between them. */
export function legend({ values, unit, below, above }: Shading): HTMLElement[] {
  const largest = largestOf(values);
  return [
    element('span', {}, signed(-largest)),
    element('span', { class: 'ramp', role: 'img', 'aria-label': word('r_ramp', { below, above }) }),
    element('span', {}, `${signed(largest)} ${unit}`.trim()),
  ];
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
