/**
 * Training examples for the delineation models, from leads annotated by cardiologists: each mark with its candidates,
 * relative to the anchor that delineation would use.
 */

import {
  type BoundaryModel,
  boundaryFeatures,
  candidateTimes,
  neededSamples,
} from '../../src/beat/delineate/boundary-model.ts';
import type { ChoiceExample } from '../../src/beat/delineate/conditional-logit.ts';
import { broadSlope, type FittedLine, fittedLine } from '../../src/beat/delineate/fitted-line.ts';
import { presenceFeatures } from '../../src/beat/delineate/p-presence.ts';
import { qrsAmplitude, qrsBounds } from '../../src/beat/delineate/qrs-bounds.ts';
import { intervalsAfterQrs, intervalsBeforeQrs } from '../../src/beat/delineate/search-intervals.ts';
import { tPeaksBeforeP } from '../../src/beat/delineate/t-before-p.ts';
import { typicalPeaks } from '../../src/beat/delineate/typical-peak.ts';
import {
  findPeaks,
  type PeakModel,
  peakFeatures,
  turningPoints,
} from '../../src/beat/delineate/wave-peak.ts';
import { broadenings, templateStretch, waveWidth } from '../../src/beat/delineate/wave-width.ts';
import type { MarkedWave } from '../../src/beat/score/marked-waves.ts';
import type { Random } from '../../src/random.ts';

export interface MarkedLead {
  /** Voltage, mV. */
  readonly voltage: Float64Array;
  readonly samplingFrequency: number;
  /** In order of time. */
  readonly waves: readonly MarkedWave[];
  /** As detected, ascending sample indices. */
  readonly rPeaks: ArrayLike<number>;
}

/** What is fitted, relative to an anchor that earlier steps find: a boundary of a wave, or the peak of P or T. */
export type Task = {
  readonly wave: MarkedWave['kind'];
  readonly anchor: 'R peak' | 'QRS onset' | 'peak of the wave';
} & (
  | { readonly point: 'onset' | 'offset'; readonly shape: Omit<BoundaryModel, 'weights'> }
  | { readonly point: 'peak'; readonly shape: Omit<PeakModel, 'weights'> }
);

/** Random shift of anchors, at most this many ms, because detectors and annotators do not agree on them exactly. */
const jitterMs = 12;
/** A mark further than this from every turning point is not used, ms. */
const farthestMs = 20;

/** The least-squares line of a lead over each window; computed once, because several tasks use the same. */
export type LeadLines = (lineMs: number) => FittedLine;

export function leadLines({ voltage, samplingFrequency }: MarkedLead): LeadLines {
  const lines = new Map<number, FittedLine>();
  return lineMs => {
    const line = lines.get(lineMs) ?? fittedLine(voltage, samplingFrequency, lineMs);
    lines.set(lineMs, line);
    return line;
  };
}

/** Every mark of the task with the candidates around it. `lines` are those of the lead. */
export function markExamples(
  task: Task,
  lead: MarkedLead,
  lines: LeadLines,
  random: Random,
): ChoiceExample[] {
  const { samplingFrequency } = lead;
  const perMs = samplingFrequency / 1000;
  const { smooth, slope } = lines(task.shape.lineMs);
  const marks = marksOf(task, lead).map(({ anchor, ...mark }) => ({
    ...mark,
    at: anchor + Math.round((2 * random.uniform() - 1) * jitterMs * perMs),
  }));
  const { stretch } = task.point === 'peak' ? {} : task.shape;
  const widths = marks.map(
    ({ at, earliest, latest }) =>
      stretch && waveWidth(stretch, { smooth, peak: at, span: { start: earliest, end: latest + 1 } }, perMs),
  );
  const broadening = broadenings(widths);
  return marks.flatMap(({ mark, at, earliest, latest }, k): ChoiceExample[] => {
    const time = (mark[task.point]! - at) / perMs;
    if (task.point === 'peak') {
      const interval = { anchor: at, start: earliest, end: latest + 1 };
      const points = turningPoints(task.shape, smooth, slope, samplingFrequency, interval);
      const times = Float64Array.from(points, point => point.time);
      const near = times.some(t => Math.abs(t - time) < farthestMs);
      return near ? [{ features: peakFeatures(task.shape, points), times, time }] : [];
    }
    const { shape, point } = task;
    const width = widths[k];
    const stretched = width === undefined ? 1 : templateStretch(width[point]);
    const range = {
      earliest: (earliest - at) / perMs / stretched,
      latest: (latest - at) / perMs / stretched,
    };
    const stretching = { stretch: stretched, broadening: broadening[k]! };
    const needed = neededSamples(shape, at, stretched * perMs);
    const measured =
      stretching.broadening === 1
        ? { slope, start: 0 }
        : broadSlope(
            smooth,
            { lineMs: shape.lineMs, samplingFrequency, broadening: stretching.broadening },
            needed.start,
            needed.end,
          );
    const features = boundaryFeatures(shape, measured.slope, at - measured.start, samplingFrequency, {
      range,
      ...stretching,
    });
    const times = candidateTimes(shape).map(candidate => stretched * candidate);
    return features === undefined ? [] : [{ features, times, time }];
  });
}

