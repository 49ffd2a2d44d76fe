/** Line plots with common settings: the only file that uses uPlot. */
import uPlot from 'uplot';
import { element } from './element.ts';
import { logTickText, tickTexts } from './number-format.ts';
import { type Colour, colour, followTheme } from './palette.ts';

/**
 * x, then one column per line; `null` interrupts a line. Never NaN: uPlot draws nothing when the first value is NaN.
 */
export type Columns = readonly [readonly number[], ...(readonly (number | null)[])[]];

/** The plotting area during drawing, in canvas pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Canvas pixels per CSS pixel. */
  readonly scale: number;
  x(value: number): number;
  y(value: number): number;
}

export interface LineSpec {
  readonly colour: Colour;
  /** Line width in CSS pixels, evaluated at each `show`; 0 draws no line. */
  readonly width: number | (() => number);
  readonly dash?: readonly number[];
  /** Diameter of the dots at the points; no dots when absent. */
  readonly dots?: number;
}

export interface PlotSpec {
  readonly host: HTMLElement;
  /** Description for screen readers. */
  readonly description: string;
  /** Height, CSS pixels. */
  readonly height: number;
  readonly lines: readonly LineSpec[];
  readonly columns: Columns;
  readonly xLabel?: string;
  readonly xRange?: readonly [number, number];
  readonly yRange?: (low: number, high: number) => readonly [number, number];
  readonly yLog?: boolean;
  /** Only integer ticks on the x axis. */
  readonly wholeX?: boolean;
  /** No labels on the x axis, because the plot below has them. */
  readonly silentX?: boolean;
  /** No axes. */
  readonly bare?: boolean;
  /** Plots of one group share their cursor. */
  readonly group?: string;
  readonly drawBelow?: (surface: Surface) => void;
  readonly drawAbove?: (surface: Surface) => void;
  /** Called with x under the cursor; `undefined` when it has left the plot. */
  readonly onCursor?: (x: number | undefined) => void;
  /** Called when a range of x was selected by dragging. */
  readonly onSelect?: (from: number, to: number) => void;
}

export interface Plot {
  /** The plotting area, for pointer events. */
  readonly area: HTMLElement;
  /** x at a distance (CSS pixels) from the left of the plotting area. */
  xAt(left: number): number;
  /** CSS pixels from the top left of the plotting area. */
  placeOf(x: number, y: number): readonly [number, number];
  show(columns: Columns, xRange: readonly [number, number]): void;
  redraw(): void;
  /** Shows a band over a range of x, as an element, so that moving it redraws nothing. */
  frame(from: number, to: number): void;
  destroy(): void;
}

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Width of the y axis: the same in all plots, so that time lines up between panels. */
const Y_AXIS_WIDTH = 52;

/** What of a plot changes after its creation. */
interface PlotState {
  xRange: readonly [number, number] | undefined;
  band: { readonly element: HTMLElement; readonly from: number; readonly to: number } | undefined;
}

export function createPlot(spec: PlotSpec): Plot {
  const { host } = spec;
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', spec.description);
  const state: PlotState = { xRange: spec.xRange, band: undefined };
  const plot = new uPlot(optionsOf(spec, state), aligned(spec.columns), host);

  const fillHost = (): void => {
    if (host.clientWidth > 0 && host.clientWidth !== plot.width) {
      plot.setSize({ width: host.clientWidth, height: spec.height });
    }
  };
  const resizing = new ResizeObserver(fillHost);
  resizing.observe(host);
  const redraw = (): void => plot.redraw(false, true);
  const unfollow = followTheme(() => {
    // The page narrows before printing, when no resize observer is called in time.
    fillHost();
    redraw();
  });

  return {
    area: plot.over,
    xAt: left => plot.posToVal(left, 'x'),
    placeOf: (x, y) => [plot.valToPos(x, 'x'), plot.valToPos(y, 'y')],
    show(columns, range) {
      state.xRange = range;
      spec.lines.forEach((line, index) => {
        plot.series[index + 1]!.width = widthOf(line);
      });
      plot.batch(() => {
        plot.setData(aligned(columns), false);
        plot.setScale('x', { min: range[0], max: range[1] });
      });
    },
    redraw,
    frame(from, to) {
      state.band = {
        element: state.band?.element ?? plot.under.appendChild(element('div', { class: 'frame' })),
        from,
        to,
      };
      placeBand(plot, state);
    },
    destroy() {
      resizing.disconnect();
      unfollow();
      plot.destroy();
    },
  };
}

