/** Logarithmic axes of an SVG figure: scales, ticks and the grid behind the curves. */

/** A logarithmic axis that maps the values `from` to `to` to pixels. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly a: number;
  readonly b: number;
  at(value: number): number;
}

export function logScale(from: number, to: number, a: number, b: number): Scale {
  const span = Math.log(to / from) || 1;
  return { from, to, a, b, at: value => a + ((b - a) * Math.log(value / from)) / span };
}

/** The ticks of a scale: 1, 2 and 5 times the powers of ten, or only the powers of ten when there are many. */
function ticksOf({ from, to }: Scale): number[] {
  const few = Math.log10(to / from) < 3 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const step of few) {
      const tick = step * 10 ** power;
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/** Formats a coordinate in pixels. */
export const place = (x: number): string => x.toFixed(1);
const label = (tick: number): string => String(Number(tick.toPrecision(1)));

/** The lines and labels of a logarithmic axis along the bottom. */
export const horizontalAxis = (x: Scale, y: Scale): string =>
  ticksOf(x)
    .map(tick => {
      const at = place(x.at(tick));
      return `<line class="grid" x1="${at}" x2="${at}" y1="${y.b}" y2="${y.a}"/><text x="${at}" y="${y.a + 18}" text-anchor="middle">${label(tick)}</text>`;
    })
    .join('\n');

/**
 * The lines and labels of a logarithmic axis at the left of a plot from `left` to `right`, and the frame of the plot.
 */
export function verticalAxis(y: Scale, left: number, right: number): string {
  const lines = ticksOf(y).map(tick => {
    const at = place(y.at(tick));
    return `<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/><text x="${left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${label(tick)}</text>`;
  });
  const frame = `<rect class="edge" x="${left}" y="${y.b}" width="${right - left}" height="${y.a - y.b}" fill="none"/>`;
  return [...lines, frame].join('\n');
}
