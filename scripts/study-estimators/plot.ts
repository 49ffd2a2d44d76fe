/** Plot of the study: root-mean-square error against noise, one panel per sampling frequency, one line per estimator. */
import { defaultScheme } from '../../src/beat/slopes/measure-slopes.ts';
import { describeScheme } from '../../src/diff/scheme.ts';
import { type EstimatorError, estimators } from './measure.ts';

const panel = { width: 210, height: 190, left: 40, top: 44, gap: 16 };
/** Percent, on a logarithmic axis. */
const axis = { low: 0.1, high: 1000, ticks: [0.1, 1, 10, 100, 1000] };

/** An SVG of the conditions without a low-pass, at the normal QRS width if it was studied. */
export function studyPlot(errors: readonly EstimatorError[]): string {
  const stretch = errors.some(error => error.stretch === 1) ? 1 : errors[0]!.stretch;
  const shown = errors.filter(error => error.lowPassHz === undefined && error.stretch === stretch);
  const rates = [...new Set(shown.map(error => error.samplingFrequency))];
  const ratios = [...new Set(shown.map(error => error.snrDb))];
  const width = panel.left + rates.length * (panel.width + panel.gap) + 110;
  const height = panel.top + panel.height + 44;
  const x = (column: number, ratio: number): number =>
    panel.left + column * (panel.width + panel.gap) + ((ratio + 0.5) / ratios.length) * panel.width;
  const y = (percent: number): number => {
    const share =
      Math.log(Math.max(axis.low, Math.min(axis.high, percent)) / axis.low) / Math.log(axis.high / axis.low);
    return panel.top + panel.height * (1 - share);
  };
  const hue = (k: number): string => `hsl(${Math.round((360 * k) / estimators.length)} 65% 42%)`;
  const parts: string[] = [];
  for (const [column, rate] of rates.entries()) {
    const left = panel.left + column * (panel.width + panel.gap);
    parts.push(
      `<text x="${left + panel.width / 2}" y="${panel.top - 8}" text-anchor="middle">${rate} Hz</text>`,
    );
    for (const tick of axis.ticks) {
      const at = y(tick).toFixed(1);
      parts.push(`<path d="M${left} ${at}h${panel.width}" stroke="#ddd"/>`);
      if (column === 0) parts.push(`<text x="${left - 4}" y="${at}" text-anchor="end" dy="4">${tick}</text>`);
    }
    for (const [k, snrDb] of ratios.entries()) {
      const label = snrDb === undefined ? '∞' : String(snrDb);
      parts.push(
        `<text x="${x(column, k).toFixed(1)}" y="${panel.top + panel.height + 16}" text-anchor="middle">${label}</text>`,
      );
    }
    for (const [k, estimator] of estimators.entries()) {
      const points = ratios.flatMap((snrDb, ratio) => {
        const error = shown.find(
          other => other.samplingFrequency === rate && other.snrDb === snrDb && other.estimator === estimator,
        );
        if (error === undefined) return [];
        return [
          `${x(column, ratio).toFixed(1)},${y(Math.hypot(error.biasPercent, error.sdPercent)).toFixed(1)}`,
        ];
      });
      if (points.length > 0) {
        parts.push(
          `<polyline points="${points.join(' ')}" fill="none" stroke="${hue(k)}" stroke-width="${estimator === describeScheme(defaultScheme(rate)) ? 4 : 1.5}"/>`,
        );
      }
    }
  }
  const legend = estimators.map((estimator, k) => {
    const at = panel.top + 10 + 15 * k;
    return `<text x="${width - 106}" y="${at}" fill="${hue(k)}">${estimator}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${panel.left}" y="16" font-size="13">Steepest slope: root-mean-square error, % of the exact slope (QRS width × ${stretch}); thick: the default</text>`,
    ...parts,
    `<text x="${panel.left}" y="${height - 8}">signal-to-noise ratio, dB</text>`,
    ...legend,
    '</svg>\n',
  ].join('\n');
}
