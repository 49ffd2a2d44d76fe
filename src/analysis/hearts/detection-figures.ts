/** QRS detection on one synthetic ECG: counts according to ANSI/AAMI EC57 over the whole record, and their summary. */

import { detectQrsMultiLead } from '../../beat/detect/detect-qrs.ts';
import { compareBeats } from '../../beat/score/compare-beats.ts';
import type { Figures, GridRow, GridSummary } from './grid.ts';

const marked = (samples: ArrayLike<number>) => Array.from(samples, sample => ({ sample, symbol: 'N' }));

const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** Margin at both ends of the record in which beats are not scored, because the record may cut them, s. */
const edgeSeconds = 0.1;

/** Counts, sensitivity and positive predictivity (fractions) of the detector against the true R peaks. */
export function detectionFigures(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: readonly number[],
): Figures {
  const edge = edgeSeconds * samplingFrequency;
  const isInside = (sample: number): boolean => sample >= edge && sample < leads[0]!.length - edge;
  const truth = rPeaks.filter(isInside);
  const found = Array.from(detectQrsMultiLead(leads, samplingFrequency)).filter(isInside);
  const { missed, extra } = compareBeats(marked(truth), marked(found), samplingFrequency, {
    startSeconds: 0,
  });
  return ratios(truth.length, missed.length, extra.length);
}

function ratios(beats: number, missed: number, extra: number): Figures {
  const hits = beats - missed;
  return {
    beats,
    missed,
    extra,
    sensitivity: ratio(hits, beats),
    positivePredictivity: ratio(hits, hits + extra),
  };
}

/** The lower of sensitivity and positive predictivity; in a cell without beats, every detection counts as a failure. */
const score = ({ figures }: GridRow): number =>
  figures.beats === 0
    ? 1 - (figures.extra ?? 0)
    : Math.min(figures.sensitivity ?? 0, figures.positivePredictivity ?? 0);

/** Gross statistics over all cells, and the cell with the lowest score. */
export function summarizeDetection(rows: readonly GridRow[]): GridSummary {
  const sum = (name: string): number => rows.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
  return {
    figures: {
      cells: rows.length,
      ...ratios(sum('beats'), sum('missed'), sum('extra')),
      cellsBelow99: rows.filter(row => score(row) < 0.99).length,
    },
    worst: rows.reduce((worst, row) => (score(row) < score(worst) ? row : worst)),
  };
}
