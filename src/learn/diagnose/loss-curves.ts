/** An SVG plot of the loss after every epoch, for each learning rate of one optimiser. */
import { logScale, place, verticalAxis } from './log-axes.ts';
import type { RateRun } from './rate-sweep.ts';
import { escaped } from './svg-text.ts';

const [width, height] = [900, 380];
const margin = { left: 70, right: 150, top: 40, bottom: 50 };

/** From blue for the smallest rate to red for the largest. */
const colourOf = (share: number): string => `hsl(${Math.round(220 - 220 * share)} 70% 42%)`;

/**
 * One curve per learning rate, ending where training ended; values beyond a hundred times the initial loss are clipped.
 */
export function lossCurves(runs: readonly RateRun[]): string {
  const sorted = [...runs].sort((a, b) => a.learningRate - b.learningRate);
  const start = Math.max(...sorted.map(({ losses }) => losses[0]!));
  const most = 100 * start;
  const least = 1e-9 * start;
  const held = (loss: number): number =>
    Number.isFinite(loss) ? Math.min(Math.max(loss, least), most) : most;
  const all = sorted.flatMap(({ losses }) => losses.map(held));
  const epochs = Math.max(...sorted.map(({ losses }) => losses.length - 1));
  const y = logScale(0.8 * Math.min(...all), 1.2 * Math.max(...all), height - margin.bottom, margin.top);
  const x = (epoch: number): number =>
    margin.left + ((width - margin.left - margin.right) * epoch) / Math.max(1, epochs);
  const curves = sorted.map(({ losses }, k) => {
    const points = losses.map((loss, epoch) => `${place(x(epoch))} ${place(y.at(held(loss)))}`);
    const colour = colourOf(sorted.length === 1 ? 0 : k / (sorted.length - 1));
    return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`;
  });
  const legend = sorted.map(({ learningRate }, k) => {
    const colour = colourOf(sorted.length === 1 ? 0 : k / (sorted.length - 1));
    const top = margin.top + 6 + 18 * k;
    const left = width - margin.right + 16;
    return `<rect x="${left}" y="${top}" width="14" height="4" fill="${colour}"/><text x="${left + 20}" y="${top + 6}">${learningRate}</text>`;
  });
  const name = escaped(runs[0]!.optimizer);
  const ticks = [0, Math.round(epochs / 4), Math.round(epochs / 2), Math.round((3 * epochs) / 4), epochs];
  const labels = [...new Set(ticks)].map(
    epoch =>
      `<text x="${place(x(epoch))}" y="${height - margin.bottom + 18}" text-anchor="middle">${epoch}</text>`,
  );
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${name}: loss after each epoch">
<text x="${margin.left}" y="24" style="font-size:14px">${name}: loss after each epoch, a curve a learning rate</text>
${verticalAxis(y, margin.left, width - margin.right)}
${curves.join('\n')}
${labels.join('')}
${legend.join('\n')}
<text x="${(margin.left + width - margin.right) / 2}" y="${height - 10}" text-anchor="middle">epoch</text>
<text transform="translate(18 ${height / 2}) rotate(-90)" text-anchor="middle">training loss</text>
</svg>`;
}
