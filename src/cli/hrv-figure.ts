/** The figure of `hrv`: RR intervals over time, their spectrum with frequency bands, and the Poincaré plot. */
import type { HeartRateVariability } from '../beat/hrv/heart-rate-variability.ts';
import type { RrInterval } from '../beat/hrv/rr-intervals.ts';
import { successivePairs } from '../beat/hrv/time-domain.ts';
import { type Axes, paintAxes, paintDots, paintLine, rangeAround, xAt } from '../figure/axes.ts';
import { type DrawingContext, fontOf, inside } from '../figure/drawing-context.ts';
import { createSvgContext } from '../figure/svg-context.ts';

const width = 900;
const height = 560;
/** Blue, vermilion, bluish green and reddish purple of the Okabe & Ito (2008) palette. */
const colours = { nn: '#0072b2', excluded: '#d55e00', corrected: '#009e73', welch: '#cc79a7' };

/** Renders the figure as an SVG document. `title` names the record. */
export function variabilityFigure(
  intervals: readonly RrInterval[],
  variability: HeartRateVariability,
  title: string,
): string {
  const { pen, document } = createSvgContext(width, height);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = '#222';
  pen.font = fontOf(15, 600);
  pen.textBaseline = 'top';
  pen.textAlign = 'left';
  pen.fillText(title, 56, 10);
  paintIntervals(pen, intervals);
  paintSpectrum(pen, variability);
  paintPoincare(pen, intervals);
  return document();
}

function paintIntervals(pen: DrawingContext, intervals: readonly RrInterval[]): void {
  const nn = intervals.filter(({ isNormal }) => isNormal);
  const times = intervals.map(({ time }) => time);
  const axes: Axes = {
    box: { left: 56, top: 60, width: width - 76, height: 180 },
    x: { from: times[0] ?? 0, to: Math.max((times[0] ?? 0) + 1, times.at(-1) ?? 1), label: 'time, s' },
    y: {
      ...rangeAround(
        (nn.length > 0 ? nn : intervals).map(({ duration }) => 1000 * duration),
        0.15,
      ),
      label: 'ms',
    },
  };
  paintAxes(pen, axes, 'RR intervals (blue NN, orange left out, green corrected)');
  const points = (kept: readonly RrInterval[]) =>
    kept.map(({ time, duration }): [number, number] => [time, 1000 * duration]);
  inside(pen, axes.box, () => {
    const nnOnly = intervals.map(({ time, duration, isNormal }): [number, number] => [
      time,
      isNormal ? 1000 * duration : Number.NaN,
    ]);
    pen.lineWidth = 0.8;
    paintLine(pen, axes, nnOnly, colours.nn);
    paintDots(pen, axes, points(intervals.filter(({ isNormal }) => !isNormal)), colours.excluded, 1.6);
    paintDots(pen, axes, points(intervals.filter(({ corrected }) => corrected)), colours.corrected, 1.6);
  });
}

/** Frequency bands: name, lower and upper limit in Hz, and colour. */
const bands = [
  ['VLF', 0.003, 0.04, '#f3f3f3'],
  ['LF', 0.04, 0.15, '#e3eefc'],
  ['HF', 0.15, 0.4, '#e4f5ea'],
] as const;

function paintSpectrum(pen: DrawingContext, { frequency, welch }: HeartRateVariability): void {
  const box = { left: 56, top: 306, width: 480, height: 200 };
  const spectra = [
    ...(frequency === undefined ? [] : [{ ...frequency.spectrum, colour: colours.nn }]),
    ...(welch === undefined ? [] : [{ ...welch.spectrum, colour: colours.welch }]),
  ];
  // The vertical axis is scaled to the LF and HF peaks; the VLF peak, usually the highest, may be clipped.
  const heights = spectra.flatMap(({ frequency: hertz, density }) =>
    [...density].filter((_, k) => hertz[k]! >= 0.03).map(value => 1e6 * value),
  );
  const axes: Axes = {
    box,
    x: { from: 0, to: 0.4, label: 'frequency, Hz' },
    y: { from: 0, to: Math.max(1e-9, 1.1 * Math.max(0, ...heights)), label: 'ms²/Hz' },
  };
  for (const [, low, high, colour] of bands) {
    pen.fillStyle = colour;
    pen.fillRect(xAt(axes, low), box.top, xAt(axes, high) - xAt(axes, low), box.height);
  }
  paintAxes(pen, axes, 'Spectrum (blue Lomb, pink Welch)');
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  if (spectra.length === 0) {
    pen.fillText('no spectrum: too few NN intervals', box.left + box.width / 2, box.top + box.height / 2);
    return;
  }
  for (const [name, low, high] of bands) pen.fillText(name, xAt(axes, (low + high) / 2), box.top + 4);
  inside(pen, box, () => {
    pen.lineWidth = 1.3;
    for (const { frequency: hertz, density, colour } of spectra) {
      paintLine(
        pen,
        axes,
        Array.from(hertz, (f, k): [number, number] => [f, 1e6 * density[k]!]),
        colour,
      );
    }
  });
}

function paintPoincare(pen: DrawingContext, intervals: readonly RrInterval[]): void {
  const pairs = successivePairs(intervals).map(([a, b]): [number, number] => [1000 * a, 1000 * b]);
  const range = rangeAround(pairs.flat());
  const axes: Axes = {
    box: { left: 636, top: 306, width: 200, height: 200 },
    x: { ...range, label: 'NN, ms' },
    y: { ...range, label: 'next, ms' },
  };
  paintAxes(pen, axes, 'Poincaré plot');
  pen.lineWidth = 0.8;
  paintLine(
    pen,
    axes,
    [
      [range.from, range.from],
      [range.to, range.to],
    ],
    '#bbb',
  );
  inside(pen, axes.box, () => paintDots(pen, axes, pairs, colours.nn, 1.2));
}
