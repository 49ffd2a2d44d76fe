/** The trace with dV/dt of samples in memory, as a component of another page. */

import type { SignalSpan } from '../../analysis/report/signal-spans.ts';
import { InputError } from '../../input-error.ts';
import type { Annotation } from '../../wfdb/annotations/mit-format.ts';
import { element } from '../element.ts';
import { labelledSpans } from '../span-strip.ts';
import { createTimeline } from '../timeline.ts';
import { word } from '../translations.ts';
import { viewIn } from '../view-host.ts';
import { timeTextOf } from '../workbench/time-format.ts';
import type { Readout } from './cursor.ts';
import { layoutOf } from './lead-layout.ts';
import { bucketsOf, createPyramid, fillPyramid, type Pyramid } from './pyramid.ts';
import { createSampleBlocks } from './sample-blocks.ts';
import { createTraceSignals, slopeOf } from './trace-signals.ts';
import { showTrace } from './trace-view.ts';

export interface TraceData {
  /** Hz */
  readonly samplingFrequency: number;
  /** Leads of equal length; NaN where invalid. */
  readonly leads: readonly {
    readonly name: string;
    readonly units: string;
    readonly voltage: Float64Array;
  }[];
  /** Annotations, in samples. */
  readonly marks?: readonly Annotation[];
  readonly spans?: readonly SignalSpan[];
  /** Derivative scheme as `parseScheme` reads it; default `sg:16ms:4`. */
  readonly scheme?: string;
  /** CSS pixels; default 360. */
  readonly height?: number;
}

export interface TraceEvents {
  /** Values under the cursor; undefined once it has left. */
  readonly onCursor?: (readout: Readout | undefined) => void;
  /** Called when a time (s) was pressed. */
  readonly onPress?: (time: number) => void;
  /** Called when the visible window (s) has changed. */
  readonly onWindow?: (from: number, to: number) => void;
}

export interface MountedTrace {
  /** Shows a window, s. */
  show(from: number, to: number): void;
  destroy(): void;
}

/** Fills `host` with the trace. Throws `RangeError` without leads, samples, or for leads of different lengths. */
export function mountTrace(host: HTMLElement, data: TraceData, events: TraceEvents = {}): MountedTrace {
  const { samplingFrequency, leads, marks = [], spans = [], scheme = 'sg:16ms:4', height = 360 } = data;
  const length = leads[0]?.voltage.length ?? 0;
  if (length === 0 || leads.some(({ voltage }) => voltage.length !== length)) {
    throw new InputError(
      `a trace needs leads of one length, not ${leads.map(l => l.voltage.length).join(', ') || 'none'}`,
    );
  }
  const part = viewIn(host);
  const area = element('div', { class: 'trace' });
  area.style.height = `${height}px`;
  part.append(area);
  const timeline = createTimeline({ startSeconds: 0, endSeconds: length / samplingFrequency }, 10);
  const pyramidOver = (samples: Float64Array): Pyramid => {
    const pyramid = createPyramid(length);
    fillPyramid(pyramid, bucketsOf(samples, 0));
    return pyramid;
  };
  const pyramids = {
    voltage: leads.map(({ voltage }) => pyramidOver(voltage)),
    slope: leads.map(({ voltage }) => pyramidOver(slopeOf(voltage, scheme, samplingFrequency))),
  };
  const blocks = createSampleBlocks(
    length,
    leads.length,
    async (from, to) => leads.map(({ voltage }) => voltage.subarray(from, to)),
    () => trace.update(),
  );
  const signals = createTraceSignals(
    { samplingFrequency, length, leads },
    blocks,
    (kind, lead) => pyramids[kind][lead],
  );
  const labels = labelledSpans(spans);
  const trace = showTrace(area, {
    timeline,
    canZoom: () => true,
    isMeasuring: () => false,
    onReadout: events.onCursor ?? (() => {}),
    onPress: events.onPress ?? (() => {}),
    onCaliper: () => {},
    scene: () => ({
      signals,
      ...timeline.span,
      layout: layoutOf(
        'stack',
        leads.map(({ name }) => name),
        [...leads.keys()],
      ),
      processing: { scheme, filter: 'none' },
      slopeLead: 0,
      pixelsPerMillivolt: undefined,
      pixelsPerSecond: undefined,
      hasCalibration: false,
      spans: labels,
      annotators: [{ name: '', marks }],
      frameFrequency: samplingFrequency,
      beats: undefined,
      errors: undefined,
      noiseAt: () => undefined,
      waves: [],
      selected: undefined,
      chosen: new Set(),
      timeText: timeTextOf(undefined),
      words: {
        loading: word('loading'),
        noSamples: word('noSamples'),
        slope: word('slope'),
        zoomForSlope: word('zoomForSlope'),
      },
    }),
  });
  timeline.follow(({ startSeconds: from, endSeconds: to }) => events.onWindow?.(from, to));
  return {
    show: (from, to) => timeline.show({ startSeconds: from, endSeconds: to }),
    destroy() {
      trace.destroy();
      part.remove();
    },
  };
}
