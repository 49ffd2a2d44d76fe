/** The contents of a trace picture as plain data, and the layout of its parts. */
import type { DelineatedBeat } from '../../beat/delineate/delineate.ts';
import type { NoiseModel } from '../../beat/uncertainty/noise-model.ts';
import type { CurveBox } from '../../figure/curve-line.ts';
import type { Box } from '../../figure/drawing-context.ts';
import type { Mark } from '../annotate/mark-document.ts';
import type { BeatColumns, BeatErrors } from '../beats/beat-columns.ts';
import { type Cell, type LeadLayout, placeOf } from './lead-layout.ts';
import { finestBucket } from './pyramid.ts';
import { type LabelledSpan, laneHeight, lanesOf, mostLanes } from './span-lanes.ts';
import type { CurveKind, Processing, TraceSignals } from './trace-signals.ts';

export interface TraceScene {
  readonly signals: TraceSignals;
  /** The window on show, s. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly layout: LeadLayout;
  readonly processing: Processing;
  /** The lead that dV/dt and the measurements are of; undefined for voltage alone. */
  readonly slopeLead: number | undefined;
  /** Scale, pixels per mV; undefined to fit each lead. */
  readonly pixelsPerMillivolt: number | undefined;
  /** Speed, pixels per second; undefined to fit the window. */
  readonly pixelsPerSecond: number | undefined;
  readonly hasCalibration: boolean;
  readonly spans: readonly LabelledSpan[];
  /** One row of symbols per annotator, the first one being edited; sample indices in frames. */
  readonly annotators: readonly { readonly name: string; readonly marks: readonly Mark[] }[];
  /** Frame frequency, the unit of mark positions, Hz. */
  readonly frameFrequency: number;
  readonly beats: BeatColumns | undefined;
  /** Standard errors of the beats' measurements, where they are known. */
  readonly errors: BeatErrors | undefined;
  /** Noise of the measured lead at a time (s); undefined where it is not known. */
  readonly noiseAt: (time: number) => NoiseModel | undefined;
  readonly waves: readonly DelineatedBeat[];
  readonly selected: Mark | undefined;
  /** The marks of the beats that are selected together. */
  readonly chosen: ReadonlySet<Mark>;
  /** Formats a time for the axis. */
  readonly timeText: (seconds: number, step: number) => string;
  readonly words: Readonly<Record<'loading' | 'slope' | 'zoomForSlope' | 'noSamples', string>>;
}

/** A curve with its box. */
export interface PlacedCurve {
  readonly kind: CurveKind;
  readonly cell: Cell;
  readonly box: Box & { readonly from: number; readonly to: number };
  /** Where the calibration pulse of its row is: on the curve's left edge, or beside its right one. */
  readonly pulse?: 'inside' | 'beside';
}

export interface ScenePlan {
  readonly lanes: ReturnType<typeof lanesOf>;
  /** Spans, symbols and curves. */
  readonly plot: Box;
  readonly symbolsTop: number;
  readonly curves: readonly PlacedCurve[];
}

export const axisWidth = 48;
const axisHeight = 22;
export const symbolRow = 18;
const rightMargin = 8;
/** Width that calibration pulses beside the window need, px … */
const pulseWidth = 72;
/** … which a narrower plot does not spare. */
const leastPlotWidth = 600;
/** Fraction of the height for dV/dt below one lead; less below more. */
const slopeShare = 0.4;

/** Width available for the window in a scene `width` pixels wide. */
export const plotWidth = (width: number): number => Math.max(20, width - axisWidth - rightMargin);

/** Width of the part that shows the window: at the speed of paper a short recording does not fill the scene. */
export const windowWidth = (
  { startSeconds, endSeconds, pixelsPerSecond }: TraceScene,
  width: number,
): number =>
  Math.min(
    plotWidth(width),
    Math.max(20, (pixelsPerSecond ?? Number.POSITIVE_INFINITY) * (endSeconds - startSeconds)),
  );

/**
 * Duration of the window, s, that fills a scene `width` pixels wide at a speed (pixels per second). With calibration it
 * is as much shorter as the pulses beside it need, unless the scene is narrow.
 */
export function secondsAtSpeed(width: number, pixelsPerSecond: number, hasCalibration: boolean): number {
  const plot = plotWidth(width);
  const isReduced = hasCalibration && plot - pulseWidth >= leastPlotWidth;
  return (isReduced ? plot - pulseWidth - 1 : plot) / pixelsPerSecond;
}

/** The layout of a scene of the given size in pixels. */
export function planScene(scene: TraceScene, width: number, height: number): ScenePlan {
  const { startSeconds: from, endSeconds: to, layout } = scene;
  const plot: Box = {
    left: axisWidth,
    top: 2,
    width: windowWidth(scene, width),
    height: Math.max(40, height - axisHeight - 2),
  };
  const lanes = lanesOf(scene.spans, from, to, plot.width);
  const laneCount = Math.min(mostLanes, Math.max(1, ...lanes.map(({ lane }) => lane + 1)));
  const symbolsTop = plot.top + laneCount * laneHeight;
  const curvesTop = symbolsTop + Math.max(1, scene.annotators.length) * symbolRow + 2;
  const curvesHeight = plot.top + plot.height - curvesTop;
  const hasSlope = scene.slopeLead !== undefined && layout.columns === 1;
  const slopeHeight = hasSlope
    ? Math.max(70, (curvesHeight * slopeShare * 2) / (1 + Math.max(1, layout.rows)))
    : 0;
  const voltage: Box = {
    left: plot.left,
    width: plot.width,
    top: curvesTop,
    height: curvesHeight - slopeHeight,
  };
  const hasRoom = plotWidth(width) - plot.width >= pulseWidth;
  const curves: PlacedCurve[] = layout.cells.map(cell => {
    const isAtEnd = hasRoom ? cell.isRhythm || cell.column === layout.columns - 1 : cell.column === 0;
    return {
      kind: 'voltage',
      cell,
      box: placeOf(cell, layout, voltage, from, to),
      ...(scene.hasCalibration && isAtEnd && { pulse: hasRoom ? 'beside' : 'inside' }),
    };
  });
  if (hasSlope) {
    curves.push({
      kind: 'slope',
      cell: { lead: scene.slopeLead!, isInverted: false, column: 0, row: 0, isRhythm: false },
      box: {
        left: plot.left,
        width: plot.width,
        top: voltage.top + voltage.height + 4,
        height: slopeHeight - 4,
        from,
        to,
      },
    });
  }
  return { lanes, plot, symbolsTop, curves };
}

/** A placed curve's box in samples and values. */
export function curveBox(
  { box }: PlacedCurve,
  samplingFrequency: number,
  low: number,
  high: number,
): CurveBox {
  return {
    ...box,
    from: box.from * samplingFrequency,
    to: box.to * samplingFrequency,
    low,
    high,
  };
}

/** Where a pixel covers more than a bucket, the pyramid gives the same picture without samples. */
export const isNear = ({ box }: PlacedCurve, samplingFrequency: number): boolean =>
  ((box.to - box.from) * samplingFrequency) / box.width <= finestBucket;
