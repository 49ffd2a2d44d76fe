/**
 * The voltage without its QRS complexes and T waves: from each beat the mean of similar neighbouring beats is
 * subtracted, so that P waves that fall on a T wave stand out. A wave at the same place of every beat is subtracted too.
 */

import { median } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { correlation } from './correlation.ts';
import type { DelineatedBeat } from './delineate.ts';

/** Beats on either side that the mean is taken from, the fewest of them, and their least correlation with the beat. */
const neighbours = 8;
const fewest = 3;
const leastCorrelation = 0.9;
/** The subtracted part begins this long before the QRS onset, ms. */
const beforeOnsetMs = 24;

/** The residual, mV, and for each beat the span that was subtracted; undefined where too few beats are similar. */
export interface QrstResidual {
  readonly residual: Float64Array;
  readonly spans: readonly (SampleSpan | undefined)[];
}

/** Computes the residual of a lead from its delineation; `voltage` is in mV. */
export function qrstResidual(
  voltage: Float64Array,
  samplingFrequency: number,
  beats: readonly DelineatedBeat[],
): QrstResidual {
  const residual = voltage.slice();
  const before =
    Math.round(median(beats.map(({ rPeak, qrs }) => rPeak - (qrs.onset ?? Number.NaN)))) +
    Math.round((beforeOnsetMs * samplingFrequency) / 1000);
  const after = Math.round(median(beats.map(({ rPeak, t }) => (t?.offset ?? Number.NaN) - rPeak)));
  if (!(before > 0 && after > 0)) return { residual, spans: beats.map(() => undefined) };

  const spanOf = (k: number): SampleSpan | undefined => {
    const next = beats[k + 1];
    const limit =
      next === undefined ? voltage.length : (next.p?.onset ?? next.qrs.onset ?? next.rPeak - before);
    const start = beats[k]!.rPeak - before;
    const end = Math.min(beats[k]!.rPeak + after + 1, limit);
    return start < 0 || end - start < before ? undefined : { start, end };
  };
  const spans = beats.map((_, k) => spanOf(k));
  const sum = new Float64Array(before + after + 1);
  const subtracted = spans.map((span, k): SampleSpan | undefined => {
    if (span === undefined) return undefined;
    const length = span.end - span.start;
    sum.fill(0);
    let count = 0;
    for (let j = Math.max(0, k - neighbours); j <= Math.min(beats.length - 1, k + neighbours); j++) {
      const other = spans[j];
      if (j === k || other === undefined || other.end - other.start < length) continue;
      if (!(correlation(voltage, span.start, other.start, length) >= leastCorrelation)) continue;
      for (let i = 0; i < length; i++) sum[i]! += voltage[other.start + i]!;
      count++;
    }
    if (count < fewest) return undefined;
    // The subtracted mean is tilted to be zero at both ends, so that the residual has no steps.
    const first = sum[0]! / count;
    const rise = (sum[length - 1]! / count - first) / (length - 1);
    for (let i = 0; i < length; i++) residual[span.start + i]! -= sum[i]! / count - first - rise * i;
    return span;
  });
  return { residual, spans: subtracted };
}
