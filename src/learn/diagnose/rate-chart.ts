/** A learning-rate sweep as a self-contained HTML page with SVG plots and no script. */
import { InputError } from '../../input-error.ts';
import { horizontalAxis, logScale, place, type Scale, verticalAxis } from './log-axes.ts';
import { lossCurves } from './loss-curves.ts';
import type { RateRun } from './rate-sweep.ts';
import { escaped } from './svg-text.ts';

export interface ChartOptions {
  readonly title: string;
  /** The largest learning rate at which gradient descent converges; marked by a dashed line. */
  readonly largestStableRate?: number;
}

const width = 900;
const height = 620;
const margin = { left: 70, right: 150, top: 150, bottom: 56 };
/** The area above the plot that shows diverged runs as crosses, one row per optimiser. */
const strip = { top: 58, row: 14 };
const colours = ['#1b6ca8', '#c8553d', '#3a7d44', '#8c5383', '#b8860b', '#7a7a7a'];

/** On a narrow screen the plots scroll within their frame; paper is always light. */
const style = [
  'body{font:14px system-ui,sans-serif;margin:16px;color:#222;background:#fff}h1{font-size:16px;margin:0 0 4px}',
  'p{margin:0 0 8px}.wide{overflow-x:auto}svg{display:block;margin-bottom:8px}',
  'text{font:12px system-ui,sans-serif;fill:#222}.grid{stroke:#ddd}.edge{stroke:#888}',
  '@media screen and (prefers-color-scheme:dark){body{color:#e4e8ec;background:#11161b}text{fill:#e4e8ec}',
  '.grid{stroke:#2c353e}svg{filter:brightness(1.15)}}',
  '@media print{svg{width:100%;height:auto;break-inside:avoid}}',
].join('');

/** The final loss of a run, kept above 0 for the logarithmic axis. */
const endOf = ({ losses }: RateRun): number => Math.max(losses.at(-1)!, 1e-9 * losses[0]!);

/**
 * A page with the final loss of each run against the learning rate, both on logarithmic axes, one line per optimiser,
 * and diverged runs as crosses above; below, for each optimiser, the loss after every epoch for each rate. Throws
 * `RangeError` without runs.
 *
 * @example rateChart(sweepLearningRates(data, { hidden: [], epochs: 2 }, ['sgd'], [0.01, 0.1]), { title: 'rates' }).startsWith('<!doctype html>') // => true
 */
export function rateChart(runs: readonly RateRun[], { title, largestStableRate }: ChartOptions): string {
  if (runs.length === 0) throw new InputError('rateChart: no runs to show');
  const rates = runs.map(run => run.learningRate);
  const start = runs[0]!.losses[0]!;
  const ends = runs.filter(run => run.verdict.kind !== 'diverged').map(run => endOf(run));
  const x = logScale(Math.min(...rates), Math.max(...rates), margin.left, width - margin.right);
  const y = logScale(
    0.9 * Math.min(start, ...ends),
    1.3 * Math.max(start, ...ends),
    height - margin.bottom,
    margin.top,
  );
  const names = [...new Set(runs.map(run => run.optimizer))];
  const series = names.map((name, k) => {
    const own = runs.filter(run => run.optimizer === name).sort((a, b) => a.learningRate - b.learningRate);
    return seriesOf(own, k, x, y);
  });
  const legend = names.map((name, k) => {
    const top = margin.top + 8 + 22 * k;
    const left = width - margin.right + 18;
    return `<rect x="${left}" y="${top}" width="14" height="4" fill="${colours[k % colours.length]}"/><text x="${left + 20}" y="${top + 6}">${escaped(name)}</text>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title>
<style>${style}</style></head>
<body><main><h1>${escaped(title)}</h1><p>Research use only. Not for diagnosis.</p>
<div class="wide" tabindex="0"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
${horizontalAxis(x, y)}
${verticalAxis(y, x.a, x.b)}
${horizontal(start, 'before training', x, y)}
${largestStableRate === undefined ? '' : vertical(largestStableRate, x)}
<text x="${margin.left - 8}" y="${strip.top + 4}" text-anchor="end">diverged</text>
${series.join('\n')}
${legend.join('\n')}
<text x="${(margin.left + width - margin.right) / 2}" y="${height - 14}" text-anchor="middle">learning rate</text>
<text transform="translate(18 ${height / 2}) rotate(-90)" text-anchor="middle">training loss at the end</text>
</svg>
${names.map(name => lossCurves(runs.filter(run => run.optimizer === name))).join('\n')}
</div></main></body></html>
`;
}

function horizontal(value: number, words: string, x: Scale, y: Scale): string {
  const at = place(y.at(value));
  return `<line class="edge" stroke-dasharray="2 4" x1="${x.a}" x2="${x.b}" y1="${at}" y2="${at}"/><text x="${x.b - 6}" y="${place(y.at(value) + 14)}" text-anchor="end">${words}</text>`;
}

function vertical(rate: number, x: Scale): string {
  if (rate < x.from || rate > x.to) return '';
  const at = place(x.at(rate));
  return `<line class="edge" stroke-dasharray="6 4" x1="${at}" x2="${at}" y1="${strip.top - 10}" y2="${height - margin.bottom}"/><text x="${at}" y="${strip.top - 14}" text-anchor="middle">2/λmax = ${Number(rate.toPrecision(3))}</text>`;
}

function seriesOf(runs: readonly RateRun[], index: number, x: Scale, y: Scale): string {
  const colour = colours[index % colours.length]!;
  const marks = runs.map(run => {
    const at = place(x.at(run.learningRate));
    if (run.verdict.kind === 'diverged') {
      return `<text x="${at}" y="${strip.top + strip.row * index + 5}" text-anchor="middle" style="fill:${colour};font-size:16px">×</text>`;
    }
    return `<circle cx="${at}" cy="${place(y.at(endOf(run)))}" r="3" fill="${colour}"/>`;
  });
  const points = runs
    .filter(run => run.verdict.kind !== 'diverged')
    .map(run => `${place(x.at(run.learningRate))},${place(y.at(endOf(run)))}`);
  // The lines of Adam and AdamW, or of momentum and Nesterov, often coincide: dashes show the one beneath.
  const dashes = index % 3 === 2 ? ' stroke-dasharray="7 5"' : '';
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>${marks.join('')}`;
}
