/** The grids, scorers and working memory of the search for QRS bounds, which depend on the sampling frequency only. */
import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { type BoundaryScorer, boundaryScorer, gridPoints } from './boundary-model.ts';
import { type LevelGrid, levelGrid } from './level-integral.ts';
import { qrsOffsetModel, qrsOnsetModel } from './wave-models.ts';

/** Both models have the same grid (ms from the R peak), unit of slope and least-squares line. */
const { step } = qrsOnsetModel;
const begin = qrsOnsetModel.first + qrsOnsetModel.edges[0]!;
const end = qrsOffsetModel.last + qrsOffsetModel.edges.at(-1)!;
const offsetBegin = qrsOffsetModel.first + qrsOffsetModel.edges[0]!;
/** Where the integral of the offset model begins in that of both. */
export const offsetPlace = (offsetBegin - begin) / step;

/** What the search for bounds needs at one sampling frequency, with its working memory. */
export interface BoundsSearch {
  readonly samplingFrequency: number;
  /** Number of samples of the least-squares line, and how far before the R peak slopes are computed. */
  readonly windowSamples: number;
  readonly before: number;
  readonly slope: Float64Array;
  readonly integral: Float64Array;
  readonly onsetIntegral: Float64Array;
  readonly offsetIntegral: Float64Array;
  readonly grid: LevelGrid;
  readonly onsetGrid: LevelGrid;
  readonly offsetGrid: LevelGrid;
  readonly onsetScorer: BoundaryScorer;
  readonly offsetScorer: BoundaryScorer;
}

/** The last one is kept, because a batch measures many short leads of one sampling frequency. */
let latestSearch: BoundsSearch | undefined;

/** The search at a sampling frequency, Hz; valid until that at another one. */
export function boundsSearch(samplingFrequency: number): BoundsSearch {
  if (latestSearch?.samplingFrequency === samplingFrequency) return latestSearch;
  const windowSamples = Math.max(3, oddWindowSamples(qrsOnsetModel.lineMs, samplingFrequency));
  const perMs = samplingFrequency / 1000;
  const reachOf = (ms: number): number => Math.ceil(Math.abs(ms) * perMs) + windowSamples;
  const before = reachOf(begin);
  const integral = new Float64Array((end - begin) / step + 1);
  const onsetIntegral = integral.subarray(0, gridPoints(qrsOnsetModel));
  const offsetIntegral = integral.subarray(offsetPlace);
  latestSearch = {
    samplingFrequency,
    windowSamples,
    before,
    slope: new Float64Array(before + 1 + reachOf(end)),
    integral,
    onsetIntegral,
    offsetIntegral,
    grid: levelGrid(begin, step, integral.length, samplingFrequency),
    onsetGrid: levelGrid(begin, step, onsetIntegral.length, samplingFrequency),
    offsetGrid: levelGrid(offsetBegin, step, offsetIntegral.length, samplingFrequency),
    onsetScorer: boundaryScorer(qrsOnsetModel, samplingFrequency),
    offsetScorer: boundaryScorer(qrsOffsetModel, samplingFrequency),
  };
  return latestSearch;
}