/**
 * Every turning point that may be a P wave. It is present (the first candidate) if a P wave is marked before that
 * complex. Leads without any marks give no examples of absence.
 */
export function presenceExamples(
  models: { readonly p: PeakModel; readonly t: PeakModel },
  lead: MarkedLead,
): ChoiceExample[] {
  const { voltage, samplingFrequency, waves, rPeaks } = lead;
  const first = waves[0]?.onset ?? Number.POSITIVE_INFINITY;
  const last = waves.at(-1)?.offset ?? Number.NEGATIVE_INFINITY;
  const bounds = qrsBounds(voltage, samplingFrequency, rPeaks);
  const onsets = bounds.map(({ onset }) => onset);
  const line = leadLines(lead)(models.p.lineMs);
  const afterQrs = intervalsAfterQrs(bounds, rPeaks, samplingFrequency, voltage.length);
  const typical = typicalPeaks(models.t, line.smooth, samplingFrequency, afterQrs);
  const highestT = findPeaks(models.t, line, samplingFrequency, afterQrs, typical);
  const tPeaks = tPeaksBeforeP(highestT, line, samplingFrequency, afterQrs, onsets);
  const tSamples = tPeaks.map(peak => peak?.point.sample);
  const intervals = intervalsBeforeQrs(bounds, rPeaks, samplingFrequency, tSamples);
  const peaks = findPeaks(models.p, line, samplingFrequency, intervals);
  return peaks.flatMap((peak, k): ChoiceExample[] => {
    if (peak === undefined || peak.point.sample < first || peak.point.sample > last) return [];
    const interval = intervals[k]!;
    const present = waves.some(w => w.kind === 'P' && w.peak >= interval.start && w.peak < interval.end);
    const row = presenceFeatures(
      line.smooth,
      samplingFrequency,
      peak,
      interval,
      qrsAmplitude(voltage, bounds[k]!),
    );
    const features = Float64Array.of(...row, ...row.map(() => 0));
    return [{ features, times: presenceTimes, time: presenceTimes[present ? 0 : 1]! }];
  });
}

/** Examples need times: these two are so far apart that a mark belongs entirely to one of them. */
const presenceTimes = Float64Array.of(0, 1e6);

interface Mark {
  readonly mark: MarkedWave;
  readonly anchor: number;
  /** The wave lies between the QRS complexes around it, samples. */
  readonly earliest: number;
  readonly latest: number;
}

/** Every mark of the task; those of a QRS also relative to the detector's R peak, which may be another deflection. */
function marksOf({ wave, point, anchor }: Task, { voltage, waves, rPeaks }: MarkedLead): Mark[] {
  const complexes = waves.filter(({ kind }) => kind === 'QRS');
  return waves
    .filter(mark => mark.kind === wave && mark[point] !== undefined)
    .flatMap((mark): Mark[] => {
      const before = complexes.findLast(({ peak }) => peak <= mark.peak);
      const after = complexes.find(({ peak }) => peak > mark.peak);
      const from =
        anchor === 'peak of the wave' ? mark.peak : anchor === 'QRS onset' ? after?.onset : before?.peak;
      if (from === undefined) return [];
      if (wave === 'QRS') {
        const whole = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY };
        return [from, ...detectedIn(mark, rPeaks)].map(at => ({ mark, anchor: at, ...whole }));
      }
      const earliest = before?.offset ?? 0;
      const latest = after?.onset ?? voltage.length - 1;
      return [{ mark, anchor: from, earliest, latest }];
    });
}

const detectedIn = ({ onset, offset }: MarkedWave, rPeaks: ArrayLike<number>): number[] =>
  onset === undefined || offset === undefined
    ? []
    : Array.from(rPeaks)
        .filter(sample => sample >= onset && sample <= offset)
        .slice(0, 1);
