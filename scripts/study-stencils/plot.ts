/** Plot of the frequency responses of the learned stencils, one panel per stencil. */
import { type LearnedStencil, type StencilProperties, studiedHz } from '../../src/analysis/stencil-study.ts';

const [panelWidth, panelHeight, left, top, gap] = [330, 190, 46, 44, 40];
const colours = { start: '#777', learned: '#b3261e', smoothest: '#1a5fb4' } as const;
const highestHz = studiedHz.at(-1)!;

/** An SVG of the gain relative to the exact derivative: start, learned with its interval, Savitzky–Golay. */
export function stencilPlot({
  stencils,
  savitzkyGolay,
}: {
  readonly stencils: readonly LearnedStencil[];
  readonly savitzkyGolay: Readonly<Record<string, StencilProperties>>;
}): string {
  const width = 2 * (panelWidth + left) + 20;
  const height = top + Math.ceil(stencils.length / 2) * (panelHeight + gap) + 10;
  const smoothest = savitzkyGolay['degree 2']!;
  const panels = stencils.map(({ order, start, gain }, k) => {
    const [x0, y0] = [left + (k % 2) * (panelWidth + left), top + Math.floor(k / 2) * (panelHeight + gap)];
    const x = (hz: number): number => x0 + (hz / highestHz) * (panelWidth - 10);
    const y = (value: number): number =>
      y0 + panelHeight - 20 - (Math.min(value, 1.5) / 1.5) * (panelHeight - 40);
    const path = (values: readonly number[]): string =>
      values.map((value, f) => `${x(studiedHz[f]!).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const line = (values: readonly number[], colour: string, dash = ''): string =>
      `<polyline points="${path(values)}" fill="none" stroke="${colour}" stroke-width="1.6"${dash}/>`;
    const band = [...gain.map(({ high }) => high)];
    const lower = gain.map(({ low }) => low);
    const area = `<polygon points="${path(band)} ${path(lower).split(' ').reverse().join(' ')}" fill="${colours.learned}" opacity="0.2"/>`;
    const grid = [0, 0.5, 1, 1.5].map(
      value =>
        `<line x1="${x0}" x2="${x(highestHz)}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
        `<text x="${x0 - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    );
    const ticks = [0, 30, 60, 90].map(
      hz => `<text x="${x(hz)}" y="${y0 + panelHeight - 4}" text-anchor="middle">${hz} Hz</text>`,
    );
    return [
      `<text x="${x0}" y="${y0 + 10}">started as the central difference of order ${order}</text>`,
      ...grid,
      ...ticks,
      area,
      line(start.gain, colours.start, ' stroke-dasharray="5 3"'),
      line(smoothest.gain, colours.smoothest, ' stroke-dasharray="2 3"'),
      line(
        gain.map(({ value }) => value),
        colours.learned,
      ),
    ].join('\n');
  });
  const legend = [
    ['start', 'start', left],
    ['learned', 'learned, mean and 95 % interval over seeds', left + 60],
    ['smoothest', 'Savitzky–Golay, degree 2, same length', left + 350],
  ] as const;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${left}" y="16">Gain relative to the exact derivative</text>
${legend.map(([colour, text, at]) => `<text x="${at}" y="34" fill="${colours[colour]}">${text}</text>`).join('\n')}
${panels.join('\n')}
</svg>
`;
}
