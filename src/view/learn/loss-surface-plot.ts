/** The loss surface as contour bands with the paths of the optimisers. */
import { type Colour, colour } from '../palette.ts';
import { createPlot, type Plot, type Surface } from '../plot.ts';
import type { LossSurface, OptimizerPath } from '../worker/optimizer-comparison.ts';

const height = 320;
/** Number of contour bands, on a logarithmic scale of the loss. */
const bands = 14;

/** The style of one optimiser's path: a colour and a dash pattern, each of which distinguishes it. */
export interface PathStyle {
  readonly colour: Colour;
  readonly dash: readonly number[];
}

export const pathStyles: readonly PathStyle[] = [
  { colour: 'class-1', dash: [] },
  { colour: 'class-0', dash: [9, 4] },
  { colour: 'class-3', dash: [3, 3] },
  { colour: 'class-5', dash: [12, 4, 3, 4] },
];

export function plotLossSurface(host: HTMLElement, surface: LossSurface, description: string): Plot {
  const { x, y, paths } = surface;
  const xRange = [x[0]!, x.at(-1)!] as const;
  return createPlot({
    host,
    description,
    height,
    lines: [{ colour: 'grid', width: 0 }],
    columns: [[...xRange], [y[0]!, y.at(-1)!]],
    xRange,
    yRange: () => [y[0]!, y.at(-1)!],
    drawBelow: canvas => paintBands(canvas, surface),
    drawAbove: canvas => {
      for (const [k, path] of paths.entries()) paintPath(canvas, path, pathStyles[k]!);
    },
  });
}

/** Fills each cell with the colour of its band: the lower the loss, the stronger. */
function paintBands({ context, x: toX, y: toY }: Surface, { x, y, losses }: LossSurface): void {
  const logs = losses.map(loss => Math.log(Math.max(loss, 1e-12)));
  const finite = logs.filter(Number.isFinite);
  const [low, high] = finite.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const halfX = (x[1]! - x[0]!) / 2;
  const halfY = (y[1]! - y[0]!) / 2;
  context.fillStyle = colour('derivative');
  for (let row = 0; row < y.length; row++) {
    const top = Math.round(toY(y[row]! + halfY));
    const bottom = Math.round(toY(y[row]! - halfY));
    for (let column = 0; column < x.length; column++) {
      const value = logs[row * x.length + column]!;
      if (!Number.isFinite(value)) continue;
      const band = Math.min(bands - 1, Math.floor((bands * (value - low)) / (high - low || 1)));
      const left = Math.round(toX(x[column]! - halfX));
      context.globalAlpha = 0.75 * (1 - band / (bands - 1));
      context.fillRect(left, top, Math.round(toX(x[column]! + halfX)) - left, bottom - top);
    }
  }
  context.globalAlpha = 1;
}

function paintPath({ context, scale, x: toX, y: toY }: Surface, path: OptimizerPath, style: PathStyle): void {
  const along = (): void => {
    context.beginPath();
    path.x.forEach((x, k) => {
      if (k === 0) context.moveTo(toX(x), toY(path.y[k]!));
      else context.lineTo(toX(x), toY(path.y[k]!));
    });
    context.stroke();
  };
  context.lineJoin = 'round';
  context.strokeStyle = colour('panel');
  context.lineWidth = 5 * scale;
  along();
  context.strokeStyle = colour(style.colour);
  context.lineWidth = 2.5 * scale;
  context.setLineDash(style.dash.map(length => length * scale));
  along();
  context.setLineDash([]);
  const dot = (k: number, radius: number, isFilled: boolean): void => {
    context.beginPath();
    context.arc(toX(path.x[k]!), toY(path.y[k]!), radius * scale, 0, 2 * Math.PI);
    context.fillStyle = colour(isFilled ? style.colour : 'panel');
    context.fill();
    context.stroke();
  };
  dot(0, 5, false);
  if (path.x.length > 1) dot(path.x.length - 1, 5, true);
}
