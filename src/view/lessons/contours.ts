/** The loss surface as shaded contour bands, computed by d3-contour. */
import { contours } from 'd3-contour';
import type { Landscape } from '../../analysis/lessons/valley.ts';
import { full } from '../../diff/tensor.ts';
import type { Figure } from './figure.ts';

type Range = readonly [number, number];

export interface Bands {
  /** Polygons in the coordinates of the loss surface, the lowest band first. */
  readonly polygons: readonly (readonly (readonly (readonly [number, number])[])[])[];
}

const across = 48;

/**
 * The regions in which the loss is above each of `count` levels. The levels are closer together near the minimum, where
 * the surface is flat.
 */
export function bandsOf({ losses, least }: Landscape, [x0, x1]: Range, [y0, y1]: Range, count = 14): Bands {
  const points = full([2, across * across], 0);
  for (let at = 0; at < across * across; at++) {
    points.data[at] = x0 + ((x1 - x0) * (at % across)) / (across - 1);
    points.data[across * across + at] = y0 + ((y1 - y0) * Math.floor(at / across)) / (across - 1);
  }
  const heights = losses(points).data;
  const most = heights.reduce((top, value) => Math.max(top, value), least);
  const levels = Array.from(
    { length: count },
    (_, k) => least + (most - least) * ((k + 1) / (count + 1)) ** 2,
  );
  // d3-contour puts the value of cell i at i + ½.
  const place = ([x, y]: readonly number[]): readonly [number, number] => [
    x0 + ((x! - 0.5) / (across - 1)) * (x1 - x0),
    y0 + ((y! - 0.5) / (across - 1)) * (y1 - y0),
  ];
  return {
    polygons: contours()
      .size([across, across])
      .thresholds(levels)([...heights])
      .map(({ coordinates }) => coordinates.flatMap(rings => rings.map(ring => ring.map(place)))),
  };
}

/** Fills the bands: the higher the loss, the darker. */
export function paintBands(figure: Figure, { polygons }: Bands): void {
  const { pen } = figure;
  for (const rings of polygons) {
    pen.save();
    pen.globalAlpha = 0.1;
    pen.fillStyle = figure.colour('derivative');
    pen.beginPath();
    for (const ring of rings) {
      ring.forEach(([x, y], k) => {
        if (k === 0) pen.moveTo(figure.x(x), figure.y(y));
        else pen.lineTo(figure.x(x), figure.y(y));
      });
      pen.closePath();
    }
    pen.fill();
    pen.globalAlpha = 0.35;
    pen.strokeStyle = figure.colour('derivative');
    pen.lineWidth = 0.7 * figure.scale;
    pen.stroke();
    pen.restore();
  }
}
