/** The curves of a record for a window: voltage, optionally filtered, and dV/dt, from samples or from the pyramid. */

import { differentiator, parseScheme } from '../../diff/scheme.ts';
import type { Curve } from '../../figure/curve-line.ts';
import { mainsNotch, zeroPhaseBand } from '../../signal/filter.ts';
import { envelope, type Pyramid } from './pyramid.ts';
import type { SampleBlocks, SampleWindow } from './sample-blocks.ts';

/** How a curve is to be processed before it is drawn. */
export interface Processing {
  /** As `parseScheme` reads it. */
  readonly scheme: string;
  readonly filter: FilterName;
}

/** Available filters, Hz: the bands of the ANSI/AAMI EC11 monitor and diagnostic settings, and mains notches. */
export const filters = {
  none: undefined,
  diagnostic: { lowCutHz: 0.05, highCutHz: 150 },
  monitor: { lowCutHz: 0.5, highCutHz: 40 },
  baseline: { lowCutHz: 0.5 },
  notch50: 50,
  notch60: 60,
} as const;
export type FilterName = keyof typeof filters;

export type { Curve };
export type CurveKind = 'voltage' | 'slope';

export interface TraceSignals {
  /** Hz */
  readonly samplingFrequency: number;
  /** Samples a lead. */
  readonly length: number;
  readonly leads: readonly { readonly name: string; readonly units: string }[];
  /** The samples of a curve that contain `[from, to)`; undefined while they are being fetched. */
  curve(kind: CurveKind, lead: number, from: number, to: number, processing: Processing): Curve | undefined;
  /** Extremes of the unfiltered voltage, one pair per column; false where there is no pyramid. */
  envelope(
    kind: CurveKind,
    lead: number,
    range: { readonly from: number; readonly to: number },
    low: Float32Array,
    high: Float32Array,
  ): boolean;
  /** Whether the extremes of every sample before `to` are known. */
  isSurveyed(kind: CurveKind, lead: number, to: number): boolean;
}

/** Margin on either side of the window, s, so that edge effects of filters and derivatives are not visible. */
const marginSeconds = 1;
const filterMarginSeconds = 4;

export function createTraceSignals(
  record: Pick<TraceSignals, 'samplingFrequency' | 'length' | 'leads'>,
  blocks: SampleBlocks,
  pyramidOf: (kind: CurveKind, lead: number) => Pyramid | undefined,
): TraceSignals {
  const { samplingFrequency, length } = record;
  /** Curves of the current blocks: panning within them computes nothing. */
  let computedOn: SampleWindow | undefined;
  const computed = new Map<string, Curve>();

  return {
    ...record,
    curve(kind, lead, from, to, { scheme, filter }) {
      const margin = Math.ceil((filter === 'none' ? marginSeconds : filterMarginSeconds) * samplingFrequency);
      const window = blocks.window(Math.max(0, from - margin), Math.min(length, to + margin));
      if (window === undefined) return undefined;
      if (window !== computedOn) {
        computed.clear();
        computedOn = window;
      }
      const known = (key: string, compute: () => Float64Array): Curve => {
        let curve = computed.get(key);
        if (curve === undefined) {
          curve = { from: window.from, values: compute() };
          computed.set(key, curve);
        }
        return curve;
      };
      const voltage = known(`${lead} ${filter}`, () =>
        filtered(window.leads[lead]!, filter, samplingFrequency),
      );
      if (kind === 'voltage') return voltage;
      return known(`${lead} ${filter} ${scheme}`, () => slopeOf(voltage.values, scheme, samplingFrequency));
    },
    envelope(kind, lead, { from, to }, low, high) {
      const pyramid = pyramidOf(kind, lead);
      if (pyramid === undefined) return false;
      envelope(pyramid, from, to, low, high);
      return true;
    },
    isSurveyed: (kind, lead, to) => (pyramidOf(kind, lead)?.filled ?? -1) >= Math.min(to, length),
  };
}

/** A filter that is not possible at this sampling frequency or length leaves the signal unchanged. */
function filtered(voltage: Float64Array, name: FilterName, samplingFrequency: number): Float64Array {
  const filter = filters[name];
  if (filter === undefined || !isFilterPossible(name, samplingFrequency) || voltage.length < 2)
    return voltage;
  if (typeof filter === 'number') {
    return mainsNotch(filter, 2, voltage.length, samplingFrequency).apply(voltage);
  }
  return zeroPhaseBand(filter, 2, voltage.length, samplingFrequency).apply(voltage);
}

/** Every cut-off and notch must lie below half the sampling frequency. */
export function isFilterPossible(name: FilterName, samplingFrequency: number): boolean {
  const filter = filters[name];
  if (filter === undefined) return true;
  const highest = typeof filter === 'number' ? filter + 2 : Math.max(...Object.values(filter));
  return highest < samplingFrequency / 2;
}

/** dV/dt; all NaN where there are fewer samples than the scheme needs. */
export function slopeOf(voltage: Float64Array, scheme: string, samplingFrequency: number): Float64Array {
  try {
    return differentiator(parseScheme(scheme), voltage.length, samplingFrequency).apply(voltage);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Float64Array(voltage.length).fill(Number.NaN);
  }
}
