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

/** The state of a scatter plot: its quantities, its beats, the outline being drawn, and its plots. */
interface ScatterState {
  readonly workbench: Workbench;
  across: BeatQuantity;
  up: BeatQuantity;
  shown: readonly number[];
  lasso: Point[];
  plots: Plot[];
  readonly plotHost: HTMLElement;
  readonly histogramHost: HTMLElement;
}

export function showScatter(host: HTMLElement, workbench: Workbench): Scatter {
  const state: ScatterState = {
    workbench,
    across: 'time',
    up: 'upstroke',
    shown: [],
    lasso: [],
    plots: [],
    plotHost: element('div', { class: 'plot pointable' }),
    histogramHost: element('div', { class: 'plot' }),
  };
  const axis = (label: Word, value: BeatQuantity, onChange: (value: BeatQuantity) => void) =>
    select(
      word(label),
      offered.map(name => ({ value: name, label: word(`q_${name}` satisfies Word) })),
      value,
      name => {
        onChange(name as BeatQuantity);
        rebuild(state);
      },
    );
  host.append(
    element(
      'div',
      { class: 'row' },
      axis('across', state.across, name => {
        state.across = name;
      }),
      axis('up', state.up, name => {
        state.up = name;
      }),
      element('span', { class: 'setting' }, word('lassoHint')),
    ),
    state.plotHost,
    element('h3', {}, word('histogram')),
    state.histogramHost,
  );

  return {
    show(beats) {
      state.shown = beats;
      rebuild(state);
    },
    redraw() {
      for (const plot of state.plots) plot.redraw();
    },
    destroy() {
      for (const plot of state.plots) plot.destroy();
    },
  };
}

/** A quantity of a beat in its displayed unit; NaN where it could not be measured. */
const quantityOf = ({ workbench }: ScatterState, name: BeatQuantity, beat: number): number =>
  (workbench.recording.beats?.[name][beat] ?? Number.NaN) * beatQuantities[name].scale;

const labelOf = (name: BeatQuantity): string =>
  `${word(`q_${name}` satisfies Word)} (${beatQuantities[name].unit || '1'})`;

/** Paints the points, and the outline being drawn. */
function paintPoints(state: ScatterState, surface: Surface): void {
  const { workbench, shown, lasso } = state;
  const { context, scale } = surface;
  const marks = workbench.recording.beatMarks();
  const size = (shown.length > 3000 ? 2 : 4) * scale;
  context.globalAlpha = 0.8;
  for (const beat of shown) {
    const mark = marks[beat];
    if (mark === undefined) continue;
    const isChosen = workbench.selection.value.beats.has(beat);
    context.fillStyle = colour(isChosen ? 'tangent' : classMark(shownClass(mark.symbol)).colour);
    const s = isChosen ? 1.5 * size : size;
    context.fillRect(
      surface.x(quantityOf(state, state.across, beat)) - s / 2,
      surface.y(quantityOf(state, state.up, beat)) - s / 2,
      s,
      s,
    );
    if (mark === workbench.selection.value.mark) {
      context.strokeStyle = colour('ink');
      context.lineWidth = 1.5 * scale;
      context.strokeRect(
        surface.x(quantityOf(state, state.across, beat)) - 5 * scale,
        surface.y(quantityOf(state, state.up, beat)) - 5 * scale,
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
}

/** Creates both plots anew for the current quantities and beats. */
function rebuild(state: ScatterState): void {
  for (const plot of state.plots) plot.destroy();
  state.plots = [];
  const finite = state.shown.filter(
    beat =>
      Number.isFinite(quantityOf(state, state.across, beat)) &&
      Number.isFinite(quantityOf(state, state.up, beat)),
  );
  if (finite.length === 0) return;
  const [x1, x2] = extent(finite.map(beat => quantityOf(state, state.across, beat)));
  const [y1, y2] = extent(finite.map(beat => quantityOf(state, state.up, beat)));
  const scatter = createPlot({
    host: state.plotHost,
    description: `${labelOf(state.up)}, ${labelOf(state.across)}`,
    height,
    lines: [{ colour: 'muted', width: 0 }],
    columns: [
      [x1, x2],
      [y1, y2],
    ],
    xRange: [x1, x2],
    yRange: () => [y1, y2],
    xLabel: `${labelOf(state.across)} · ${labelOf(state.up)}`,
    drawAbove: surface => paintPoints(state, surface),
  });
  followLasso(state, scatter);
  const { edges, counts } = histogramOf(
    finite.map(beat => quantityOf(state, state.across, beat)),
    x1,
    x2,
    40,
  );
  const paintBars = (surface: Surface, heights: readonly number[]): void =>
    heights.forEach((count, k) => {
      const [left, right] = [surface.x(edges[k]!), surface.x(edges[k + 1]!)];
      const top = surface.y(count);
      surface.context.fillRect(left, top, Math.max(1, right - left - 1), surface.y(0) - top);
    });
  const histogram = createPlot({
    host: state.histogramHost,
    description: `${word('histogram')}: ${labelOf(state.across)}`,
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
      paintBars(surface, counts);
      const chosen = finite.filter(beat => state.workbench.selection.value.beats.has(beat));
      if (chosen.length === 0) return;
      surface.context.fillStyle = colour('tangent');
      const values = chosen.map(beat => quantityOf(state, state.across, beat));
      paintBars(surface, histogramOf(values, x1, x2, 40).counts);
    },
  });
  state.plots = [scatter, histogram];
}

/** Selects the beats inside a drawn outline, or the one that was pressed. */
function followLasso(state: ScatterState, plot: Plot): void {
  const { workbench } = state;
  const { area } = plot;
  const placeOf = (event: PointerEvent): Point => {
    const box = area.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pointOf = (beat: number): Point => {
    const [x, y] = plot.placeOf(quantityOf(state, state.across, beat), quantityOf(state, state.up, beat));
    return { x, y };
  };
  area.addEventListener('pointerdown', event => {
    area.setPointerCapture(event.pointerId);
    state.lasso = [placeOf(event)];
  });
  area.addEventListener('pointermove', event => {
    if (state.lasso.length === 0) return;
    state.lasso.push(placeOf(event));
    plot.redraw();
  });
  area.addEventListener('pointerup', event => {
    const drawn = state.lasso;
    state.lasso = [];
    if (drawn.length > 4) {
      workbench.selection.change({
        beats: new Set(state.shown.filter(beat => isInsideLasso(pointOf(beat), drawn))),
      });
      return;
    }
    const at = placeOf(event);
    const away = (beat: number): number => Math.hypot(pointOf(beat).x - at.x, pointOf(beat).y - at.y);
    const near = state.shown.filter(beat => away(beat) < grasp).sort((a, b) => away(a) - away(b))[0];
    const mark = near === undefined ? undefined : workbench.recording.beatMarks()[near];
    if (mark) workbench.goTo(mark);
  });
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
