/** Plot of the ablation study: F1 of V and S for each feature set, with intervals. */
import type { AblationStep } from '../../src/analysis/ablation.ts';

const [left, right, rowHeight, top] = [230, 20, 26, 40];
const width = 760;
const colours = { 'V F1': '#b3261e', 'S F1': '#1a5fb4' } as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** An SVG of points with 95 % intervals, one row per feature set. */
export function ablationPlot(steps: readonly AblationStep[]): string {
  const height = top + rowHeight * steps.length + 40;
  const x = (value: number): number => left + value * (width - left - right);
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    value =>
      `<line x1="${x(value)}" x2="${x(value)}" y1="${top - 8}" y2="${height - 34}" stroke="#ddd"/>` +
      `<text x="${x(value)}" y="${height - 18}" text-anchor="middle">${value.toFixed(1)}</text>`,
  );
  const rows = steps.map(({ model, set, figures }, k) => {
    const y = top + rowHeight * k + 10;
    const marks = (['V F1', 'S F1'] as const).map((name, n) => {
      const { value, low, high } = figures[name]!;
      if (value === undefined) return '';
      const place = y - 4 + 8 * n;
      const bar =
        low === undefined || high === undefined
          ? ''
          : `<line x1="${x(low)}" x2="${x(high)}" y1="${place}" y2="${place}" stroke="${colours[name]}"/>`;
      return `${bar}<circle cx="${x(value)}" cy="${place}" r="3.5" fill="${colours[name]}"/>`;
    });
    return `<text x="${left - 10}" y="${y + 4}" text-anchor="end">${escaped(`${model}: ${set}`)}</text>${marks.join('')}`;
  });
  const legend = (['V F1', 'S F1'] as const).map(
    (name, k) => `<text x="${left + 90 * k}" y="20" fill="${colours[name]}">● ${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${[...legend, ...grid, ...rows].join('\n')}
</svg>
`;
}
