/** Scatter plot of any two quantities of the beats, with a histogram of the horizontal one; a lasso selects beats. */
import { classMark, shownClass } from '../annotate/mark-style.ts';
import { element } from '../element.ts';
import { colour } from '../palette.ts';
import { createPlot, type Plot, type Surface } from '../plot.ts';
import { type Word, word } from '../translations.ts';
import { select } from '../workbench/controls.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { type BeatQuantity, beatQuantities } from './beat-columns.ts';
import { histogramOf, isInsideLasso, type Point } from './lasso.ts';

const height = 230;
const histogramHeight = 110;
/** Distance within which a press selects a point, px. */
const grasp = 12;

const offered = (Object.keys(beatQuantities) as BeatQuantity[]).filter(
  name => !['upstrokeTime', 'downstrokeTime', 'qrsOnset', 'qrsOffset'].includes(name),
);

export interface Scatter {
  show(beats: readonly number[]): void;
  redraw(): void;
  destroy(): void;
}

export function showScatter(host: HTMLElement, workbench: Workbench): Scatter {
  const { recording, selection } = workbench;
  let across: BeatQuantity = 'time';
  let up: BeatQuantity = 'upstroke';
  let shown: readonly number[] = [];
  let lasso: Point[] = [];
  let plots: Plot[] = [];
  const plotHost = element('div', { class: 'plot pointable' });
  const histogramHost = element('div', { class: 'plot' });
  const axis = (label: Word, value: BeatQuantity, onChange: (value: BeatQuantity) => void) =>
    select(
      word(label),
      offered.map(name => ({ value: name, label: word(`q_${name}` satisfies Word) })),
      value,
      name => {
        onChange(name as BeatQuantity);
        rebuild();
      },
    );
  host.append(
    element(
      'div',
      { class: 'row' },
      axis('across', across, name => {
        across = name;
      }),
      axis('up', up, name => {
        up = name;
      }),
      element('span', { class: 'setting' }, word('lassoHint')),
    ),
    plotHost,
    element('h3', {}, word('histogram')),
    histogramHost,
  );

  const quantityOf = (name: BeatQuantity, beat: number): number =>
    (recording.beats?.[name][beat] ?? Number.NaN) * beatQuantities[name].scale;
  const labelOf = (name: BeatQuantity): string =>
    `${word(`q_${name}` satisfies Word)} (${beatQuantities[name].unit || '1'})`;

  const paintPoints = (surface: Surface): void => {
    const { context, scale } = surface;
    const marks = recording.beatMarks();
    const size = (shown.length > 3000 ? 2 : 4) * scale;
    context.globalAlpha = 0.8;
    for (const beat of shown) {
      const mark = marks[beat];
      if (mark === undefined) continue;
      const isChosen = selection.value.beats.has(beat);
      context.fillStyle = colour(isChosen ? 'tangent' : classMark(shownClass(mark.symbol)).colour);
      const s = isChosen ? 1.5 * size : size;
      context.fillRect(
        surface.x(quantityOf(across, beat)) - s / 2,
        surface.y(quantityOf(up, beat)) - s / 2,
        s,
        s,
      );
      if (mark === selection.value.mark) {
        context.strokeStyle = colour('ink');
        context.lineWidth = 1.5 * scale;
        context.strokeRect(
          surface.x(quantityOf(across, beat)) - 5 * scale,
          surface.y(quantityOf(up, beat)) - 5 * scale,
          10 * scale,
          10 * scale,
        );
      }
    }
    context.globalAlpha = 1;
    if (lasso.length < 2) return;
    context.strokeStyle = colour('tangent');
    context.lineWidth = 1.5 * scale;
    context.beginPath();
    for (const { x, y } of lasso) context.lineTo(surface.left + x * scale, surface.top + y * scale);
    context.closePath();
    context.stroke();
  };

  const rebuild = (): void => {
    for (const plot of plots) plot.destroy();
    plots = [];
    const finite = shown.filter(
      beat => Number.isFinite(quantityOf(across, beat)) && Number.isFinite(quantityOf(up, beat)),
    );
    if (finite.length === 0) return;
    const [x1, x2] = extent(finite.map(beat => quantityOf(across, beat)));
    const [y1, y2] = extent(finite.map(beat => quantityOf(up, beat)));
    const scatter = createPlot({
      host: plotHost,
      description: `${labelOf(up)}, ${labelOf(across)}`,
      height,
      lines: [{ colour: 'muted', width: 0 }],
      columns: [
        [x1, x2],
        [y1, y2],
      ],
      xRange: [x1, x2],
      yRange: () => [y1, y2],
      xLabel: `${labelOf(across)} · ${labelOf(up)}`,
      drawAbove: paintPoints,
    });
    followLasso(scatter);
    const { edges, counts } = histogramOf(
      finite.map(beat => quantityOf(across, beat)),
      x1,
      x2,
      40,
    );
    const histogram = createPlot({
      host: histogramHost,
      description: `${word('histogram')}: ${labelOf(across)}`,
      height: histogramHeight,
      lines: [{ colour: 'derivative', width: 0 }],
      columns: [
        [x1, x2],
        [0, Math.max(...counts)],
      ],
      xRange: [x1, x2],
      yRange: (_low, high) => [0, high * 1.05 || 1],
      drawBelow: surface => {
        surface.context.fillStyle = colour('derivative');
        counts.forEach((count, k) => {
          const [left, right] = [surface.x(edges[k]!), surface.x(edges[k + 1]!)];
          const top = surface.y(count);
          surface.context.fillRect(left, top, Math.max(1, right - left - 1), surface.y(0) - top);
        });
      },
    });
    plots = [scatter, histogram];
  };

  const followLasso = (plot: Plot): void => {
    const { area } = plot;
    const placeOf = (event: PointerEvent): Point => {
      const box = area.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const pointOf = (beat: number): Point => {
      const [x, y] = plot.placeOf(quantityOf(across, beat), quantityOf(up, beat));
      return { x, y };
    };
    area.addEventListener('pointerdown', event => {
      area.setPointerCapture(event.pointerId);
      lasso = [placeOf(event)];
    });
    area.addEventListener('pointermove', event => {
      if (lasso.length === 0) return;
      lasso.push(placeOf(event));
      plot.redraw();
    });
    area.addEventListener('pointerup', event => {
      const drawn = lasso;
      lasso = [];
      if (drawn.length > 4) {
        selection.change({ beats: new Set(shown.filter(beat => isInsideLasso(pointOf(beat), drawn))) });
        return;
      }
      const at = placeOf(event);
      const away = (beat: number): number => Math.hypot(pointOf(beat).x - at.x, pointOf(beat).y - at.y);
      const near = shown.filter(beat => away(beat) < grasp).sort((a, b) => away(a) - away(b))[0];
      const mark = near === undefined ? undefined : recording.beatMarks()[near];
      if (mark) workbench.goTo(mark);
    });
  };

  return {
    show(beats) {
      shown = beats;
      rebuild();
    },
    redraw() {
      plots[0]?.redraw();
    },
    destroy() {
      for (const plot of plots) plot.destroy();
    },
  };
}

/** Smallest and largest value with a margin. */
function extent(values: readonly number[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const air = 0.04 * (high - low) || 0.5;
  return [low - air, high + air];
}
