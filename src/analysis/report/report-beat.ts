/** A beat of a report as plain data. */
import type { BeatUncertainty } from '../../beat/uncertainty/slope-uncertainty.ts';

/** A slope measured on a beat: that of the tangent to the voltage at a time. */
export interface MeasuredSlope {
  /** Time from the start of the record, s. */
  readonly time: number;
  /** mV/s; negative on a downstroke. */
  readonly slope: number;
}

export interface ReportBeat {
  /** Time of the R peak from the start of the record, s. */
  readonly time: number;
  /** Annotation symbol, e.g. `N`, `V`, `A`; `|` for what was detected where there are no QRS complexes and is no beat. */
  readonly symbol: string;
  /** AAMI class of the symbol (N, S, V, F, Q); absent if it has none. */
  readonly class?: string;
  readonly upstroke?: MeasuredSlope;
  readonly downstroke?: MeasuredSlope;
  /** Duration of the QRS complex, s. */
  readonly qrsDuration?: number;
  /** What the noise of the lead does to the measurements: standard error and bias, in mV/s and s. */
  readonly uncertainty?: ReportUncertainty;
  /** Class predicted by the model. */
  readonly predicted?: string;
  /** Probability of `predicted`. */
  readonly probability?: number;
}

/** The uncertainties that a report shows. */
export type ReportUncertainty = Pick<
  BeatUncertainty,
  'upstrokeSlope' | 'downstrokeSlope' | 'qrsDuration' | 'rrBefore'
>;

/** The uncertainties of a beat that a report shows. */
export const reportUncertainty = ({
  upstrokeSlope,
  downstrokeSlope,
  qrsDuration,
  rrBefore,
}: BeatUncertainty): ReportUncertainty => ({
  ...(upstrokeSlope && { upstrokeSlope }),
  ...(downstrokeSlope && { downstrokeSlope }),
  ...(qrsDuration && { qrsDuration }),
  ...(rrBefore && { rrBefore }),
});

/** The beat without what is not finite. */
export function beatData(beat: ReportBeat): ReportBeat {
  const { upstroke, downstroke, qrsDuration, probability, ...rest } = beat;
  return {
    ...rest,
    ...(isMeasured(upstroke) && { upstroke }),
    ...(isMeasured(downstroke) && { downstroke }),
    ...(qrsDuration !== undefined && Number.isFinite(qrsDuration) && { qrsDuration }),
    ...(probability !== undefined && Number.isFinite(probability) && { probability }),
  };
}

const isMeasured = (slope: MeasuredSlope | undefined): slope is MeasuredSlope =>
  slope !== undefined && Number.isFinite(slope.time) && Number.isFinite(slope.slope);