function optionsOf(spec: PlotSpec, state: PlotState): uPlot.Options {
  const { yRange, onCursor, onSelect } = spec;
  return {
    width: spec.host.clientWidth,
    height: spec.height,
    pxAlign: 0,
    padding: spec.bare ? [0, 0, 0, 0] : [8, 12, 0, 0],
    legend: { show: false },
    series: [
      {},
      ...spec.lines.map(line => ({
        stroke: () => colour(line.colour),
        width: widthOf(line),
        ...(line.dash && { dash: [...line.dash] }),
        points: line.dots
          ? { show: true, size: line.dots, width: 0, fill: () => colour(line.colour) }
          : { show: false },
      })),
    ],
    scales: {
      x: { time: false, range: (_u, low, high) => [...(state.xRange ?? apart(low, high))] },
      y: {
        ...(spec.yLog && { distr: 3 }),
        ...(yRange && { range: (_u, low, high) => [...yRange(low ?? 0, high ?? 1)] }),
      },
    },
    axes: spec.bare ? [{ show: false }, { show: false }] : axesOf(spec),
    cursor: {
      show: onCursor !== undefined,
      y: false,
      drag: { x: onSelect !== undefined, y: false, setScale: false },
      points: {
        size: 7,
        width: 0,
        fill: (_u, index) => colour(spec.lines[index - 1]!.colour),
      },
      // A double click is handled by the panel; it does not reset the scales.
      bind: { dblclick: () => null },
      ...(spec.group && { sync: { key: spec.group, scales: ['x', null] } }),
    },
    hooks: hooksOf(spec, state),
  };
}

function hooksOf(
  { drawBelow, drawAbove, onCursor, onSelect }: PlotSpec,
  state: PlotState,
): uPlot.Hooks.Arrays {
  return {
    drawAxes: [painted(drawBelow)],
    draw: [painted(drawAbove), u => placeBand(u, state)],
    ...(onCursor && {
      setCursor: [
        u => {
          const left = u.cursor.left ?? -1;
          onCursor(left < 0 ? undefined : u.posToVal(left, 'x'));
        },
      ],
    }),
    ...(onSelect && {
      setSelect: [
        u => {
          const { left, width } = u.select;
          if (width < 3) return;
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onSelect(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
        },
      ],
    }),
  };
}

/** Moves the band to its place at the current scale. */
function placeBand(u: uPlot, { band }: PlotState): void {
  if (!band) return;
  const left = u.valToPos(band.from, 'x');
  band.element.style.left = `${left}px`;
  band.element.style.width = `${u.valToPos(band.to, 'x') - left}px`;
}

const surfaceOf = (u: uPlot): Surface => ({
  context: u.ctx,
  ...pickBox(u.bbox),
  scale: uPlot.pxRatio,
  x: value => u.valToPos(value, 'x', true),
  y: value => u.valToPos(value, 'y', true),
});
const painted = (paint: ((surface: Surface) => void) | undefined) => (u: uPlot) => {
  if (!paint) return;
  const surface = surfaceOf(u);
  const { context } = surface;
  context.save();
  context.beginPath();
  context.rect(surface.left, surface.top, surface.width, surface.height);
  context.clip();
  paint(surface);
  context.restore();
};

function axesOf(spec: PlotSpec): uPlot.Axis[] {
  const common: uPlot.Axis = {
    font: FONT,
    stroke: () => colour('muted'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  return [
    {
      ...common,
      size: spec.silentX ? 6 : 28,
      gap: 6,
      ...(spec.xLabel !== undefined && {
        label: spec.xLabel,
        labelFont: FONT,
        labelSize: 18,
        labelGap: 0,
      }),
      ...(spec.wholeX && { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] }),
      values: (_u, ticks) => (spec.silentX ? ticks.map(() => '') : tickTexts(ticks)),
    },
    {
      ...common,
      size: Y_AXIS_WIDTH,
      gap: 8,
      // At least two ticks in a low plot.
      space: spec.height < 200 ? 22 : 34,
      values: (_u, ticks) => (spec.yLog ? ticks.map(logTickText) : tickTexts(ticks)),
    },
  ];
}

/** A range of positive width, also for a single value. */
const apart = (low: number | null, high: number | null): readonly [number, number] => {
  if (low === null || high === null) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
};

const widthOf = ({ width }: LineSpec): number => (typeof width === 'number' ? width : width());

const aligned = (columns: Columns): uPlot.AlignedData => {
  const [x, ...lines] = columns;
  return [[...x], ...lines.map(line => [...line])];
};

const pickBox = ({ left, top, width, height }: uPlot.BBox) => ({ left, top, width, height });
